"""`refit backfill`: windows of the past, trained in order and each once, and nothing deployed that nobody asked for."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner

from refit.aws import executions, hold
from refit.aws.stack import Stack as DeployedPipeline
from refit.commands import app
from refit.costs.prices import Prices
from refit.domain.run_document import Hold
from refit.errors import RefitError
from refit.live import differences
from refit.report.backfill import lines, page
from refit.runs.backfill import training_digest, windows
from refit.runs.backfill.results import BackfillResult, metrics
from refit.runs.backfill.train import plan, train
from refit.runs.backfill.windows import Backfill, BackfillRequest, WindowState
from refit.runs.record import Record
from tests.support.checkout import MINIMAL, load
from tests.support.embedded_cloud.customer import BUCKET, Customer
from tests.support.small_stack import SmallStack

CHEAP = {"us-west-2": Prices({"ml.m5.xlarge": 0.36}, {}, 0.0, 0.0, 0.0)}
END = "$states.input.detail.window.end"
NAME = "$states.context.Execution.Name"
RUNS = "'runs/' & $split($states.context.StateMachine.Name, 'refit-')[1] & '/'"
RECORD = (
    "{% {'outcome': 'NewData', 'objects': 2, 'bytes': 8,"
    " 'days': {'train': ['2026-11-01'], 'validation': ['2026-11-02']},"
    " 'status': {'metrics': {'train:mse': 1.5,"
    " 'validation:mse': $number($substring($states.input.detail.window.end, 8))}, 'billable_seconds': 50},"
    " 'end': {'state': $states.input.detail.train_only = true ? 'Trained' : 'Deployed', 'reason': '',"
    " 'started_at': $states.context.Execution.StartTime, 'at': $states.context.State.EnteredTime}} %}"
)
# What a run does of a backfill: the third of November fails at first, the fourth takes time, one run at a time.
TRAINS: dict[str, Any] = {
    "CheckData": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:listExecutions",
        "Arguments": {"StateMachineArn": "{% $states.context.StateMachine.Id %}", "StatusFilter": "RUNNING"},
        "Output": "{% $merge([$states.input, {'running': $count($states.result.Executions)}]) %}",
        "Next": "CheckDataBranch",
    },
    "CheckDataBranch": {
        "Type": "Choice",
        "Choices": [
            {"Condition": f"{{% {NAME} = 'daily' %}}", "Next": "Daily"},
            {"Condition": "{% $states.input.running > 1 %}", "Next": "AlreadyRunning"},
            {"Condition": f"{{% {END} = '2026-11-03' and $not($contains({NAME}, /-2$/)) %}}", "Next": "JobFailed"},
            {"Condition": f"{{% {END} = '2026-11-04' %}}", "Next": "Train"},
        ],
        "Default": "WriteRecord",
    },
    "Daily": {"Type": "Wait", "Seconds": 2, "Next": "NoNewData"},
    "Train": {"Type": "Wait", "Seconds": 3, "Next": "WriteRecord"},
    "WriteRecord": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
        "Arguments": {"Bucket": BUCKET, "Key": f"{{% {RUNS} & {NAME} & '/record.json' %}}", "Body": RECORD},
        "Output": "{% $states.input %}",
        "Next": "OutcomeBranch",
    },
    "OutcomeBranch": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input.detail.train_only = true %}", "Next": "Trained"}],
        "Default": "Deployed",
    },
    "Trained": {"Type": "Succeed"},
    "Deployed": {"Type": "Succeed"},
    "NoNewData": {"Type": "Succeed"},
    "AlreadyRunning": {"Type": "Succeed"},
    "JobFailed": {"Type": "Fail", "Error": "JobFailed", "Cause": "AlgorithmError: row 3 has 12 columns"},
}
ARN = "arn:aws:states:us-west-2:123456789012:stateMachine:refit-prices"
NAMES = DeployedPipeline("homes", "data/", "prices", ARN, "watermark", "run", "hold")
TWO_DAYS = "window = { days = 2, holdout_days = 1, min_days = 2 }\n"


def november(day: int) -> date:
    return date(2026, 11, day)


def asked(first: int, last: int, step: int = 1, **more: bool) -> BackfillRequest:
    return BackfillRequest(november(first), november(last), step, **more)


class Stack(SmallStack):
    """A pipeline of two-day windows with the days of data that a test asks for, and its backfills."""

    def __init__(self, customer: Customer, folder: Path, states: dict[str, Any], more: str) -> None:
        super().__init__(customer, customer.name("prices"), folder, states, more)
        self.said: list[str] = []

    def land(self, *days: int, rows: str = "1,2\n") -> None:
        for day in days:
            self.customer.put(rows, f"data/{self.name}/{november(day)}.csv")

    def plan(self, asked: BackfillRequest) -> Backfill:
        return plan(self.ref, asked, CHEAP)

    def backfill(self, first: int, last: int, step: int = 1, **more: bool) -> BackfillResult:
        return self.train(self.plan(asked(first, last, step, **more)))

    def train(self, planned: Backfill) -> BackfillResult:
        return train(self.ref, planned, CHEAP, say=self.said.append, poll_seconds=0.1)

    def input(self, run: str) -> Any:
        arn = executions.arn_of(self.machine, run)
        return json.loads(self.aws.stepfunctions.describe_execution(executionArn=arn)["input"])

    def forget(self) -> None:
        """As Step Functions does it after 90 days: with a new state machine of the same name."""
        described = self.aws.stepfunctions.describe_state_machine(stateMachineArn=self.machine)
        self.aws.stepfunctions.delete_state_machine(stateMachineArn=self.machine)
        self.aws.stepfunctions.create_state_machine(
            name=described["name"], definition=described["definition"], roleArn=described["roleArn"]
        )


@pytest.fixture
def stack(customer: Customer, tmp_path: Path, exported: None) -> Stack:
    return Stack(customer, tmp_path, TRAINS, TWO_DAYS)


def states(done: BackfillResult) -> list[tuple[str, str]]:
    return [(result.how, result.state) for result in done.results]


def shown(done: BackfillResult, width: int = 80) -> str:
    output = io.StringIO()
    Console(file=output, width=width).print(page(done))
    return output.getvalue()


def test_windows_end_on_the_days_that_are_asked_for(tmp_path: Path) -> None:
    found = windows.windows(load(tmp_path, MINIMAL), asked(8, 22, 7))
    assert [str(window) for window in found] == [
        "2026-11-02 to 2026-11-08",
        "2026-11-09 to 2026-11-15",
        "2026-11-16 to 2026-11-22",
    ]


def test_the_last_window_ends_before_the_bound_when_no_step_meets_it(tmp_path: Path) -> None:
    assert [window.last for window in windows.windows(load(tmp_path, MINIMAL), asked(8, 21, 7))] == [
        november(8),
        november(15),
    ]


@pytest.mark.parametrize(
    ("more", "wanted", "message", "hint"),
    [
        ('window = { start = "2026-11-01", end = "2026-11-03" }', asked(1, 2), "does not slide", "{ days = 3 }"),
        ("", asked(2, 1), "--from 2026-11-02 comes after", "write --from 2026-11-01 --to 2026-11-02"),
        ("", BackfillRequest(date(2025, 1, 1), date(2026, 1, 2)), "367 windows are more than 366", "write --step 2"),
        ("", BackfillRequest(date(1, 1, 2), date(1, 1, 3)), "not in the calendar", "correct it"),
    ],
)
def test_what_cannot_be_asked_for_is_answered_with_what_can(
    tmp_path: Path, more: str, wanted: BackfillRequest, message: str, hint: str
) -> None:
    with pytest.raises(RefitError, match=message) as refused:
        windows.windows(load(tmp_path, MINIMAL + more), wanted)
    assert hint in str(refused.value.hint)


def test_the_most_windows_are_not_too_many(tmp_path: Path) -> None:
    year = BackfillRequest(date(2025, 1, 1), date(2026, 1, 1))
    assert len(windows.windows(load(tmp_path, MINIMAL), year)) == 366


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ('orchestration = "polling"', True),
        ("endpoint = { instance_count = 2 }", True),
        ("window = { days = 7 }", True),
        ('training = { instance_type = "ml.m5.xlarge" }', True),
        ('training = { hyperparameters = { epochs = "3" } }', False),
        ("window = { days = 7, holdout_days = 1, min_days = 2 }", False),
        ("window = { days = 7, min_days = 2 }", False),
    ],
)
def test_a_run_is_named_after_what_makes_its_model_alone(tmp_path: Path, written: str, same: bool) -> None:
    plain, other = load(tmp_path, MINIMAL), load(tmp_path, MINIMAL + written)
    assert (training_digest.digest(plain, "{}") == training_digest.digest(other, "{}")) is same


def test_other_code_is_another_model(tmp_path: Path) -> None:
    pipeline = load(tmp_path, MINIMAL)
    digests = {training_digest.digest(pipeline, f"s3://homes/code/{digit * 64}/source.tar.gz") for digit in "ab"}
    assert len(digests | {training_digest.digest(pipeline, "{}")}) == 3


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_only_what_makes_the_model_must_be_applied(tmp_path: Path, orchestration: str) -> None:
    text = f'{MINIMAL}orchestration = "{orchestration}"\n'
    applied = differences.definition(load(tmp_path, text), NAMES)
    assert (
        list(training_digest.unapplied(load(tmp_path, text + "endpoint = { instance_count = 2 }"), NAMES, applied))
        == []
    )
    for changed in ('training = { hyperparameters = { epochs = "3" } }', "window = { days = 8 }"):
        assert list(training_digest.unapplied(load(tmp_path, text + changed), NAMES, applied))


def test_the_code_is_told_by_the_name_and_not_by_the_file(tmp_path: Path) -> None:
    image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/scikit-learn:1"
    own = load(tmp_path, f'{MINIMAL}training = {{ image = "{image}", source = "examples/trees" }}')
    uri = f"s3://homes/code/{'a' * 64}/source.tar.gz"
    live = differences.definition(own, NAMES).replace("${source_uri}", uri)
    assert uri in live
    assert list(training_digest.unapplied(own, NAMES, live)) == []
    without = load(tmp_path, f'{MINIMAL}training = {{ image = "{image}" }}')
    assert list(training_digest.unapplied(without, NAMES, live))


def test_every_window_is_trained_in_order_by_an_event_of_its_own_day(stack: Stack) -> None:
    stack.land(1, 2, 3, 4, 5, 6)
    done = stack.backfill(2, 6, 2)
    assert states(done) == [("started", "Trained")] * 3
    assert done.error is None
    names = [result.record.run for result in done.results if result.record]
    assert [name[:26] for name in names] == [
        "backfill-20261101-20261102",
        "backfill-20261103-20261104",
        "backfill-20261105-20261106",
    ]
    assert stack.input(names[0]) == {
        "source": "refit.backfill",
        "time": "2026-11-02T12:00:00Z",
        "detail": {"window": {"start": "2026-11-01", "end": "2026-11-02"}, "train_only": True},
    }
    starts = [result.record.started_at for result in done.results if result.record]
    assert starts[2] - starts[1] > timedelta(seconds=3)  # the second takes that long


def test_the_same_command_again_starts_nothing(stack: Stack) -> None:
    stack.land(1, 2)
    first = stack.backfill(2, 2)
    again = stack.backfill(2, 2)
    assert states(again) == [("ran before", "Trained")]
    assert again.results[0].record == first.results[0].record
    assert len(stack.runs()) == 1


def test_what_step_functions_has_forgotten_is_known_from_the_record(stack: Stack) -> None:
    stack.land(1, 2)
    stack.backfill(2, 2)
    stack.forget()
    assert stack.runs() == []
    assert states(stack.backfill(2, 2)) == [("ran before", "Trained")]
    assert stack.runs() == []


def test_other_settings_train_the_same_window_again(stack: Stack) -> None:
    stack.land(1, 2)
    stack.backfill(2, 2)
    text = stack.ref.path.read_text()
    stack.ref.path.write_text(text + 'training = { hyperparameters = { epochs = "3" } }\n')
    assert states(stack.backfill(2, 2)) == [("started", "Trained")]


def test_a_failure_is_told_and_the_rest_goes_on(stack: Stack) -> None:
    stack.land(1, 2, 3, 4)
    done = stack.backfill(2, 4)
    assert states(done) == [("started", "Trained"), ("started", "JobFailed"), ("started", "Trained")]
    assert str(done.error) == "1 of 3 windows failed"
    assert "2026-11-02 to 2026-11-03 JobFailed: AlgorithmError: row 3 has 12 columns" in shown(done)


def test_a_failed_window_is_begun_anew_when_a_person_says_so_and_a_good_one_is_not(stack: Stack) -> None:
    stack.land(1, 2, 3)
    stack.backfill(2, 3)
    assert states(stack.backfill(2, 3)) == [("ran before", "Trained"), ("ran before", "JobFailed")]
    assert len(stack.runs()) == 2
    done = stack.backfill(2, 3, again=True)
    assert states(done) == [("ran before", "Trained"), ("started", "Trained")]
    assert stack.runs()[-1].endswith("-2")
    assert states(stack.backfill(2, 3, again=True)) == [("ran before", "Trained")] * 2
    assert len(stack.runs()) == 3


def test_a_window_without_enough_data_is_shown_and_never_started(stack: Stack) -> None:
    stack.land(1, 2)
    planned = stack.plan(asked(2, 4))
    assert [one.todo for one in planned.windows] == [WindowState.TRAIN, WindowState.NO_DATA, WindowState.NO_DATA]
    assert planned.without_data == (november(3), november(4))
    done = stack.backfill(2, 4)
    assert states(done) == [("started", "Trained"), ("not started", "NoNewData"), ("not started", "NoNewData")]
    assert done.error is None
    assert stack.said[-2:] == [
        "2026-11-03  not started · NoNewData · 1 of 2 days have data",
        "2026-11-04  not started · NoNewData · 0 of 2 days have data",
    ]
    stack.land(3, 4)
    assert states(stack.backfill(4, 4)) == [("started", "Trained")]


def test_data_that_has_changed_since_is_said_and_trained_again_when_a_person_says_so(stack: Stack) -> None:
    stack.land(1, 2)
    stack.backfill(2, 2)
    stack.land(2, rows="1,2\n3,4\n")
    done = stack.backfill(2, 2)
    assert states(done) == [("ran before", "Trained")]
    assert "its data has changed since it was trained" in " ".join(shown(done).split())
    assert "the data of 1 has changed since; --again trains them again" in lines(stack.plan(asked(2, 2)))
    assert states(stack.backfill(2, 2, again=True)) == [("started", "Trained")]


def test_a_window_that_is_being_trained_is_joined(stack: Stack) -> None:
    stack.land(3, 4)
    planned = stack.plan(asked(4, 4))
    stack.start(planned.windows[0].run.name, dict(planned.windows[0].run.event))
    planned = stack.plan(asked(4, 4))
    assert planned.windows[0].todo is WindowState.FOLLOW
    assert states(stack.train(planned)) == [("was running", "Trained")]
    assert len(stack.runs()) == 1


def test_another_run_at_work_is_waited_for(stack: Stack) -> None:
    stack.land(1, 2)
    stack.start("daily")
    done = stack.backfill(2, 2)
    assert states(done) == [("started", "Trained")]
    assert [name[-2:] for name in stack.runs() if name.startswith("backfill-")][-1] == "-2"
    assert states(stack.backfill(2, 2)) == [("ran before", "Trained")]


def test_who_stops_waiting_is_told_how_to_go_on_and_the_run_goes_on(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.land(3, 4)

    def interrupt(*_: object, **__: object) -> Iterator[executions.Step]:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(executions, "follow", interrupt)
        with pytest.raises(KeyboardInterrupt):
            stack.backfill(4, 4)
    told = "nobody waits any more; the run goes on, and the same command goes on from here"
    assert stack.said[-1] == f"2026-11-04  {told}"
    assert stack.backfill(4, 4).results[0].state == "Trained"
    assert len(stack.runs()) == 1


def test_the_last_window_alone_is_deployed_and_only_when_asked(stack: Stack) -> None:
    stack.land(1, 2, 3, 4, 5, 6)
    stack.backfill(6, 6)
    done = stack.backfill(2, 6, 4, deploy_last=True)
    assert states(done) == [("started", "Trained"), ("started", "Deployed")]
    last = done.results[-1].record
    assert last is not None
    assert stack.input(last.run)["detail"] == {"window": {"start": "2026-11-05", "end": "2026-11-06"}, "force": True}
    assert states(stack.backfill(2, 6, 4, deploy_last=True)) == [("ran before", "Trained"), ("ran before", "Deployed")]


def test_while_somebody_holds_the_pipeline_it_trains_and_does_not_deploy(stack: Stack) -> None:
    stack.land(1, 2)
    hold.place(stack.aws, stack.hold_parameter, Hold(by="ann", since="2026-11-01T06:00:00Z", reason="flats are off"))
    with pytest.raises(RefitError, match="held by ann since 2026-11-01T06:00:00Z: flats are off"):
        stack.plan(asked(2, 2, deploy_last=True))
    assert states(stack.backfill(2, 2)) == [("started", "Trained")]


def test_a_stack_that_would_deploy_what_it_trains_is_refused(customer: Customer, tmp_path: Path, stack: Stack) -> None:
    old = Stack(customer, tmp_path, {"Deployed": {"Type": "Succeed"}}, TWO_DAYS)
    old.land(1, 2)
    with pytest.raises(RefitError, match="would deploy what it trains") as refused:
        old.plan(asked(2, 2))
    assert refused.value.hint == f"run: refit terraform apply {old.ref.key}"


def test_a_stack_that_trains_otherwise_than_its_file_says_is_refused(
    customer: Customer, tmp_path: Path, stack: Stack
) -> None:
    settings = {"prefix": "data/old/", "image": None}
    other = {**TRAINS, "CheckData": {**TRAINS["CheckData"], "Parameters": {"settings": settings}}}
    changed = Stack(customer, tmp_path, other, TWO_DAYS)
    with pytest.raises(RefitError, match=r"as its file says: CheckData\.settings\.prefix differs"):
        changed.plan(asked(2, 2))


def test_the_plan_tells_what_it_will_do_and_cost(stack: Stack) -> None:
    stack.land(1, 2, 4)
    stack.backfill(2, 2)
    planned = stack.plan(asked(2, 4))
    assert list(lines(planned)) == [
        f"{stack.ref.key}: 3 windows: the first 2026-11-01 to 2026-11-02, the last 2026-11-03 to 2026-11-04",
        "1 done before, 2 without enough data",
        "a run needs 2 days with data; a window with fewer is not started",
        "days without data: 2026-11-03",
    ]
    stack.land(3)
    *_, cost = lines(stack.plan(asked(2, 4)))
    assert cost == "cost: about $0.06 with 5 minutes for a training, at most $0.72"
    unknown = plan(stack.ref, asked(2, 4), {})
    assert list(lines(unknown))[-1] == "cost: unknown: the prices of us-west-2"
    assert json.loads(json.dumps(unknown.document()))["cost"]["about"] is None


def test_one_table_compares_all_windows(stack: Stack) -> None:
    stack.land(1, 2, 3)
    done = stack.backfill(2, 4)
    assert [line.rstrip() for line in shown(done).splitlines()] == [
        "                          days  validation:  train:",
        "window                    of 2          mse     mse  ended      billed     cost",
        "2026-11-01 to 2026-11-02     2            2     1.5  Trained      50 s  $0.0050",
        "2026-11-02 to 2026-11-03     2            –       –  JobFailed       –        –",
        "2026-11-03 to 2026-11-04     1            –       –  NoNewData       –        –",
        "2026-11-02 to 2026-11-03 JobFailed: AlgorithmError: row 3 has 12 columns",
    ]


def test_a_machine_reads_the_same(stack: Stack) -> None:
    stack.land(1, 2)
    document = json.loads(json.dumps(stack.backfill(2, 3).document()))
    assert (document["pipeline"], document["metrics"], document["failed"]) == (
        stack.ref.key,
        ["validation:mse", "train:mse"],
        False,
    )
    trained, empty = document["windows"]
    assert (trained["window"], trained["state"]) == ({"start": "2026-11-01", "end": "2026-11-02"}, "Trained")
    assert (trained["metrics"], trained["billable_seconds"], trained["cost"]) == (
        {"train:mse": 1.5, "validation:mse": 2},
        50,
        0.005,
    )
    assert (empty["run"], empty["state"], empty["days_with_data"]) == (None, "NoNewData", 1)


def test_the_gates_metric_is_compared_first_and_a_few_telling_ones_beside_it(tmp_path: Path) -> None:
    gated = load(tmp_path, f'{MINIMAL}{TWO_DAYS}gate = {{ metric = "validation:mae", max = 3 }}')
    values = dict.fromkeys(("train:mse", "validation:mse", "validation:mae", "train:throughput"), 1.0)
    run = Record("r", "", "Trained", "", datetime(2026, 11, 1, tzinfo=UTC), metrics=values)
    assert metrics(gated, [run]) == ("validation:mae", "validation:mse", "train:mse")
    assert metrics(load(tmp_path, MINIMAL), []) == ()


def test_the_plan_alone_goes_to_standard_output_and_starts_nothing(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack.land(1, 2)
    told = command(stack, monkeypatch, "--from", "2026-11-02", "--to", "2026-11-02", "--plan")
    assert told.stdout.splitlines()[1] == "1 to train"
    assert (told.exit_code, stack.runs()) == (0, [])
    told = command(stack, monkeypatch, "--from", "2026-11-02", "--to", "2026-11-02", "--plan", "--json")
    assert json.loads(told.stdout)["windows"][0]["todo"] == "to train"


def test_the_command_shows_the_table_and_ends_with_what_failed(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    stack.land(1, 2, 3)
    stack.backfill(2, 3)
    told = command(stack, monkeypatch, "--from", "2026-11-02", "--to", "2026-11-03")
    assert [line.split()[4:5] for line in told.stdout.splitlines()[2:4]] == [["2"], ["–"]]
    assert "2026-11-03  ran before · JobFailed · AlgorithmError: row 3 has 12 columns" in told.stderr
    assert str(told.exception) == "1 of 2 windows failed"


def command(stack: Stack, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> Any:
    """What `refit backfill` of the pipeline prints and ends with, in its checkout."""
    root = stack.ref.project.root
    (root / "asl").mkdir(exist_ok=True)
    (root / "terraform" / "main.tf").touch()
    monkeypatch.chdir(root)
    return CliRunner().invoke(app, ["backfill", stack.ref.key, *arguments])


@pytest.mark.parametrize(
    ("ended", "enough", "changed", "again", "todo"),
    [
        (None, True, False, False, WindowState.TRAIN),
        (None, False, False, False, WindowState.NO_DATA),
        ("Running", False, False, True, WindowState.FOLLOW),
        ("Trained", True, True, False, WindowState.DONE),
        ("Trained", True, True, True, WindowState.TRAIN),
        ("Trained", False, True, True, WindowState.DONE),
        ("Deployed", True, False, True, WindowState.DONE),
        ("AlreadyRunning", True, False, False, WindowState.TRAIN),
        ("NoNewData", True, False, False, WindowState.TRAIN),
        ("NoNewData", False, False, False, WindowState.NO_DATA),
        ("Held", True, False, False, WindowState.FAILED),
        ("Held", True, False, True, WindowState.TRAIN),
        ("Aborted", True, False, False, WindowState.FAILED),
        ("JobFailed", False, False, True, WindowState.NO_DATA),
        ("Unreadable", True, False, False, WindowState.FAILED),
    ],
)
def test_what_is_to_do_follows_from_what_was_done(
    ended: str | None, enough: bool, changed: bool, again: bool, todo: WindowState
) -> None:
    record = Record("r", "", ended, "", datetime(2026, 11, 1, tzinfo=UTC)) if ended else None
    assert windows.todo(record, enough=enough, changed=changed, again=again) is todo


def test_a_run_that_trained_tells_more_than_a_later_one_that_found_it_at_work() -> None:
    trained = Record("r", "", "Trained", "", datetime(2026, 11, 1, tzinfo=UTC))
    idle = replace(trained, ended="AlreadyRunning", started_at=datetime(2026, 11, 2, tzinfo=UTC))
    assert windows.newest([trained, idle]) is trained
    assert windows.newest([idle]) is idle
