"""Plans pipelines one by one: the days, what the bucket has of them, the cost, and the run that a merge starts.

Without AWS it still tells the days, and says that the data is unknown.

The event time decides a sliding window. For a commit it is the committer's date, so that the same commit always means
the same days, however often and whenever a workflow runs again. A merge, a squash and a rebase on GitHub make a new
commit, dated at the merge: its window ends on the day of the merge, and data that lands later is the next scheduled
run's. Only a commit that is pushed long after it was made (a local fast-forward) means a window of the past; the
watermark then stays where it is, and the next scheduled run brings the newer days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from refit.artifacts import state_machine
from refit.aws import target
from refit.aws.stack import Stack
from refit.costs.estimate import Cost, estimate
from refit.costs.prices import PRICES, Prices
from refit.data.coverage import Coverage, settings_of, survey
from refit.domain.errors import StateError
from refit.domain.run_request import event
from refit.domain.window import Window, window_of
from refit.errors import AwsError, CloudError, NotFound, RefitError
from refit.git import Commit, Git
from refit.pipeline.model import Pipeline
from refit.plan.actions import Action
from refit.plan.changes import compare
from refit.plan.field_changes import Change
from refit.plan.pipeline_files import ref_of
from refit.plan.plan import Plan, Planned
from refit.project import PipelineRef, Project
from refit.runs import execution_names
from refit.runs.launcher import Run

OFFLINE = "not checked (--offline)"


@dataclass(frozen=True)
class Planner:
    """Plans for one commit (None: the working tree) and one event time.

    Without `live` AWS is not asked. `window` replaces the pipelines' own. Without `force` a run trains only on news.
    """

    project: Project
    commit: Commit | None
    at: datetime
    live: bool = True
    force: bool = True
    window: Window | None = None
    prices: Mapping[str, Prices] | None = None

    def planned(self, change: Change, after: object, before: object = None) -> Planned:
        """What `change` leads to. `after` and `before` are what the files say; a file with problems counts as none.

        What AWS refuses is part of the plan. Raises RefitError when the window lies beyond the calendar.
        """
        ref = ref_of(self.project, change.key)
        planned = Planned(change, ref.display_path)
        if not isinstance(after, Pipeline):
            return planned
        planned = replace(planned, pipeline=after, cost=self._cost(ref, after))
        if isinstance(before, Pipeline):
            planned = replace(planned, endpoint_month_before=self._cost(ref, before).endpoint_month)
        if change.action is Action.RETRAIN:
            window = self.window or self._own_window(after)
            data, unknown = self._data(ref, after, window)
            planned = replace(planned, window=window, coverage=data, unknown=unknown)
        return replace(planned, run=self._run(planned))

    def _own_window(self, pipeline: Pipeline) -> Window:
        try:
            return window_of(settings_of(pipeline), self.at)
        except StateError as error:
            raise RefitError(f"{pipeline.pipeline}: {error}", "look at the commit's date") from error

    def _run(self, planned: Planned) -> Run | None:
        if self.commit is None or planned.action not in (Action.RETRAIN, Action.REDEPLOY):
            return None
        name = execution_names.for_merge(self.commit, planned.window, force=self.force)
        if planned.window is None:
            asked = event(self.at, commit=self.commit.sha)
            return Run(name, {**asked, "detail": {**asked["detail"], "redeploy": True}})
        # The days are in the event, although the state machine would find the same ones: what was announced is run.
        days = planned.window.start, planned.window.last
        return Run(name, event(self.at, window=days, commit=self.commit.sha, force=self.force))

    def _data(self, ref: PipelineRef, pipeline: Pipeline, window: Window) -> tuple[Coverage | None, str]:
        """What the bucket has of the window, or why that is not known."""
        if not self.live:
            return None, OFFLINE
        try:
            aws = target.connect(ref, pipeline)
            bucket = Stack.of(pipeline, aws).bucket
        except (AwsError, CloudError) as error:
            return None, str(error)
        try:
            return survey(aws, bucket, pipeline, window), ""
        except NotFound:
            return None, f"there is no bucket {bucket} yet; terraform apply creates it"
        except AwsError as error:
            return None, str(error)

    def _cost(self, ref: PipelineRef, pipeline: Pipeline) -> Cost:
        region = _region(ref, pipeline)
        table = PRICES if self.prices is None else self.prices
        return estimate(pipeline, state_machine.render(pipeline), table.get(region or ""), region)


def _region(ref: PipelineRef, pipeline: Pipeline) -> str | None:
    """Where the pipeline lives, as far as its file or this machine's settings say; nothing is asked for it."""
    try:
        return pipeline.region or target.connect(ref, pipeline).region
    except (AwsError, CloudError):
        return None


def plan(
    project: Project,
    base: str,
    head: str | None = None,
    *,
    at: datetime | None = None,
    live: bool = True,
    prices: Mapping[str, Prices] | None = None,
) -> Plan:
    """What merging `head` (the working tree without one) into `base` will do.

    `at` is the event time to plan for; by default the committer's date of `head`, and for a working tree now. Without
    `live` AWS is not asked; `prices` replace the table of driver/refit/costs/prices.py. Raises RefitError for a
    revision that this clone does not have; what AWS refuses is part of the plan, not an error.
    """
    at = at or (Git(project.root).commit(head).committed_at if head else datetime.now(UTC))
    found = compare(project, base, head, since_fork=True, today=at.date())
    planner = Planner(project, found.head, at, live=live, prices=prices)
    pipelines = (planner.planned(one, found.after.get(one.key), found.before.get(one.key)) for one in found.changes)
    return Plan(found.base, found.head, at, tuple(pipelines), found.reformatted, found.machinery, found.upgrade)
