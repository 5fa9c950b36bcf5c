"""`refit trigger (--base REV | PIPELINE…)`: starts the runs that a plan announces, each once, and waits for them.

A pipeline whose run cannot be started, or fails, does not stop the others. What is deleted starts nothing.
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
from refit.domain.outcomes import STILL_RUNNING
from refit.errors import NotFound, RefitError
from refit.plan.actions import Action
from refit.plan.pipeline_files import ref_of
from refit.plan.plan import Plan, Planned
from refit.plan.trigger_results import NOTHING_TO_START, Result, TriggerResult
from refit.project import Project
from refit.runs.launcher import DID_NOTHING, NOT_STARTED, Launch, Launcher, LaunchKind, Run
from refit.runs.progress import Progress

REQUESTS_PER_SECOND = 2.5
"""How often all runs together are looked at: a look is two calls, and an account has some ten a second.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-api-action-throttling-general
"""


def trigger(
    project: Project,
    plan: Plan,
    *,
    wait: bool = False,
    again: bool = False,
    anew: bool = False,
    say: Callable[[str], None] = lambda line: None,
    poll_seconds: float | None = None,
) -> TriggerResult:
    """Starts the plan's runs and, with `wait`, follows all of them together, telling their progress line by line.

    `again` begins runs anew that failed before, `anew` also those that went well: what they deployed may have been
    rolled back since. Never raises for what happens to one pipeline: that is in its result.
    """
    launcher = partial(
        Launcher,
        again=again,
        undone=anew,
        poll_seconds=poll_seconds,
        least_seconds=len(plan.pipelines) / REQUESTS_PER_SECOND,
    )
    results: dict[str, Result] = {}
    running: list[_Started] = []
    for planned in plan.pipelines:
        try:
            if planned.run is None:
                results[planned.key] = _nothing(planned)
            else:
                started = _Started.now(project, planned, planned.run, launcher)
                running.append(started)
                results[planned.key] = started.result()
        except RefitError as error:
            results[planned.key] = _refused(planned, error)
        say(_line(results[planned.key]))
    if wait:
        for result in _followed(running, say):
            said = _line(results[result.pipeline])
            results[result.pipeline] = result
            # A run that had ended before has been told of.
            if _line(result) != said:
                say(_line(result))
    return TriggerResult(plan, tuple(results[planned.key] for planned in plan.pipelines))


@dataclass(frozen=True)
class _Started:
    """A pipeline whose run exists."""

    planned: Planned
    run: Run
    launcher: Launcher
    launch: Launch

    @classmethod
    def now(cls, project: Project, planned: Planned, run: Run, make: Callable[[Aws, str], Launcher]) -> _Started:
        ref = ref_of(project, planned.key)
        assert planned.pipeline is not None  # noqa: S101 - a run is planned for valid files alone
        aws = target.connect(ref, planned.pipeline)
        launcher = make(aws, Stack.of(planned.pipeline, aws).state_machine_arn)
        return cls(planned, run, launcher, launcher.launch(run))

    def result(self) -> Result:
        """How it stands right after the start."""
        return self._result(self.launch, self.launch.ending, failed=False)

    def followed(self, say: Callable[[str], None]) -> Result:
        """How it ended. A run that cannot be followed counts as failed: nobody knows its end."""
        progress = Progress(lambda line: say(f"{self.planned.key}  {line}"))
        try:
            launch, ending = self.launcher.follow(self.run, self.launch, progress.see)
        except RefitError as error:
            unknown = f"{error}; the run goes on, and nobody waits for it any more"
            return replace(self.result(), outcome="Unknown", reason=unknown, failed=True)
        return self._result(launch, ending, failed=not ending.succeeded or ending.outcome in DID_NOTHING)

    def _result(self, launch: Launch, ending: ExecutionState | None, *, failed: bool) -> Result:
        return Result(
            self.planned.key,
            self.planned.action,
            launch.how,
            launch.name,
            launch.arn,
            outcome=ending.outcome if ending else STILL_RUNNING,
            reason=_reason(launch.how, ending) if ending and ending.status != RUNNING else "",
            seconds=round(ending.seconds, 1) if ending and ending.status != RUNNING else None,
            failed=failed,
        )


def _followed(running: Sequence[_Started], say: Callable[[str], None]) -> Iterator[Result]:
    """Each run's end, as they end. The threads are daemons: an interrupt ends this process at once, and no run."""
    ended: SimpleQueue[Result | BaseException] = SimpleQueue()

    def follow(started: _Started) -> None:
        try:
            ended.put(started.followed(say))
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
        say("nobody waits any more; the runs go on")
        raise


def _nothing(planned: Planned) -> Result:
    problems = planned.change.problems
    if problems:
        reason = "; ".join(map(str, problems))
        return Result(planned.key, planned.action, NOT_STARTED, reason=reason, failed=True)
    reason = " ".join(planned.change.remarks) if planned.action is Action.NONE else "terraform apply does all of it"
    return Result(planned.key, planned.action, NOTHING_TO_START, reason=reason)


def _refused(planned: Planned, error: RefitError) -> Result:
    hint = error.hint or ""
    if isinstance(error, NotFound):
        hint = f"apply the pipeline first: refit terraform apply {planned.key}"
    reason = f"{error}; {hint}" if hint else str(error)
    run = planned.run.name if planned.run else None
    return Result(planned.key, planned.action, NOT_STARTED, run, reason=reason, failed=True)


def _reason(how: LaunchKind, ending: ExecutionState) -> str:
    if how is LaunchKind.REPORTED and not ending.succeeded:
        return f"{ending.reason}; to begin it anew, add --force"
    return ending.reason


def _line(result: Result) -> str:
    parts = [result.how, result.run, result.outcome, result.reason]
    return f"{result.pipeline}  {result.action}: {' · '.join(part for part in parts if part)}"
