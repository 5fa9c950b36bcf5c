"""The state machine that a pipeline file becomes."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, nodes
from statelint.linter import Linter

from refit.artifacts import state_machine
from refit.artifacts.definition_checks import PLACEHOLDERS, check
from refit.artifacts.graph import edges
from refit.domain import errors, outcomes
from refit.domain.errors import StateError
from refit.pipeline.model import Pipeline

ROOT = Path(__file__).parents[2]
TASKS = ("CheckData", "StartTrainingJob", "GetStatus", "DeployModel", "UpdateParameters", "NotifySlack")
FAILING = TASKS[:-1]
WAITING = ("CheckData", "DeployModel")


def pipeline(**fields: Any) -> Pipeline:
    least = {"pipeline": "prices", "data": {"prefix": "data/", "feature_dim": 13}, "orchestration": "polling"}
    return Pipeline.model_validate(least | fields)


GATE = {"metric": "validation:mse", "max": 60, "max_regression": 0.1, "advance_on_reject": True}
OWN = {
    "image": "1" * 12 + ".dkr.ecr.us-west-2.amazonaws.com/m:1",
    "source": "examples/gradient_boosting",
    "channels": {"lookup": "data/lookup/"},
    "metrics": {"validation:mse": "mse=([0-9.]+)"},
}

VARIANTS = {
    "shortest": pipeline(),
    "direct": pipeline(orchestration="direct"),
    "gate": pipeline(gate=GATE, approval={}, window={"holdout_days": 1}),
    "direct-gate": pipeline(
        orchestration="direct", gate=GATE, approval={}, window={"holdout_days": 1}, retrain_on="any_change"
    ),
    "direct-approval": pipeline(orchestration="direct", approval={"timeout_minutes": 5}),
    "direct-canary": pipeline(
        orchestration="direct", endpoint={"instance_count": 4, "deployment": {"strategy": "canary"}}
    ),
    "direct-own": pipeline(orchestration="direct", training=OWN),
    "own": pipeline(training=OWN),
    "pinned": pipeline(window={"start": "2026-11-01", "end": "2026-11-07", "timezone": "Europe/Berlin"}),
    "slack": pipeline(slack={"channel": "ml", "token_secret": "refit/slack"}),
    "canary": pipeline(endpoint={"instance_count": 4, "deployment": {"strategy": "canary"}}),
    "everything": pipeline(
        training={"hyperparameters": {"epochs": "15"}},
        endpoint={"name": "serving", "timeout_minutes": 1440},
        tags={"team": "pricing"},
        poll_interval_seconds=3600,
    ),
}
every_variant = pytest.mark.parametrize("variant", VARIANTS.values(), ids=VARIANTS)


def states(one: Pipeline) -> dict[str, Any]:
    found = json.loads(state_machine.render(one))["States"]
    assert isinstance(found, dict)
    return found


def applied(one: Pipeline) -> str:
    """The definition as AWS gets it from Terraform."""
    text = state_machine.render(one)
    text = text.replace("${partition}", "aws")
    for name in PLACEHOLDERS:
        text = text.replace(f"${{{name}}}", f"arn:aws:lambda:us-west-2:123456789012:function:{name}")
    return text


@every_variant
def test_the_definition_is_sound(variant: Pipeline) -> None:
    assert check(state_machine.render(variant)) == []


@every_variant
def test_the_definition_passes_the_linter_of_the_language(variant: Pipeline) -> None:
    assert Linter.validate(applied(variant)) == []


@every_variant
def test_the_same_pipeline_gives_the_same_text(variant: Pipeline) -> None:
    assert state_machine.render(variant) == state_machine.render(variant.model_copy())


def test_every_state_of_the_original_graph_is_there() -> None:
    assert {
        *TASKS,
        "CheckDataBranch",
        "NoNewData",
        "NotifySlackBranch",
        "CheckStatusWait",
        "CheckStatusBranch",
        "JobCompleted",
        "JobFailed",
        "DeploymentCompleted",
        "DeploymentFailed",
    } <= set(states(pipeline()))


SUCCESSES = ("Deployed", "NoNewData", "AlreadyRunning", "NothingToRedeploy", "Held", "Trained")


@every_variant
def test_a_run_ends_in_a_state_whose_name_says_how(variant: Pipeline) -> None:
    gated = variant.gate or variant.approval
    tasks = [
        *FAILING,
        *(["EvaluateModel"] if variant.gate else []),
        *(["AwaitApproval"] if variant.approval else []),
    ]
    ends = {name: state["Type"] for name, state in states(variant).items() if state["Type"] in ("Succeed", "Fail")}
    assert ends == {
        **dict.fromkeys(SUCCESSES, "Succeed"),
        **dict.fromkeys(("JobFailed", "DeploymentFailed", "UnexpectedState"), "Fail"),
        **dict.fromkeys(("ModelRejected",) if gated else (), "Fail"),
        **dict.fromkeys((f"{task}Failed" for task in tasks), "Fail"),
    }


@every_variant
def test_a_run_ends_in_the_state_that_its_record_names(variant: Pipeline) -> None:
    found = states(variant)
    ends = {name for name, state in found.items() if state["Type"] in ("Succeed", "Fail")}
    branch = found["OutcomeBranch"]
    assert {choice["StringEquals"]: choice["Next"] for choice in branch["Choices"]} == {
        name: name for name in ends - {"UnexpectedState"}
    }
    assert branch["Default"] == "UnexpectedState"
    into_an_end = {name for name, state in found.items() for way in edges({name: state}) if way.target in ends}
    assert into_an_end == {"OutcomeBranch"}


def test_errors_are_named_as_the_lambdas_raise_them() -> None:
    named = {
        error
        for state in states(pipeline()).values()
        for rule in (*state.get("Retry", ()), *state.get("Catch", ()))
        for error in rule["ErrorEquals"]
        if not error.startswith(("States.", "Lambda.", "Sandbox.", "S3."))
    }
    assert named == {"Throttled", "NotVisibleYet", "EndpointBusy", "WatermarkNotAdvanced", "QuotaInUse"}
    assert all(issubclass(getattr(errors, error), StateError) for error in named)


def test_choices_compare_with_the_words_of_the_contract() -> None:
    branches = ("CheckDataBranch", "CheckStatusBranch", "EvaluateModelBranch", "NotifySlackBranch", "WriteRecord")
    found = states(VARIANTS["gate"])
    text = json.dumps([found[name] for name in branches]).replace('\\"', '"')  # the quotes of JSONata
    words = set(re.findall(r"""["'](\w+)["']""", text))
    constants = {value for name, value in vars(outcomes).items() if name.isupper() and isinstance(value, str)}
    assert constants - words == {
        *("Running", "TimedOut", "Aborted", "Unreadable"),  # the driver's words for runs that have no end of their own
        *("NoData", "Planned", "Moved", "Unmoved", "Seen"),  # ObjectArrived's, which is not a state
    }


def retries(one: Pipeline, task: str) -> dict[str, Any]:
    """The rule of every error that a task retries."""
    return {error: rule for rule in states(one)[task]["Retry"] for error in rule["ErrorEquals"]}


def busy_of(one: Pipeline) -> dict[str, Any]:
    """How a busy endpoint is asked again, the same wherever it is."""
    first, second = (retries(one, task)["EndpointBusy"] for task in WAITING)
    assert isinstance(first, dict)
    assert first == second
    return first


def delays(rule: dict[str, Any]) -> list[float]:
    """The seconds before each retry, as the language counts them."""
    growing = (rule["IntervalSeconds"] * rule["BackoffRate"] ** retry for retry in range(rule["MaxAttempts"]))
    return [min(delay, rule["MaxDelaySeconds"]) for delay in growing]


UNANSWERED = {"Lambda.Unknown", "Sandbox.Timedout", "States.Timeout"}


@pytest.mark.parametrize("task", TASKS)
def test_what_passes_by_itself_is_retried_everywhere(task: str) -> None:
    rules = retries(pipeline(), task)
    for error in ("ServiceException", "AWSLambdaException", "SdkClientException", "ClientExecutionTimeoutException"):
        assert rules[f"Lambda.{error}"]["MaxAttempts"] == 6
    assert rules["Throttled"] == rules["Lambda.TooManyRequestsException"] == rules["Lambda.ServiceException"]


@pytest.mark.parametrize("task", FAILING)
def test_a_function_that_gave_no_answer_is_asked_twice_more(task: str) -> None:
    assert {retries(pipeline(), task)[error]["MaxAttempts"] for error in UNANSWERED} == {2}


def test_slack_is_not_told_twice_what_it_may_have_heard() -> None:
    assert not UNANSWERED & set(retries(pipeline(), "NotifySlack"))


@pytest.mark.parametrize("task", TASKS)
def test_a_watermark_that_reads_back_old_is_written_again(task: str) -> None:
    assert ("WatermarkNotAdvanced" in retries(pipeline(), task)) == (task == "UpdateParameters")


@pytest.mark.parametrize("task", TASKS)
def test_instances_that_others_hold_are_waited_for_where_instances_are_asked_for(task: str) -> None:
    assert ("QuotaInUse" in retries(pipeline(), task)) == (task in ("StartTrainingJob", "DeployModel"))


def test_the_wait_for_a_quota_is_part_of_the_hour_that_instances_have_to_come() -> None:
    rule = retries(pipeline(), "StartTrainingJob")["QuotaInUse"]
    assert rule["IntervalSeconds"] * rule["MaxAttempts"] * rule["BackoffRate"] == 3600
    one = pipeline(training={"max_runtime_minutes": 30})
    assert settings_of(one, "GetStatus")["training_timeout_minutes"] == 30 + 60


@pytest.mark.parametrize(("minutes", "attempts"), [(1, 1), (20, 4), (60, 12), (1440, 12)])
def test_the_wait_for_a_quota_is_no_longer_than_one_for_a_busy_endpoint(minutes: int, attempts: int) -> None:
    one = pipeline(endpoint={"timeout_minutes": minutes})
    assert retries(one, "DeployModel")["QuotaInUse"]["MaxAttempts"] == attempts
    if minutes > 1:
        assert 300 * attempts <= 30 * busy_of(one)["MaxAttempts"]


@pytest.mark.parametrize("task", TASKS)
def test_only_some_states_wait_for_the_endpoint(task: str) -> None:
    assert ("EndpointBusy" in retries(pipeline(), task)) == (task in WAITING)


@pytest.mark.parametrize("poll", [1, 2, 10, 60, 3600])
@pytest.mark.parametrize(("minutes", "waited"), [(1, 1), (60, 60), (1440, 120)])
def test_a_busy_endpoint_is_waited_for_as_long_as_a_deployment_and_two_hours_at_most(
    minutes: int, waited: int, poll: int
) -> None:
    one = pipeline(endpoint={"timeout_minutes": minutes}).model_copy(update={"poll_interval_seconds": poll})
    assert 60 * waited <= sum(delays(busy_of(one))) <= 60 * waited + 150


@pytest.mark.parametrize(
    ("poll", "first"), [(1, [1, 2, 4, 8, 16, 30, 30]), (5, [5, 10, 20, 30, 30]), (60, [15, 30, 30])]
)
def test_a_busy_endpoint_is_asked_again_after_a_poll_and_at_last_by_the_half_minute(
    poll: int, first: list[float]
) -> None:
    one = pipeline().model_copy(update={"poll_interval_seconds": poll})
    assert delays(busy_of(one))[: len(first)] == first
    assert busy_of(one)["MaxDelaySeconds"] > busy_of(one)["IntervalSeconds"]


def test_the_wait_for_a_busy_endpoint_leaves_the_history_to_the_polls() -> None:
    events_of_a_failed_attempt = 3  # scheduled, started, failed
    assert events_of_a_failed_attempt * busy_of(VARIANTS["everything"])["MaxAttempts"] == 735


def test_the_run_is_bounded_by_what_its_parts_may_take() -> None:
    one = pipeline(training={"max_runtime_minutes": 30}, endpoint={"timeout_minutes": 20})
    waiting_for_a_busy_endpoint = 45 * 30
    assert sum(delays(busy_of(one))) <= waiting_for_a_busy_endpoint
    assert (
        json.loads(state_machine.render(one))["TimeoutSeconds"] == (30 + 20 + 60) * 60 + 2 * waiting_for_a_busy_endpoint
    )


def test_a_task_waits_longer_than_its_function_may_run() -> None:
    functions = (ROOT / "terraform" / "modules" / "functions" / "main.tf").read_text()
    (written,) = re.findall(r"timeout += lookup\(local\.timeout, each\.key, ([0-9]+)\)", functions)
    (slower,) = re.findall(r"timeout += \{ evaluate_model = ([0-9]+) \}", functions)
    assert all(states(pipeline())[task]["TimeoutSeconds"] > int(written) for task in TASKS)
    assert states(VARIANTS["gate"])["EvaluateModel"]["TimeoutSeconds"] > int(slower)


@pytest.mark.parametrize("task", FAILING)
def test_a_task_that_fails_is_told_and_then_fails_the_run(task: str) -> None:
    found = states(pipeline())
    assert found[task]["Catch"] == [
        {"ErrorEquals": ["States.ALL"], "ResultPath": f"$.failed.{task}", "Next": "NotifySlack"}
    ]
    assert found[f"{task}Failed"]["ErrorPath"] == f"$.failed.{task}.Error"


def test_a_failure_wins_over_everything_that_went_well_before() -> None:
    order = [choice["Next"] for choice in states(pipeline())["NotifySlackBranch"]["Choices"]]
    assert order == [
        "WriteRecord",  # failed
        "WriteRecord",  # rejected
        "CleanUp",  # deployed
        "WriteRecord",  # the job failed
        "WriteRecord",  # the deployment failed
        "CheckStatusWait",
        "CheckStatusWait",
    ]


def test_slack_never_changes_what_becomes_of_a_run() -> None:
    notify = states(pipeline())["NotifySlack"]
    (catch,) = notify["Catch"]
    assert catch["Next"] == notify["Next"] == "NotifySlackBranch"
    # Beside the answer to the message before, which says in which thread the run is told.
    assert (notify["ResultPath"], catch["ResultPath"]) == ("$.slack", "$.slack.failed")


def settings_of(one: Pipeline, task: str) -> dict[str, Any]:
    found = states(one)[task]["Parameters"]["settings"]
    assert isinstance(found, dict)
    return found


def test_the_settings_of_a_sliding_window() -> None:
    one = pipeline(window={"days": 14, "holdout_days": 2, "min_days": 5, "lag_days": 1, "timezone": "Asia/Tokyo"})
    window = {"days": 14, "holdout_days": 2, "min_days": 5, "lag_days": 1, "timezone": "Asia/Tokyo"}
    assert settings_of(one, "CheckData")["window"] == window
    assert settings_of(pipeline(), "CheckData")["window"]["days"] == 7


def test_the_settings_of_a_pinned_window() -> None:
    window = {"holdout_days": 0, "min_days": 1, "lag_days": 0, "timezone": "Europe/Berlin"}
    assert settings_of(VARIANTS["pinned"], "CheckData")["window"] == {
        "start": "2026-11-01",
        "end": "2026-11-07",
        **window,
    }


def test_the_settings_of_training_and_serving() -> None:
    one = VARIANTS["everything"]
    assert settings_of(one, "StartTrainingJob") == {
        "role_arn": "${sagemaker_role_arn}",
        "instance_type": "ml.m5.xlarge",
        "instance_count": 1,
        "volume_gb": 10,
        "max_runtime_minutes": 60,
        "hyperparameters": {"epochs": "15", "feature_dim": "13", "predictor_type": "regressor"},
        "channels": {},
        "metrics": {},
        "network_isolation": True,
    }
    assert settings_of(one, "DeployModel") == {
        "role_arn": "${sagemaker_role_arn}",
        "instance_type": "ml.m5.large",
        "instance_count": 1,
        "deployment_config": None,
        "environment": {},
        "network_isolation": True,
    }
    assert settings_of(one, "GetStatus") == {"training_timeout_minutes": 120, "deployment_timeout_minutes": 1440}
    checked = settings_of(one, "CheckData")
    assert (checked["endpoint"], checked["image"], checked["tags"]) == ("serving", None, {"team": "pricing"})


def test_an_own_algorithm_gets_its_code_its_channels_and_what_its_log_says_of_metrics() -> None:
    trained = settings_of(VARIANTS["own"], "StartTrainingJob")
    assert trained["hyperparameters"] == {
        "sagemaker_program": "train.py",
        "sagemaker_submit_directory.$": "$.source",
        "sagemaker_region": "${region}",
    }
    assert (trained["channels"], trained["metrics"]) == (OWN["channels"], OWN["metrics"])
    assert trained["network_isolation"] is False
    assert settings_of(VARIANTS["own"], "DeployModel")["environment"] == {
        "SAGEMAKER_PROGRAM": "train.py",
        "SAGEMAKER_SUBMIT_DIRECTORY.$": "$.source",
        "SAGEMAKER_REGION": "${region}",
    }
    assert settings_of(VARIANTS["own"], "CheckData")["source"] == "${source_uri}"
    assert settings_of(pipeline(), "CheckData")["source"] is None


def test_check_data_compares_what_serves_with_what_would_be_deployed() -> None:
    one = pipeline(endpoint={"instance_type": "ml.c5.large", "instance_count": 3})
    checked, deployed = settings_of(one, "CheckData"), settings_of(one, "DeployModel")
    assert (checked["instance_type"], checked["instance_count"]) == ("ml.c5.large", 3)
    assert (deployed["instance_type"], deployed["instance_count"]) == ("ml.c5.large", 3)


@pytest.mark.parametrize(
    ("orchestration", "made"),
    [("polling", {"Parameters": {"event.$": "$"}}), ("direct", {"Output": {"event": "{% $states.input %}"}})],
)
def test_an_input_of_any_kind_becomes_an_object_that_a_failure_can_be_added_to(
    orchestration: str, made: dict[str, Any]
) -> None:
    machine = json.loads(state_machine.render(pipeline(orchestration=orchestration)))
    first = machine["States"][machine["StartAt"]]
    assert (first["Type"], first["Next"]) == ("Pass", "CheckData")
    assert made.items() <= first.items()
    assert machine["States"]["CheckData"]["Parameters"]["event.$"] == "$.event"


def test_what_check_data_finds_decides_where_a_run_goes() -> None:
    branch = states(pipeline())["CheckDataBranch"]
    ways = {choice["StringEquals"]: choice["Next"] for choice in branch["Choices"] if "StringEquals" in choice}
    assert ways == {"NewData": "StartTrainingJob", "Redeploy": "DeployModel", "Rollback": "DeployModel"}
    assert branch["Default"] == "WriteRecord"


def test_the_settings_of_slack() -> None:
    assert settings_of(VARIANTS["slack"], "NotifySlack") == {
        "pipeline": "prices",
        "environment": "${environment}",
        "region": "${region}",
        "approval": None,
        "slack": {"channel": "ml", "token_parameter": None, "token_secret": "refit/slack"},
    }
    assert settings_of(pipeline(), "NotifySlack")["slack"] is None


HOSTILE = [
    "${bucket}",
    "$${bucket}",
    "$$${x}",
    "%{ if true }x%{ endif }",
    '", "Next": "Deployed',
    "{{ 7 * 7 }} {% raw %}",
    "line\nline\r\n\u2028\x00",
    "\\u0024{bucket}",
    "\\",
    "$.run",
    "States.UUID()",
    "🐤{ \U0001f424${ é",
    "{% $states.input %}",
]


def test_a_hostile_value_stays_a_value() -> None:
    hyperparameters = {f"h{number}": value for number, value in enumerate(HOSTILE)}
    one = pipeline(training={"hyperparameters": hyperparameters})
    assert hyperparameters.items() <= settings_of(one, "StartTrainingJob")["hyperparameters"].items()
    assert set(re.findall(r"[$%]\{(\w*)", state_machine.render(one))) <= PLACEHOLDERS
    assert check(state_machine.render(one)) == []


def test_terraform_fills_in_the_placeholders_and_nothing_else(tmp_path: Path) -> None:
    hyperparameters = {f"h{number}": value for number, value in enumerate(HOSTILE)}
    one = pipeline(training={"hyperparameters": hyperparameters})
    (tmp_path / "definition.json").write_text(state_machine.render(one), encoding="utf-8")
    known = ", ".join(f'{name} = "<{name}>"' for name in PLACEHOLDERS)
    answer = subprocess.run(
        ["terraform", "console"],
        cwd=tmp_path,
        input=f'base64encode(templatefile("definition.json", {{ {known} }}))',
        capture_output=True,
        text=True,
        check=True,
    )
    filled = json.loads(base64.b64decode(json.loads(answer.stdout)))["States"]
    assert hyperparameters.items() <= filled["StartTrainingJob"]["Parameters"]["settings"]["hyperparameters"].items()
    assert filled["CheckData"]["Parameters"]["settings"]["bucket"] == "<bucket>"
    assert filled["NotifySlack"]["Resource"] == "<notify_slack_arn>"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text() | st.sampled_from(HOSTILE) | st.text(alphabet='${}%{"\\{bucket', max_size=20), max_size=5))
def test_no_text_becomes_structure_or_a_placeholder(texts: list[str]) -> None:
    hyperparameters = {f"h{number}": value for number, value in enumerate(texts)}
    one = pipeline(training={"hyperparameters": hyperparameters})
    text = state_machine.render(one)
    found = json.loads(text)["States"]
    assert hyperparameters.items() <= found["StartTrainingJob"]["Parameters"]["settings"]["hyperparameters"].items()
    assert list(found) == list(states(pipeline()))
    assert set(re.findall(r"[$%]\{(\w*)", text)) <= PLACEHOLDERS
    text.encode()


SAFE = ("tojson", "jsonata", "literal")
"""The filters whose answer is one JSON value, whatever goes in."""
HARMLESS = {"pipeline.pipeline", "prefix"}
"""Values in the middle of a text, of fields that hold neither quotes nor anything that Terraform or JSONata reads."""


def printed(node: nodes.Node) -> Iterator[nodes.Expr]:
    """What a template prints, but for what it puts into variables and macros."""
    if isinstance(node, nodes.Output):
        yield from (part for part in node.nodes if not isinstance(part, nodes.TemplateData))
    elif not isinstance(node, nodes.Macro | nodes.AssignBlock | nodes.CallBlock):
        for child in node.iter_child_nodes():
            yield from printed(child)


def is_json(expression: nodes.Expr) -> bool:
    match expression:
        case nodes.Filter(name=name):
            return name in SAFE
        case nodes.CondExpr(expr1=one, expr2=other):
            return is_json(one) and (other is None or is_json(other))
        case nodes.Const(value=","):
            return True
        case nodes.Call(node=nodes.Name()):  # a macro of ours
            return True
        case nodes.Getattr(node=nodes.Name(name=owner), attr=attribute):
            return f"{owner}.{attribute}" in HARMLESS
        case nodes.Name(name=name):
            return name in HARMLESS
    return False


@pytest.mark.parametrize("file", sorted((ROOT / "asl").rglob("*.j2")), ids=lambda file: file.name)
def test_every_expression_in_a_template_is_json(file: Path) -> None:
    for expression in printed(Environment().parse(file.read_text())):  # noqa: S701 - nothing is rendered
        assert is_json(expression), f"{file}:{expression.lineno}: {expression}"


def test_placeholders_are_written_in_templates_alone() -> None:
    for file in sorted((ROOT / "asl").rglob("*.j2")):
        assert set(re.findall(r"\$\{(\w+)\}", file.read_text())) <= PLACEHOLDERS
