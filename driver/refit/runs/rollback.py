"""Restores an earlier deployed model, by a run of the same state machine (`refit rollback PIPELINE`).

The run is named after the model and the endpoint config in use, so that repeating the command finds the run and does
nothing twice. A hold is set before the run starts, so that no other run can deploy in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from refit.aws import caller, endpoint, executions
from refit.aws import hold as hold_parameter
from refit.aws.deployed import DeployedPipeline
from refit.aws.executions import RUNNING, ExecutionState
from refit.domain.hold import describe
from refit.domain.outcomes import DEPLOYED, NOTHING_TO_REDEPLOY, STILL_RUNNING
from refit.domain.run_document import Hold
from refit.domain.run_request import event, instant
from refit.domain.setting_values import ANY_CHANGE
from refit.errors import AccessDenied, RefitError, RunFailed
from refit.project import PipelineRef
from refit.runs import approval, execution_names, rollback_target
from refit.runs.launcher import Launch, Launcher, LaunchKind, Run
from refit.runs.progress import Progress
from refit.runs.record_store import Records
from refit.runs.rollback_target import IS_LIVE, RollbackResult, RollbackTarget


def rollback_to(
    ref: PipelineRef,
    *,
    to: str | None = None,
    hold: bool = False,
    reason: str = "",
    wait: bool = True,
    retry_failed: bool = False,
    report: Callable[[str], None] = lambda line: None,
    poll_seconds: float | None = None,
) -> RollbackResult:
    """Restores the model that the run `to` deployed; by default the model that was live before the current one.

    With `wait`, follows the run to its end and calls `report` with each line of progress. `retry_failed` restarts a
    rollback that failed. Raises NotFound if there is no such run, RefitError if its model cannot be restored, RunFailed
    if the run did not restore it, and AwsError.
    """
    if reason and not hold:
        raise RefitError("--reason is the reason for a hold", "add --hold")
    deployed = DeployedPipeline.of(ref)
    rollback = _Rollback.plan(deployed, to)
    target = rollback.target
    any_change = deployed.pipeline.retrain_on == ANY_CHANGE
    current_hold = (
        _hold(deployed, reason) if hold else hold_parameter.standing(deployed.aws, deployed.stack.hold_parameter)
    )
    if target.is_live:
        return RollbackResult(ref.key, target.model, target.run, IS_LIVE, hold=current_hold, any_change=any_change)
    try:
        result = rollback.run(wait=wait, retry_failed=retry_failed, report=report, poll_seconds=poll_seconds)
    except RefitError as error:
        if current_hold:
            still_held = (
                f"the pipeline stays {describe(current_hold)}; to let runs deploy again: refit release {ref.key}"
            )
            error.hint = f"{error.hint}; {still_held}" if error.hint else still_held
        raise
    return RollbackResult(ref.key, target.model, target.run, **result, hold=current_hold, any_change=any_change)


def _hold(deployed: DeployedPipeline, reason: str) -> Hold:
    by = caller.identity(deployed.ref.project, deployed.aws)
    requested = Hold(by=by, since=instant(datetime.now(UTC)), reason=reason)
    return hold_parameter.place(deployed.aws, deployed.stack.hold_parameter, requested, deployed.ref.key)


@dataclass(frozen=True)
class _Rollback:
    """A rollback: the model to restore, and the name of the run that restores it."""

    deployed: DeployedPipeline
    target: RollbackTarget
    name: str

    @classmethod
    def plan(cls, deployed: DeployedPipeline, to: str | None) -> _Rollback:
        """The rollback to the run `to`. A rollback that is in progress is joined if it restores the same model."""
        pipeline = deployed.pipeline.pipeline
        records = Records.of(deployed)
        chosen = records.one(to) if to else None
        for one in executions.listed(deployed.aws, deployed.stack.state_machine_arn, 10, running=True):
            model = execution_names.model_of_rollback(one.name, pipeline)
            if model and (chosen is None or chosen.model == model):
                return cls(deployed, RollbackTarget(model, chosen.run if chosen else one.name), one.name)
        live = endpoint.endpoint(deployed.aws, deployed.stack.endpoint)
        exists = partial(endpoint.has_model, deployed.aws)
        if chosen:
            target = rollback_target.to(chosen, records.deployed(), live, exists, deployed.ref.key)
        else:
            target = rollback_target.previous(records.deployed(), live, exists, deployed.ref.key, records.names())
        name = execution_names.for_rollback(target.model, live.config if live else "", pipeline)
        return cls(deployed, target, name)

    def run(
        self, *, wait: bool, retry_failed: bool, report: Callable[[str], None], poll_seconds: float | None
    ) -> dict[str, Any]:
        """Starts or finds the run; returns its result so far, or with `wait` its final result."""
        aws, state_machine = self.deployed.aws, self.deployed.stack.state_machine_arn
        self._report_others(report)
        request = Run(self.name, event(datetime.now(UTC), rollback=self.target.model))
        # A rollback of this name that succeeded has been superseded: another model is live.
        launcher = Launcher(aws, state_machine, retry_failed, poll_seconds, restart_succeeded=True)
        launch = launcher.launch(request)
        report(f"{launch.name}  {launch.how}")
        state = launch.state
        if wait:
            launch, state = launcher.follow(request, launch, Progress(report, self.deployed.ref.key))
        if state is None or state.status == RUNNING:
            return {"how": launch.how, "run": launch.name, "outcome": STILL_RUNNING}
        return self._result(launch, state)

    def _result(self, launch: Launch, state: ExecutionState) -> dict[str, Any]:
        if state.outcome == NOTHING_TO_REDEPLOY:
            how = IS_LIVE
        elif state.outcome == DEPLOYED and launch.how != LaunchKind.REPORTED:
            how = str(launch.how)
        else:
            key = self.deployed.ref.key
            hint = f"show its log: refit logs {key} {launch.name}; to try again: refit rollback {key} --force"
            message = f"{self.target.model} was not restored: {launch.name} ended in {state.outcome}: {state.reason}"
            raise RunFailed(message, hint)
        return {"how": how, "run": launch.name, "outcome": state.outcome, "seconds": round(state.seconds, 1)}

    def _report_others(self, report: Callable[[str], None]) -> None:
        """Reports the runs that the rollback must wait for: only one run at a time works on a pipeline."""
        for one in executions.listed(self.deployed.aws, self.deployed.stack.state_machine_arn, 10, running=True):
            if one.name == self.name:
                continue
            try:
                waits = approval.is_waiting(self.deployed, one.arn)
            except AccessDenied:
                waits = False  # not known
            if waits:
                command = f"refit reject {self.deployed.ref.key} {one.name} --reason TEXT"
                report(f"the rollback waits for {one.name}, which waits for approval; answer it: {command}")
            else:
                report(f"the rollback waits for {one.name}, which is running")
