"""Plans what a merge does to each pipeline (`refit plan --base REV`): its window, data, cost and run. Changes nothing.

Without AWS the plan still has the windows, and says that the availability of data is unknown.

The event time determines a sliding window. For a commit it is the committer's date, so that the same commit always has
the same window, whenever a workflow runs again. A merge, a squash and a rebase on GitHub create a new commit, dated at
the merge: its window ends on the day of the merge, and data that arrives later is left to the next scheduled run. Only
a commit that is pushed long after it was made (a local fast-forward) has a window in the past; the watermark then stays
unchanged, and the next scheduled run trains on the newer days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from refit.artifacts import state_machine
from refit.aws import target
from refit.aws.stack import Stack
from refit.costs.estimate import Cost, estimate
from refit.costs.prices import PRICES, Prices
from refit.data.check import of_live_model
from refit.data.coverage import Coverage, listed, survey
from refit.domain.contract_change import rejudged
from refit.domain.data_bucket import DataBucket
from refit.domain.data_quality import Breach
from refit.domain.days import by_day
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
from refit.plan.plan import Plan, PlannedPipeline
from refit.project import PipelineRef, Project
from refit.runs import execution_names
from refit.runs.launcher import Run

OFFLINE = "not checked (--offline)"


@dataclass(frozen=True)
class Planner:
    """Plans pipelines of one commit (None: the working tree) at one event time.

    Without `live`, AWS is not called. `window` replaces the pipelines' own. Without `force`, a run trains only if there
    is new data.
    """

    project: Project
    commit: Commit | None
    at: datetime
    live: bool = True
    force: bool = True
    window: Window | None = None
    prices: Mapping[str, Prices] | None = None

    def planned(self, change: Change, after: object, before: object = None) -> PlannedPipeline:
        """The plan for `change`. `after` and `before` are the pipelines of the files; one with problems is ignored.

        Errors of AWS are part of the plan. Raises RefitError if the window is outside of the calendar.
        """
        ref = ref_of(self.project, change.key)
        planned = PlannedPipeline(change, ref.display_path)
        if not isinstance(after, Pipeline):
            return planned
        planned = replace(planned, pipeline=after, cost=self._cost(ref, after))
        if isinstance(before, Pipeline):
            planned = replace(planned, endpoint_month_before=self._cost(ref, before).endpoint_month)
        if change.action is Action.RETRAIN:
            window = self.window or self._own_window(after)
            data, unknown = self._data(ref, after, window)
            planned = replace(planned, window=window, coverage=data, unknown=unknown)
            if data is not None and isinstance(before, Pipeline):
                planned = replace(planned, uncounted=self._uncounted(ref, before, data))
        if _is_about_data(change):
            planned = replace(planned, contract=self._contract(ref, after))
        return replace(planned, run=self._run(planned))

    def _own_window(self, pipeline: Pipeline) -> Window:
        try:
            return window_of(pipeline.window.settings, self.at)
        except StateError as error:
            raise RefitError(f"{pipeline.pipeline}: {error}", "check the commit's date") from error

    def _run(self, planned: PlannedPipeline) -> Run | None:
        if self.commit is None or planned.action not in (Action.RETRAIN, Action.REDEPLOY):
            return None
        name = execution_names.for_merge(self.commit, planned.window, force=self.force)
        if planned.window is None:
            return Run(name, event(self.at, commit=self.commit.sha, redeploy=True))
        # With the window in the event, the run trains on the announced days, whatever the state machine would compute.
        days = planned.window.start, planned.window.last
        return Run(name, event(self.at, window=days, commit=self.commit.sha, force=self.force))

    def _data(self, ref: PipelineRef, pipeline: Pipeline, window: Window) -> tuple[Coverage | None, str]:
        """The data in the window, or why it is unknown."""
        if not self.live:
            return None, OFFLINE
        try:
            aws = target.connect(ref, pipeline)
            bucket = Stack.of(pipeline, aws).data_bucket
        except (AwsError, CloudError) as error:
            return None, str(error)
        try:
            return survey(aws, bucket, pipeline, window), ""
        except NotFound:
            if pipeline.data.bucket:
                return None, f"there is no bucket {bucket.name}"
            return None, f"there is no bucket {bucket.name} yet; terraform apply creates it"
        except AwsError as error:
            return None, str(error)

    def _uncounted(self, ref: PipelineRef, before: Pipeline, data: Coverage) -> tuple[date, ...]:
        """The days of the window with data by the names of the old file alone; none if these cannot be listed."""
        if before.data.key_layout == data.layout:
            return ()
        try:
            aws = target.connect(ref, before)
            objects = list(listed(aws, DataBucket(data.bucket), before.data.key_layout, data.window))
        except (AwsError, CloudError):
            return ()
        return tuple(day for day in by_day(objects, before.data.key_layout, data.window) if day not in data.with_data)

    def _contract(self, ref: PipelineRef, pipeline: Pipeline) -> Mapping[str, tuple[Breach, ...]]:
        """What the contract means for the days that the live model's run has measured; empty if none are known."""
        if not self.live or pipeline.contract is None:
            return {}
        try:
            aws = target.connect(ref, pipeline)
            return rejudged(of_live_model(aws, Stack.of(pipeline, aws), pipeline.pipeline), pipeline.contract)
        except (AwsError, CloudError):
            return {}

    def _cost(self, ref: PipelineRef, pipeline: Pipeline) -> Cost:
        region = _region(ref, pipeline)
        table = PRICES if self.prices is None else self.prices
        return estimate(pipeline, state_machine.render(pipeline), table.get(region or ""), region)


def _is_about_data(change: Change) -> bool:
    """Whether the change trains, or changes the data contract."""
    return change.action is Action.RETRAIN or any(one.field.startswith(("data.", "drift.")) for one in change.fields)


def _region(ref: PipelineRef, pipeline: Pipeline) -> str | None:
    """The pipeline's region, from its file or the settings of this machine, without a call; None if unknown."""
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
    """Plans the merge of `head` (None: the working tree) into `base`.

    `at` is the event time; by default the committer's date of `head`, and now for a working tree. Without `live`, AWS
    is not called; `prices` replace the table of driver/refit/costs/prices.py. Raises RefitError for a revision that is
    not in this clone; errors of AWS are part of the plan.
    """
    at = at or (Git(project.root).commit(head).committed_at if head else datetime.now(UTC).replace(microsecond=0))
    comparison = compare(project, base, head, since_fork=True, now=at)
    planner = Planner(project, comparison.head, at, live=live, prices=prices)
    pipelines = (
        planner.planned(one, comparison.after.get(one.key), comparison.before.get(one.key))
        for one in comparison.changes
    )
    return Plan(
        comparison.base,
        comparison.head,
        at,
        tuple(pipelines),
        comparison.reformatted,
        comparison.machinery,
        comparison.upgrade,
        comparison.strays,
    )
