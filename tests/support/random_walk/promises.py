"""What every execution promises (docs/architecture.md), checked against what its tasks were asked and answered."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from botocore.validate import ParamValidator

from refit.domain import outcomes
from refit.domain.outcomes import (
    ACCEPTED,
    DATA_REJECTED,
    DEPLOYMENT_COMPLETED,
    JOB_COMPLETED,
    MODEL_REJECTED,
    NEW_DATA,
    NOTHING_DONE,
    REDEPLOY,
    ROLLBACK,
    SUCCESSES,
    TRAINED,
    UNEXPECTED_STATE,
)
from tests.support.definitions import FAILING
from tests.support.executions import EXECUTION_ARN
from tests.support.random_walk.failures import operation
from tests.support.random_walk.tasks import Asked
from tests.support.random_walk.walks import Walk

FAILURES = (*FAILING, "CheckQuality", "EvaluateModel", "AwaitApproval")
NAMED = {
    *SUCCESSES,
    outcomes.JOB_FAILED,
    outcomes.DEPLOYMENT_FAILED,
    DATA_REJECTED,
    MODEL_REJECTED,
    UNEXPECTED_STATE,
    *(f"{task}Failed" for task in FAILURES),
}
"""The states in which a run may end."""

DEPLOY = {"CreateModel", "CreateEndpointConfig", "CreateEndpoint", "UpdateEndpoint", "DeleteEndpoint", "DeployModel"}
WATERMARK = {"UpdateParameters", "RememberRun"}
CHANGE = {"StartTrainingJob", *DEPLOY, *WATERMARK}
"""The states that change something outside of the run."""


def broken(walk: Walk) -> Iterator[str]:
    """The promises that the execution has broken, one sentence each."""
    yield from _end(walk)
    yield from _record(walk)
    for number, asked in enumerate(walk.asked):
        before = _Before(walk.asked[:number])
        yield from _request(asked)
        if asked.state in CHANGE and before.outcome not in (NEW_DATA, REDEPLOY, ROLLBACK):
            yield f"{asked.state} after {before.outcome}"
        if asked.state in CHANGE and before.outcome == NEW_DATA and not before.passed(walk.machine["States"]):
            yield f"{asked.state} with data that CheckQuality did not accept"
        if asked.state in DEPLOY:
            yield from _may_deploy(walk, asked.state, before)
        if asked.state in WATERMARK:
            yield from _may_move_the_watermark(asked.state, before)
        if asked.state in DEPLOY | WATERMARK and "ReadLease" in walk.machine["States"] and not before.holds_the_lease:
            yield f"{asked.state} without the lease"


def _end(walk: Walk) -> Iterator[str]:
    run, last = walk.execution, walk.path[-1]
    if last not in NAMED or run.status not in ("SUCCEEDED", "FAILED"):
        yield f"it ended as {run.status} in {last}"
    # The arguments of a change fail on purpose after a redrive (asl/states/direct/lease_holder.j2).
    if run.redrive_count == 0 and any(event["type"] == "EvaluationFailed" for event in run.events):
        yield "an expression could not be evaluated"
    changed = {asked.state for asked in walk.asked} & CHANGE
    allowed = {TRAINED: {"StartTrainingJob"}, **{outcome: set() for outcome in NOTHING_DONE}}
    if changed - allowed.get(last, changed):
        yield f"{last} after {sorted(changed)}"
    if last == DATA_REJECTED and (changed or "CheckQuality" not in walk.machine["States"]):
        yield f"{last} after {sorted(changed)}"
    if last == MODEL_REJECTED and changed & DEPLOY:
        yield f"{last} after {sorted(changed & DEPLOY)}"
    if last == outcomes.DEPLOYED and not _Before(walk.asked).deployed:
        yield f"{last} without a verified deployment"


def _record(walk: Walk) -> Iterator[str]:
    """The record names the last state, and loses nothing that CheckData said, or the input if CheckData failed."""
    records = [asked.arguments["Body"] for asked in walk.asked if asked.state == "WriteRecord"]
    if not records:
        yield "no record"
        return
    record = records[-1]
    if record["end"]["state"] != walk.path[-1]:
        yield f"the record says {record['end']['state']}, the last state is {walk.path[-1]}"
    answers = _Before(walk.asked)
    began = {"event": json.loads(walk.execution.input)}
    checked = answers.answer("CheckQuality") or answers.answer("CheckData") or began
    lost = [name for name, value in checked.items() if record.get(name) != value]
    if lost:
        yield f"the record lost {lost}"


def _request(asked: Asked) -> Iterator[str]:
    """The parameters that AWS refuses before it does anything."""
    if asked.action.endswith("_arn"):
        return
    service = {"putObject": "s3", "getObject": "s3", "putParameter": "ssm", "getParameters": "ssm"}.get(
        asked.action.split(".")[0], "sagemaker"
    )
    given = {name: value for name, value in asked.arguments.items() if name != "Body"}
    report = ParamValidator().validate(given, operation(service, asked.action.split(".")[0]).input_shape)
    if report.has_errors():
        yield f"{asked.state}: {report.generate_report()}"


def _may_deploy(walk: Walk, state: str, before: _Before) -> Iterator[str]:
    if before.checked("train_only"):
        yield f"{state} by a run that only trains"
    if before.outcome == NEW_DATA:
        if not before.trained:
            yield f"{state} without a completed job"
        if "EvaluateModel" in walk.machine["States"] and not before.accepted:
            yield f"{state} of a model that the gate did not accept"
        if "AwaitApproval" in walk.machine["States"] and not before.approved:
            yield f"{state} of a model that was not approved"


def _may_move_the_watermark(state: str, before: _Before) -> Iterator[str]:
    rejected = before.outcome == NEW_DATA and before.trained and not (before.accepted and before.approved)
    if not before.deployed and not rejected:
        yield f"{state} without a verified deployment"
    if rejected and before.states & DEPLOY:
        yield f"{state} after a rejected model was deployed"
    newest, watermark = before.checked("newest"), before.watermark
    if "ReadLease" in before.states and (newest is None or (watermark is not None and newest < watermark)):
        yield f"{state} moves the watermark from {watermark} to {newest}"


class _Before:
    """What the answers up to some moment say."""

    def __init__(self, asked: list[Asked]) -> None:
        self.states = {each.state for each in asked}
        self._answers = {each.state: each.answer for each in asked if not isinstance(each.answer, Exception)}

    def answer(self, state: str) -> Any:
        """The last result of a state; None without."""
        return self._answers.get(state)

    def _member(self, state: str, member: str) -> Any:
        found = self.answer(state)
        return found.get(member) if isinstance(found, Mapping) else None

    def checked(self, member: str) -> Any:
        """A member of the run document as CheckQuality or, without it, CheckData returned it."""
        return self._member("CheckQuality" if self.answer("CheckQuality") else "CheckData", member)

    def passed(self, states: Mapping[str, Any]) -> bool:
        """Whether the data was accepted, if the pipeline has a contract."""
        quality = self._member("CheckQuality", "quality")
        return "CheckQuality" not in states or (quality is not None and quality["decision"] == ACCEPTED)

    @property
    def outcome(self) -> Any:
        return self.checked("outcome")

    @property
    def trained(self) -> bool:
        statuses = self._member("GetStatus", "state"), self._member("DescribeTrainingJob", "TrainingJobStatus")
        return statuses[0] in (JOB_COMPLETED, DEPLOYMENT_COMPLETED) or statuses[1] == "Completed"

    @property
    def accepted(self) -> bool:
        return "EvaluateModel" not in self.states or self._member("EvaluateModel", "decision") == ACCEPTED

    @property
    def approved(self) -> bool:
        return "AwaitApproval" not in self.states or self._member("AwaitApproval", "approved") is True

    @property
    def deployed(self) -> bool:
        """Whether the last look at the endpoint found it in service on the run's config."""
        if "DescribeEndpoint" in self.states:
            name = self.checked("name")
            look = [self._member("DescribeEndpoint", member) for member in ("EndpointStatus", "EndpointConfigName")]
            return look == ["InService", name]
        return self._member("GetStatus", "state") == DEPLOYMENT_COMPLETED

    @property
    def watermark(self) -> Any:
        """The watermark that ReadWatermark found; None for never."""
        found = self._member("ReadWatermark", "Parameters") or [{}]
        return None if found[0].get("Value") == "never" else found[0].get("Value")

    @property
    def holds_the_lease(self) -> bool:
        try:
            return bool(json.loads(self._member("ReadLease", "Body"))["execution_arn"] == EXECUTION_ARN)
        except (ValueError, KeyError, TypeError):
            return False
