"""Starts the runs of a plan, each once, and waits for them (`refit trigger (--base REV | PIPELINE…)`).

A pipeline whose run cannot be started, or fails, does not stop the others. A deleted pipeline file starts nothing, and
neither does a commit if a newer one has claimed the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from queue import SimpleQueue
from threading import Thread

from refit.aws import target
from refit.aws.executions import RUNNING, ExecutionState
from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.domain.outcomes import ALREADY_RUNNING, HELD, STILL_RUNNING
from refit.errors import NotFound, RefitError
from refit.plan.actions import Action
from refit.plan.applied import refuse_unapplied
from refit.plan.claim import Superseded, record_start, refuse_older
from refit.plan.field_changes import Kind
from refit.plan.pipeline_files import ref_of
from refit.plan.plan import Plan, PlannedPipeline
from refit.plan.trigger_results import NOTHING_TO_START, PipelineResult, TriggerResult
from refit.project import Project
from refit.runs.launcher import NOT_STARTED, Launch, Launcher, LaunchKind, Run
from refit.runs.progress import Progress

REQUESTS_PER_SECOND = 2.5
"""The limit of status checks for all runs together: a check is two calls, and an account has about ten per second.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-api-action-throttling-general
"""


def trigger(
    project: Project,
    plan: Plan,
    *,
    wait: bool = False,
    retry_failed: bool = False,
    restart_succeeded: bool = False,
    report: Callable[[str], None] = lambda line: None,
    poll_seconds: float | None = None,
) -> TriggerResult:
    """Starts the runs of a plan and, with `wait`, follows them concurrently; calls `report` with each line of progress.

    `retry_failed` restarts runs that failed, `restart_succeeded` also runs that succeeded: their models may have been
    rolled back, or new data may have arrived since. An error of one pipeline is in its result and is not raised.
    """
    launcher = partial(
        Launcher,
        retry_failed=retry_failed,
        restart_succeeded=restart_succeeded,
        poll_seconds=poll_seconds,
        least_seconds=len(plan.pipelines) / REQUESTS_PER_SECOND,
    )
    results: dict[str, PipelineResult] = {}
    running: list[_Started] = []
    for planned in plan.pipelines:
        try:
            if planned.run is None:
                results[planned.key] = _without_run(planned)
            else:
                started = _start(project, plan, planned, planned.run, launcher)
                running.append(started)
                results[planned.key] = started.result()
        except Superseded as error:
            results[planned.key] = _not_started(planned, error, failed=error.has_started)
        except RefitError as error:
            results[planned.key] = _not_started(planned, error)
        report(_line(results[planned.key]))
    if wait:
        for result in _follow_all(running, report):
            reported = _line(results[result.pipeline])
            results[result.pipeline] = result
            # A run that had ended before has already been reported.
            if _line(result) != reported:
                # The progress of a held run consists of the hold, with its reason and the command to release it.
                report(_line(replace(result, reason="") if result.outcome == HELD else result))
    return TriggerResult(plan, tuple(results[planned.key] for planned in plan.pipelines))


@dataclass(frozen=True)
class _Started:
    """A pipeline whose run exists."""

    planned: PlannedPipeline
    run: Run
    launcher: Launcher
    launch: Launch

    def result(self) -> PipelineResult:
        """The result right after the start."""
        return self._result(self.launch, self.launch.state, failed=False)

    def follow(self, report: Callable[[str], None]) -> PipelineResult:
        """Waits for the end of the run. A run that cannot be followed counts as failed, because its end is unknown."""
        progress = Progress(lambda line: report(f"{self.planned.key}  {line}"), self.planned.key)
        try:
            launch, state = self.launcher.follow(self.run, self.launch, progress)
        except RefitError as error:
            unknown = f"{error}; the run continues, but Refit has stopped waiting for it"
            return replace(self.result(), outcome="Unknown", reason=unknown, failed=True)
        return self._result(launch, state, failed=not state.succeeded or state.outcome == ALREADY_RUNNING)

    def _result(self, launch: Launch, state: ExecutionState | None, *, failed: bool) -> PipelineResult:
        return PipelineResult(
            self.planned.key,
            self.planned.action,
            launch.how,
            launch.name,
            launch.arn,
            outcome=state.outcome if state else STILL_RUNNING,
            reason=_reason(launch.how, state) if state and state.status != RUNNING else "",
            seconds=round(state.seconds, 1) if state and state.status != RUNNING else None,
            failed=failed,
        )


def _start(
    project: Project, plan: Plan, planned: PlannedPipeline, run: Run, make: Callable[[Aws, str], Launcher]
) -> _Started:
    """Starts or finds the run. For a merge, raises Superseded if a newer commit has claimed the pipeline.

    Raises RefitError for a merge whose stack has not been applied.
    """
    ref = ref_of(project, planned.key)
    assert planned.pipeline is not None  # noqa: S101 - runs are planned for valid files only
    aws = target.connect(ref, planned.pipeline)
    stack = Stack.of(planned.pipeline, aws)
    merged = None if planned.change.kind is Kind.NAMED else plan.head
    if merged:
        refuse_older(ref, aws, stack.commit_parameter, merged, plan.base)
        refuse_unapplied(planned.key, planned.pipeline, stack, aws)
    launcher = make(aws, stack.state_machine_arn)
    started = _Started(planned, run, launcher, launcher.launch(run))
    if merged:
        record_start(aws, stack.commit_parameter, merged)
    return started


def _follow_all(running: Sequence[_Started], report: Callable[[str], None]) -> Iterator[PipelineResult]:
    """The result of each run, as it ends. The threads are daemons, so that an interrupt ends this process at once."""
    ended: SimpleQueue[PipelineResult | BaseException] = SimpleQueue()

    def follow(started: _Started) -> None:
        try:
            ended.put(started.follow(report))
        except BaseException as error:
            ended.put(error)

    for started in running:
        Thread(target=follow, args=(started,), daemon=True).start()
    try:
        for _ in running:
            result = ended.get()
            if isinstance(result, BaseException):
                raise result
            yield result
    except KeyboardInterrupt:
        report("stopped waiting; the runs continue. Check them with refit status.")
        raise


def _without_run(planned: PlannedPipeline) -> PipelineResult:
    problems = planned.change.problems
    if problems:
        reason = "; ".join(map(str, problems))
        return PipelineResult(planned.key, planned.action, NOT_STARTED, reason=reason, failed=True)
    reason = " ".join(planned.change.remarks) if planned.action is Action.NONE else "terraform apply is enough"
    return PipelineResult(planned.key, planned.action, NOTHING_TO_START, reason=reason)


def _not_started(planned: PlannedPipeline, error: RefitError, *, failed: bool = True) -> PipelineResult:
    hint = error.hint or ""
    if isinstance(error, NotFound):
        hint = f"apply the pipeline first: refit terraform apply {planned.key}"
    reason = f"{error}; {hint}" if hint else str(error)
    run = planned.run.name if planned.run else None
    return PipelineResult(planned.key, planned.action, NOT_STARTED, run, reason=reason, failed=failed)


def _reason(how: LaunchKind, state: ExecutionState) -> str:
    if how is LaunchKind.REPORTED and not state.succeeded:
        return f"{state.reason}; to start it again, add --force"
    return state.reason


def _line(result: PipelineResult) -> str:
    parts = [result.how, result.run, result.outcome, result.reason]
    action = "" if result.action is Action.NONE else f"{result.action}: "
    return f"{result.pipeline}  {action}{' · '.join(part for part in parts if part)}"
