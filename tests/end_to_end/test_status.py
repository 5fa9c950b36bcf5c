"""`refit status` and `refit logs` on the applied stack: they report what the run did."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from refit.aws.executions import ExecutionState
from refit.embedded_cloud import faults
from refit.live.status import PipelineStatus, status
from refit.report.logs import text
from refit.runs.logs import logs
from tests.support.end_to_end.deployed import Deployed

pytestmark = pytest.mark.usefixtures("exported")


@pytest.fixture(scope="module")
def deployed(applied: Deployed) -> ExecutionState:
    """A run that deployed, the newest one."""
    faults.clear(applied.cloud)
    applied.new_day()
    ending = applied.run()
    assert ending.outcome == "Deployed", ending.reason
    return ending


@pytest.fixture
def edited(stack: Deployed) -> Iterator[Deployed]:
    """The stack after its file was changed but not applied."""
    written = stack.ref.path.read_text()
    changed = written.replace("days = 7", "days = 14").replace("instance_count = 1", "instance_count = 2")
    stack.ref.path.write_text(changed)
    yield stack
    stack.ref.path.write_text(written)


def told(stack: Deployed, days_later: int = 0) -> PipelineStatus:
    """The status as of noon on the newest day with data, or later."""
    at = datetime.combine(stack.days[-1] + timedelta(days=days_later), time(12), UTC)
    (only,) = status(stack.ref.project, [stack.ref.key], at)
    return only


def test_a_deployed_pipeline_is_told_whole(stack: Deployed, deployed: ExecutionState) -> None:
    found = told(stack, days_later=2)
    assert found.applied is True
    assert found.note == ""
    assert found.watermark == stack.days[-1].isoformat()
    assert (found.newest, found.age_days) == (stack.days[-1], 2)
    assert found.run
    assert (found.run.name, found.run.outcome, found.run.succeeded) == (deployed.name, "Deployed", True)
    assert found.run.started_at == deployed.started_at
    assert found.endpoint
    assert (found.endpoint.status, found.endpoint.config) == ("InService", deployed.document["name"])
    (variant,) = found.endpoint.variants
    assert (variant.model, variant.instance_type) == (deployed.document["name"], "ml.m5.large")
    assert (variant.asked, variant.running) == (1, 1)


@pytest.mark.usefixtures("deployed")
def test_what_runs_as_declared_has_no_differences(stack: Deployed) -> None:
    assert told(stack).differences == ()


@pytest.mark.usefixtures("deployed")
def test_what_was_declared_and_not_applied_is_named(edited: Deployed) -> None:
    differences = {one.name: (one.live, one.wanted) for one in told(edited).differences}
    assert {
        "CheckData.settings.window.days",
        "CreateEndpointConfig.ProductionVariants.0.InitialInstanceCount",
        "endpoint.instance_count",
    } <= differences.keys()
    assert all(values in [(7, 14), (1, 2)] for values in differences.values()), differences


@pytest.mark.usefixtures("deployed")
def test_a_pipeline_that_is_not_applied_stands_beside_one_that_is(stack: Deployed) -> None:
    new = stack.ref.path.with_name("churn.tfvars")
    new.write_text('pipeline = "churn"\ndata = { prefix = "data/churn/", feature_dim = 2 }\n')
    try:
        churn, prices = status(stack.ref.project, [])
    finally:
        new.unlink()
    assert (churn.applied, churn.note) == (False, "not applied; run: refit terraform apply local/churn")
    assert prices.applied is True


def test_the_log_of_a_run_has_all_its_sources(stack: Deployed, deployed: ExecutionState) -> None:
    log = logs(stack.ref, deployed.name)
    assert (log.run, log.outcome, log.cut) == (deployed.name, "Deployed", ())
    sources = {line.source for line in log.lines}
    assert sources == {"states", "training", "check_data", "notify_slack", "clean_up"}
    assert all(line.fields["run"] == deployed.name for line in log.lines if line.fields)
    states = [line.message.split()[0] for line in log.lines if line.source == "states"]
    assert (states[0], states[-1]) == ("EventReceived", "Deployed")
    assert any("validation:mse" in line.message for line in log.lines if line.source == "training")


def test_the_log_of_a_failed_run_says_why(stack: Deployed, deployed: ExecutionState) -> None:
    stack.new_day()
    faults.set(stack.cloud, {"training": "fail"})
    failed = stack.run()
    lines = list(text(logs(stack.ref)))
    assert failed.outcome == "JobFailed"
    assert any("AlgorithmError" in line for line in lines)
    assert any(line.split()[1:] == ["states", "JobFailed"] for line in lines)
    found = told(stack)
    assert found.run
    assert (found.run.outcome, found.run.succeeded) == ("JobFailed", False)
    assert "AlgorithmError" in found.run.reason
    assert found.endpoint
    assert found.endpoint.config == deployed.document["name"]
