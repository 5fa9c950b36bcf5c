"""`refit rollback PIPELINE`: puts an earlier deployed model back, by a run of the same state machine.

The run is named after what is asked and what serves, so that asking again finds it and nothing is done twice. A hold is
set before the run starts: nothing comes between the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from refit.aws import caller, endpoint, executions
from refit.aws import hold as holds
from refit.aws.deployed import DeployedPipeline
from refit.aws.executions import RUNNING, ExecutionState
from refit.domain.hold import describe
from refit.domain.outcomes import DEPLOYED, NOTHING_TO_REDEPLOY, STILL_RUNNING
from refit.domain.run_document import Hold
from refit.domain.run_request import event, instant
from refit.domain.setting_values import ANY_CHANGE
from refit.errors import RefitError, RunFailed
from refit.project import PipelineRef
from refit.runs import approval, execution_names, rollback_target
from refit.runs.launcher import Launch, Launcher, LaunchKind, Run
from refit.runs.progress import Progress
from refit.runs.record_store import Records
from refit.runs.rollback_target import SERVES, RollbackResult, RollbackTarget


def rollback_to(
    ref: PipelineRef,
    *,
    to: str | None = None,
    hold: bool = False,
    reason: str = "",
    wait: bool = True,
    again: bool = False,
    say: Callable[[str], None] = lambda line: None,
    poll_seconds: float | None = None,
) -> RollbackResult:
    """Puts back the model that the run `to` deployed; by default the one that served before the present one.

    With `wait` the run is followed to its end, told line by line through `say`. `again` begins one anew that failed.
    Raises NotFound for a run that there is not, RefitError for one whose model cannot be put back, RunFailed when the
    run did not put it back, and AwsError.
    """
    if reason and not hold:
        raise RefitError("--reason says why the pipeline is held", "write --hold too")
    applied = DeployedPipeline.of(ref)
    asked = _Asked.now(applied, to)
    any_change = applied.pipeline.retrain_on == ANY_CHANGE
    standing = _hold(applied, reason) if hold else holds.standing(applied.aws, applied.stack.hold_parameter)
    if asked.back.serves:
        return RollbackResult(ref.key, asked.back.model, asked.back.run, SERVES, hold=standing, any_change=any_change)
    try:
        done = asked.run(wait=wait, again=again, say=say, poll_seconds=poll_seconds)
    except RefitError as error:
        if standing:
            stays = f"the pipeline stays {describe(standing)}; to let runs deploy again: refit release {ref.key}"
            error.hint = f"{error.hint}; {stays}" if error.hint else stays
        raise
    return RollbackResult(ref.key, asked.back.model, asked.back.run, **done, hold=standing, any_change=any_change)


def _hold(applied: DeployedPipeline, reason: str) -> Hold:
    by = caller.identity(applied.ref.project, applied.aws)
    asked = Hold(by=by, since=instant(datetime.now(UTC)), reason=reason)
    return holds.place(applied.aws, applied.stack.hold_parameter, asked)


@dataclass(frozen=True)
class _Asked:
    """A rollback that is asked for, and the name of the run that does it."""

    applied: DeployedPipeline
    back: RollbackTarget
    name: str

    @classmethod
    def now(cls, applied: DeployedPipeline, to: str | None) -> _Asked:
        """The model to put back, as things stand: while a rollback is under way, that one is meant."""
        pipeline = applied.pipeline.pipeline
        records = Records.of(applied)
        chosen = records.one(to) if to else None
        for one in executions.listed(applied.aws, applied.stack.state_machine_arn, 10, running=True):
            model = execution_names.model_of_rollback(one.name, pipeline)
            if model and (chosen is None or chosen.model == model):
                return cls(applied, RollbackTarget(model, chosen.run if chosen else one.name), one.name)
        live = endpoint.endpoint(applied.aws, applied.stack.endpoint)
        exists = partial(endpoint.has_model, applied.aws)
        if chosen:
            back = rollback_target.to(chosen, records.deployed(), live, exists, applied.ref.key)
        else:
            back = rollback_target.previous(records.deployed(), live, exists, applied.ref.key)
        return cls(applied, back, execution_names.for_rollback(back.model, live.config if live else "", pipeline))

    def run(self, *, wait: bool, again: bool, say: Callable[[str], None], poll_seconds: float | None) -> dict[str, Any]:
        """Starts or finds the run; what is known of it then, or with `wait` at its end."""
        aws, machine = self.applied.aws, self.applied.stack.state_machine_arn
        self._tell_of_others(say)
        asked = Run(self.name, {**event(datetime.now(UTC)), "detail": {"rollback": self.back.model}})
        # Whatever such a run did is not in force: another model serves.
        launcher = Launcher(aws, machine, again, poll_seconds, undone=True)
        launch = launcher.launch(asked)
        say(f"{launch.name}  {launch.how}")
        ending = launch.ending
        if wait:
            launch, ending = launcher.follow(asked, launch, Progress(say).see)
        if ending is None or ending.status == RUNNING:
            return {"how": launch.how, "run": launch.name, "outcome": STILL_RUNNING}
        return self._ended(launch, ending)

    def _ended(self, launch: Launch, ending: ExecutionState) -> dict[str, Any]:
        if ending.outcome == NOTHING_TO_REDEPLOY:
            how = SERVES
        elif ending.outcome == DEPLOYED and launch.how != LaunchKind.REPORTED:
            how = str(launch.how)
        else:
            key = self.applied.ref.key
            hint = f"look at it: refit logs {key} {launch.name}; to try again: refit rollback {key} --force"
            message = f"{self.back.model} was not put back: {launch.name} ended {ending.outcome}: {ending.reason}"
            raise RunFailed(message, hint)
        return {"how": how, "run": launch.name, "outcome": ending.outcome, "seconds": round(ending.seconds, 1)}

    def _tell_of_others(self, say: Callable[[str], None]) -> None:
        """Says which runs are in the way: one at a time may work on a pipeline."""
        for one in executions.listed(self.applied.aws, self.applied.stack.state_machine_arn, 10, running=True):
            if one.name == self.name:
                continue
            if approval.waits(self.applied, one.arn):
                answer = f"refit reject {self.applied.ref.key} {one.name} --reason TEXT"
                say(f"{one.name} is in the way and waits for approval; answer it: {answer}")
            else:
                say(f"{one.name} is running; the rollback comes after it")
