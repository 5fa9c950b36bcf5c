"""From a pipeline file to a Pipeline, or to every problem that the file has."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from botocore.session import get_session
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from refit.artifacts import state_machine
from refit.errors import InvalidPipeline, Problem
from refit.pipeline import files as pipeline
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.model import Pipeline
from refit.pipeline.problems import section_of
from refit.pipeline.schema.constraints import Constraint
from refit.pipeline.schema.run_duration import least_poll_interval_seconds, longest_run_seconds
from refit.pipeline.schema.window import Window
from tests.support.checkout import MINIMAL, TODAY, load, problem, problems, write


def test_two_fields_are_enough(tmp_path: Path) -> None:
    found = load(tmp_path, MINIMAL)
    assert found.endpoint_name == found.pipeline == "home-prices"
    assert found.state_machine_name == "refit-home-prices"
    assert found.watermark_parameter == "/models/home-prices/train/latest"
    assert found.run_parameter == "/models/home-prices/train/run"
    assert found.hold_parameter == "/models/home-prices/hold"
    assert found.handlers == ("check_data", "notify_slack", "clean_up")
    assert found.hyperparameters == {"feature_dim": "13", "predictor_type": "regressor"}
    assert not found.window.pinned
    assert found.window.sliding_days == 7
    assert found.slack is None


def test_a_null_is_a_field_that_is_not_written(tmp_path: Path) -> None:
    nulls = "region = null\nschedule = null\nwindow = { days = null, timezone = null }\nslack = null\ntags = null\n"
    assert load(tmp_path, MINIMAL + nulls) == load(tmp_path, MINIMAL)


def test_every_problem_is_told_at_its_place(tmp_path: Path) -> None:
    text = """\
pipeline = "Home"
data = { prefix = "/data", feature_dim = "13", a = 1 }
windw = {}
environment = "prod"
window = { days = 0, dayz = 1 }
region = var.region
slack = { channel = "A b" }
training = {
  hyperparameters = { "a b" = "x", epochs = 15, feature_dim = "13" }
  volume_gb       = 1.5
}
tags = { "aws:x" = "1" }
retention = { run_days = 90 }
schedule = "daily"
alarms = { actions = ["no-arn", true] }
force_destroy = "yes"
zzz = null
"""
    data = 'data = { prefix = "data/home-prices/train/", feature_dim = 13 }'
    slack = 'slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }'
    hyperparameters = 'training = { hyperparameters = { epochs = "15" } }'
    alarms = 'alarms = { actions = ["arn:aws:sns:us-west-2:123456789012:ml-alerts"] }'
    assert problems(tmp_path, text) == [
        "1:12: bad-name pipeline must be 2 to 32 lowercase letters, digits and single hyphens, "
        'and start with a letter, got "Home"; write pipeline = "home-prices"',
        "2:19: bad-prefix data.prefix must be a folder of letters, digits and ! _ . ' ( ) = - that ends in /, "
        f'without empty parts, got "/data"; write {data}',
        f'2:42: wrong-type data.feature_dim must be a whole number, got "13"; write {data}',
        "2:48: unknown-field there is no field data.a; the fields here are prefix, feature_dim, stale_after_days",
        "3:1: unknown-field there is no field windw; did you mean window?",
        "4:1: unknown-field there is no field environment; remove it: the folder of the file is the environment",
        "5:19: out-of-range window.days must be between 1 and 365, got 0; write window = { days = 7 }",
        "5:22: unknown-field there is no field window.dayz; did you mean days?",
        "6:10: not-a-literal region is a reference; a pipeline file contains only literal values; "
        "write the value itself",
        '7:21: bad-name slack.channel must be the name of a channel in lowercase letters, or its ID, got "A b"; '
        f"write {slack}",
        "9:23: bad-name training.hyperparameters must hold at most 98 entries, "
        "with names of at most 256 letters, digits and "
        "_ . : / - and values of at most 2500 characters, both in double quotes, "
        f'got the name "a b"; write {hyperparameters}',
        "9:45: wrong-type training.hyperparameters.epochs must be text in double quotes, got 15; "
        f"write {hyperparameters}",
        "9:63: reserved training.hyperparameters must not hold feature_dim, which has a field of its own; "
        "write data = { feature_dim = 13 }",
        "10:21: wrong-type training.volume_gb must be a whole number, got 1.5; write training = { volume_gb = 10 }",
        '12:20: reserved the tag "aws:x" starts with aws:, which is reserved; choose another name',
        "13:13: missing-field retention.model_days is missing; write retention = { run_days = 90, model_days = 365 }",
        '14:12: wrong-type schedule must be an object, { … }, got "daily"; '
        'write schedule = { expression = "rate(1 day)" }',
        '15:23: bad-arn alarms.actions must hold at most five ARNs, for example of SNS topics, got "no-arn"; '
        f"write {alarms}",
        f"15:33: wrong-type alarms.actions[1] must be text in double quotes, got true; write {alarms}",
        '16:17: wrong-type force_destroy must be true or false, got "yes"; write force_destroy = true',
        "17:1: unknown-field there is no field zzz; "
        "the fields here are pipeline, region, schedule, arrival, orchestration, retrain_on, data, window, training, "
        "endpoint, gate, approval, slack, alarms, retention, poll_interval_seconds, bucket, sagemaker_role_arn, "
        "log_retention_days, force_destroy, tags",
    ]


def test_an_empty_file_lacks_two_fields(tmp_path: Path) -> None:
    assert problems(tmp_path, "") == [
        '1:1: missing-field data is missing; write data = { prefix = "data/home-prices/train/", feature_dim = 13 }',
        '1:1: missing-field pipeline is missing; write pipeline = "home-prices"',
    ]


def test_a_pipeline_is_called_like_its_file(tmp_path: Path) -> None:
    assert problems(tmp_path, MINIMAL.replace("home-prices", "churn", 1)) == [
        '1:12: name-mismatch pipeline must be the name of its file, "home-prices", got "churn"; '
        'write pipeline = "home-prices", or rename the file to churn.tfvars'
    ]


def test_a_folder_that_names_no_environment_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidPipeline, match='the folder "Prod 1" is not a valid environment name'):
        pipeline.load(write(tmp_path, environment="Prod 1"))


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    ref = write(tmp_path)
    ref.path.unlink()
    ref.path.symlink_to(tmp_path / "gone")
    with pytest.raises(
        InvalidPipeline, match=r"home-prices.tfvars:1:1: unreadable-file the file cannot be read: No such file"
    ):
        pipeline.load(ref)


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ("days = 366", "19: out-of-range window.days must be between 1 and 365, got 366; write window = { days = 7 }"),
        ("days = true", "19: wrong-type window.days must be a whole number, got true; write window = { days = 7 }"),
        (
            'days = 7, start = "2026-11-01", end = "2026-11-07"',
            "19: window-mixed window.days cannot be combined with start and end; "
            "write window = { days = 7 } or window = { start = …, end = … }",
        ),
        (
            'start = "2026-11-01"',
            '20: window-half window.start needs window.end; add end = "2026-11-01"',
        ),
        (
            'end = "2026-11-01"',
            '18: window-half window.end needs window.start; add start = "2026-11-01"',
        ),
        (
            'start = "2026-11-09", end = "2026-11-01"',
            "20: window-reversed window.start must not be after window.end, got 2026-11-09 and 2026-11-01; "
            'write start = "2026-11-01", end = "2026-11-09"',
        ),
        (
            'start = "2026-11-01", end = "2026-11-23"',
            "40: window-in-future window.end must not be in the future, got 2026-11-23 on 2026-11-22; "
            'write end = "2026-11-22" or earlier',
        ),
        (
            'start = "2024-01-01", end = "2025-01-01"',
            '40: window-too-long window must have at most 366 days, got 367; write end = "2024-12-31" or earlier',
        ),
        (
            'start = "2026-11-01", end = "2026-11-07", lag_days = 1',
            "65: window-mixed window.lag_days cannot be combined with start and end; remove it",
        ),
        (
            "days = 3, holdout_days = 3",
            "37: holdout-too-long window.holdout_days must be below the 3 days of the window, got 3; "
            "write holdout_days = 1",
        ),
        (
            "min_days = 8",
            "23: min-days-too-many window.min_days must be at most the 7 days of the window, got 8; write min_days = 7",
        ),
        (
            "days = 7, holdout_days = 2, min_days = 2",
            "51: min-days-too-few window.min_days must be above holdout_days (2), got 2; "
            "write min_days = 3, or remove it",
        ),
        (
            'timezone = "Europe/Atlantis"',
            "23: unknown-time-zone window.timezone must be a name from the IANA time zone database, "
            'got "Europe/Atlantis"; '
            'write window = { days = 7, timezone = "Europe/Berlin" }',
        ),
        (
            'timezone = "localtime"',
            '23: unknown-time-zone window.timezone must be a name from the IANA time zone database, got "localtime"; '
            'write window = { days = 7, timezone = "Europe/Berlin" }',
        ),
    ],
)
def test_a_window_that_makes_no_sense_is_refused(tmp_path: Path, window: str, expected: str) -> None:
    assert problem(tmp_path, f"window = {{ {window} }}\n") == expected


@pytest.mark.parametrize(
    "day", ["2026-02-30", "2026-2-3", "20261101", "2026-11-01T00:00:00", "01.11.2026", "today", ""]
)
def test_a_date_is_a_real_one_and_written_in_full(tmp_path: Path, day: str) -> None:
    found = problem(tmp_path, f'window = {{ start = "2026-11-01", end = "{day}" }}\n')
    assert f'window.end must be a real date as YYYY-MM-DD, got "{day}"' in found


@pytest.mark.parametrize(
    ("window", "start", "end"),
    [
        ('start = "2024-02-29", end = "2024-02-29"', date(2024, 2, 29), date(2024, 2, 29)),
        ('start = "2024-01-01", end = "2024-12-31"', date(2024, 1, 1), date(2024, 12, 31)),
        ('start = "2026-11-22", end = "2026-11-22"', TODAY, TODAY),
    ],
)
def test_a_pinned_window_may_be_a_day_a_leap_year_or_today(tmp_path: Path, window: str, start: date, end: date) -> None:
    found = load(tmp_path, f"{MINIMAL}window = {{ {window} }}\n").window
    assert (found.pinned, found.start, found.end) == (True, start, end)


def test_without_a_day_that_is_today_the_future_is_allowed(tmp_path: Path) -> None:
    ref = write(tmp_path, f'{MINIMAL}window = {{ start = "2999-01-01", end = "2999-01-02" }}\n')
    assert pipeline.load(ref).window.pinned


def test_min_days_that_is_not_written_follows_the_holdout(tmp_path: Path) -> None:
    assert load(tmp_path, f"{MINIMAL}window = {{ holdout_days = 2 }}\n").window == Window(holdout_days=2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('region = "Oregon"', 'region must be the code of an AWS region, got "Oregon"'),
        ('data2 = { prefix = "runs/x/" }', "there is no field data2; did you mean data?"),
        (
            'endpoint = { name = "a--" }',
            'endpoint.name must be 1 to 63 letters and digits, with hyphens only between them, got "a--"',
        ),
        ('endpoint = { instance_type = "m5.large" }', "endpoint.instance_type must be a SageMaker instance type"),
        ("endpoint = { timeout_minutes = 1441 }", "endpoint.timeout_minutes must be between 1 and 1440"),
        ('training = { image = "my-model:1" }', "training.image must be an image in Amazon ECR, with a tag or digest"),
        (
            'training = { predictor_type = "classifier" }',
            'must be "regressor", "binary_classifier" or "multiclass_classifier", got "classifier"',
        ),
        ("training = { max_runtime_minutes = 40321 }", "must be between 1 and 40320, which is 28 days, got 40321"),
        ('training = { hyperparameters = { "a.$" = "$.b" } }', 'got the name "a.$"'),
        ('bucket = "my.bucket"', "bucket must be a name that S3 accepts"),
        ('bucket = "xn--bucket"', "bucket must be a name that S3 accepts"),
        ('bucket = "bucket-s3alias"', "bucket must be a name that S3 accepts"),
        ('sagemaker_role_arn = "arn:aws:iam::1234:role/x"', "sagemaker_role_arn must be the ARN of an IAM role"),
        ("log_retention_days = 2", "log_retention_days must be one of 1, 3, 5, 7, 14, 30"),
        ("poll_interval_seconds = 0", "poll_interval_seconds must be between 1 and 3600, got 0"),
        ('slack = { channel = "x" }', "slack must have exactly one of token_parameter and token_secret"),
        (
            'slack = { channel = "x", token_parameter = "/a", token_secret = "b" }',
            "slack must have exactly one of token_parameter and token_secret",
        ),
        ('slack = { channel = "x", token_parameter = "/aws/a" }', "slack.token_parameter must be the full name"),
        ('slack = { channel = "x", token_parameter = "a" }', "slack.token_parameter must be the full name"),
        ('tags = { team = "a|b" }', "tags must hold at most 40 tags"),
        ('tags = { "refit:run" = "x" }', 'the tag "refit:run" starts with refit:, which is reserved'),
        ('tags = { Team = "a", team = "b" }', 'the tags "Team" and "team" differ only in case; keep one of them'),
        ("tags = { team = null }", "tags.team must be text in double quotes, got null"),
        ("tags = {\n" + "".join(f't{n} = "x"\n' for n in range(41)) + "}", "tags must hold at most 40 tags"),
        (
            "training = { hyperparameters = {\n" + "".join(f'h{n} = "x"\n' for n in range(99)) + "} }",
            "training.hyperparameters must hold at most 98 entries",
        ),
        (f'training = {{ hyperparameters = {{ a = "{"x" * 2501}" }} }}', "values of at most 2500 characters"),
    ],
)
def test_what_aws_will_not_take_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problem(tmp_path, f"{text}\n")


@pytest.mark.parametrize(
    "prefix", ["", "/", "data", "/data/", "data//x/", "data/../x/", "data/*/", "data/${x}/", "dätä/"]
)
def test_a_data_prefix_is_a_plain_folder(tmp_path: Path, prefix: str) -> None:
    text = MINIMAL.replace("data/home-prices/train/", prefix.replace("${", "$${"))
    (found,) = problems(tmp_path, text)
    assert found.startswith("2:19: bad-prefix data.prefix must be a folder")


@pytest.mark.parametrize("prefix", ["runs/", "models/home-prices/"])
def test_data_does_not_lie_where_refit_writes(tmp_path: Path, prefix: str) -> None:
    (found,) = problems(tmp_path, MINIMAL.replace("data/home-prices/train/", prefix))
    assert found == (
        f'2:19: reserved data.prefix must not be in runs/ or models/, which Refit writes, got "{prefix}"; '
        f'write prefix = "data/{prefix}"'
    )


def limits(max_runtime_minutes: int, timeout_minutes: int, approval_minutes: int = 0) -> str:
    """The limits of a polling run, on four lines; the last is empty without an approval."""
    approval = f"approval = {{ timeout_minutes = {approval_minutes} }}" if approval_minutes else ""
    return (
        'orchestration = "polling"\n'
        f"training = {{ max_runtime_minutes = {max_runtime_minutes} }}\n"
        f"endpoint = {{ timeout_minutes = {timeout_minutes} }}\n"
        f"{approval}\n"
    )


@pytest.mark.parametrize(
    ("longest", "minutes", "least"),
    [
        ((60, 60), 305, 8),
        ((10, 2), 81, 2),
        ((40_320, 1_440), 42_065, 1_010),
        ((60, 60, 10_080), 305, 8),  # while a person is asked, nobody polls
    ],
)
def test_polls_that_would_use_up_the_history_of_a_run_are_refused(
    tmp_path: Path, longest: tuple[int, ...], minutes: int, least: int
) -> None:
    text = MINIMAL + limits(*longest)
    assert problems(tmp_path, f"{text}poll_interval_seconds = {least - 1}\n") == [
        f"7:25: polls-too-often poll_interval_seconds must be at least {least} for {minutes} minutes of polling, "
        f"got {least - 1}; write poll_interval_seconds = {least}"
    ]
    assert load(tmp_path, f"{text}poll_interval_seconds = {least}\n").poll_interval_seconds == least


@pytest.mark.parametrize("longest", [(60, 60), (1, 1), (500, 119), (9, 121), (1, 1_440), (60, 60, 1), (60, 60, 10_080)])
@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_the_longest_run_is_the_one_that_the_state_machine_allows(
    tmp_path: Path, longest: tuple[int, ...], orchestration: str
) -> None:
    found = load(tmp_path, MINIMAL + limits(*longest).replace("polling", orchestration))
    definition = json.loads(state_machine.render(found))
    assert definition["TimeoutSeconds"] == longest_run_seconds(*longest)


def test_the_polls_of_the_longest_run_leave_room_in_its_history(tmp_path: Path) -> None:
    events_of_a_poll = 9  # the Wait's two, the Task's five, the Choice's two
    events_of_busy_endpoints = 2 * 735  # tests/asl/test_definition.py counts them
    for found in (load(tmp_path, MINIMAL + limits(60, timeout)) for timeout in (1, 60, 1_440)):
        longest = longest_run_seconds(found.training.max_runtime_minutes, found.endpoint.timeout_minutes)
        polls = longest / least_poll_interval_seconds(longest)
        assert polls * events_of_a_poll + events_of_busy_endpoints < 25_000 - 1_000


@pytest.mark.parametrize(
    ("longest", "minutes", "least"),
    [
        ((60, 60), 305, 2),
        ((1_440, 60), 1_685, 3),
        ((40_320, 1_440), 42_065, 31),
        ((60, 60, 10_080), 10_385, 9),
    ],
)
def test_files_that_a_run_may_still_use_are_not_deleted(
    tmp_path: Path, longest: tuple[int, ...], minutes: int, least: int
) -> None:
    text = f"{MINIMAL}{limits(*longest)}poll_interval_seconds = 3600\n"
    assert problems(tmp_path, f"{text}retention = {{ model_days = 365, run_days = {least - 1} }}\n") == [
        f"8:44: out-of-range retention.run_days must be at least {least} for runs of up to {minutes} minutes, "
        f"got {least - 1}; write run_days = {least}"
    ]
    retention = load(tmp_path, f"{text}retention = {{ model_days = 365, run_days = {least} }}\n").retention
    assert retention is not None
    assert retention.run_days == least


def test_who_does_not_poll_needs_no_interval(tmp_path: Path) -> None:
    assert load(tmp_path, f"{MINIMAL}poll_interval_seconds = 1\n").orchestration == "direct"


def test_the_embedded_cloud_may_be_polled_every_second(tmp_path: Path) -> None:
    ref = write(tmp_path, f"{MINIMAL}{limits(60, 60)}poll_interval_seconds = 1\n", environment="local")
    assert pipeline.load(ref).poll_interval_seconds == 1


@pytest.mark.parametrize("shape", ["TrainingInstanceType", "ProductionVariantInstanceType"])
def test_every_instance_type_of_sagemaker_is_accepted(shape: str) -> None:
    known = get_session().get_service_model("sagemaker").shape_for(shape).enum
    assert len(known) > 200
    for instance_type in known:
        Pipeline.model_validate(
            {
                "pipeline": "home-prices",
                "data": {"prefix": "data/", "feature_dim": 1},
                "training": {"instance_type": instance_type},
                "endpoint": {"instance_type": instance_type},
            }
        )


def fields_of(model: type[BaseModel], *path: str) -> Iterator[tuple[tuple[str, ...], Constraint]]:
    for name, field in model.model_fields.items():
        (must,) = [word for word in field.metadata if isinstance(word, Constraint)]
        yield (*path, name), must
        if inner := section_of(field):
            yield from fields_of(inner, *path, name)


FIELDS = [pytest.param(path, must, id=".".join(path)) for path, must in fields_of(Pipeline)]


@pytest.mark.parametrize(("path", "must"), FIELDS)
def test_what_a_hint_says_to_write_is_valid_and_about_its_field(
    tmp_path: Path, path: tuple[str, ...], must: Constraint
) -> None:
    trail = list(hcl.parse(must.write.encode(), "hint").root.follow(path))
    assert len(trail) == len(path) + 1
    held_out = f"{MINIMAL}window = {{ days = 7, holdout_days = 1 }}"  # what a gate of the validation channel needs
    kept = [line for line in held_out.splitlines() if line.split()[0] != must.write.split()[0]]
    assert load(tmp_path, "\n".join([*kept, must.write]))


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_file_with_words_exchanged_is_valid_or_has_problems(
    tmp_path_factory: pytest.TempPathFactory, randomness: random.Random, edits: int
) -> None:
    text = (Path(__file__).parents[3] / "terraform" / "pipelines" / "local" / "home-prices.tfvars").read_text()
    words = [
        *text.split(),
        "0",
        "-1",
        "1e9",
        "null",
        "true",
        '"${x}"',
        '"\\u0000"',
        "[]",
        "{}",
        '{ "a.$" = "$.b" }',
        "\n",
    ]
    parts = text.split(" ")
    for _ in range(edits):
        parts[randomness.randrange(len(parts))] = randomness.choice(words)
    ref = write(tmp_path_factory.mktemp("mangled"), " ".join(parts))
    found: tuple[Problem, ...] = ()
    try:
        assert pipeline.load(ref, TODAY).pipeline == "home-prices"
    except InvalidPipeline as error:
        found = error.problems
        assert found
    for one in found:
        assert one.file == ref.display_path
        assert 1 <= one.line <= text.count("\n") + edits + 2
        assert (one.message + one.hint).isprintable()
