"""Trains windows of the past, one after the other, each once (`refit backfill PIPELINE --from DATE --to DATE`).

Finished windows are found in the records, which outlive executions, and in Step Functions, so that repeating the
command continues where it stopped. Only the last window is deployed, and only on request.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, time
from functools import partial

from refit.artifacts import state_machine
from refit.aws import executions, hold
from refit.aws.deployed import DeployedPipeline
from refit.aws.session import calling
from refit.costs.estimate import estimate
from refit.costs.prices import PRICES, Prices
from refit.data.coverage import Coverage, survey
from refit.domain.hold import describe
from refit.domain.holdout import days_needed
from refit.domain.outcomes import TRAINED
from refit.domain.run_request import event
from refit.domain.window import Window
from refit.errors import NotFound, RefitError
from refit.pipeline import files as pipeline
from refit.project import PipelineRef
from refit.runs import execution_names
from refit.runs.backfill import training_digest
from refit.runs.backfill.results import BackfillResult, WindowResult, metrics
from refit.runs.backfill.windows import (
    Backfill,
    BackfillRequest,
    PlannedWindow,
    WindowState,
    has_changed,
    newest,
    state_of,
    windows,
    without_data,
)
from refit.runs.launcher import NOT_STARTED, Launcher, LaunchKind, Run
from refit.runs.progress import Progress
from refit.runs.record import Record
from refit.runs.record_store import AT_ONCE, EXECUTIONS, Records

SOURCE = "refit.backfill"
NOON = time(12, tzinfo=UTC)
RESUME = "repeat the command to continue from here"


def plan(ref: PipelineRef, request: BackfillRequest, prices: Mapping[str, Prices] = PRICES) -> Backfill:
    """Plans a backfill: which windows to train, and which are finished. Starts nothing.

    Raises RefitError for an invalid request, for a pipeline that is held although its last window is to be deployed,
    and for a stack that differs from its file; InvalidPipeline, CloudError and AwsError.
    """
    chosen = windows(pipeline.load(ref), request)
    deployed = DeployedPipeline.of(ref)
    digest = _digest(deployed)
    if request.deploy_last:
        _check_not_held(deployed)
    last = chosen[-1] if request.deploy_last else None
    names = {window: execution_names.for_backfill(window, digest, deploys=window == last) for window in chosen}
    records = _records(deployed, tuple(names.values()), prices)
    span = survey(deployed.aws, deployed.stack.data_bucket, deployed.pipeline, Window(chosen[0].start, chosen[-1].end))
    needed = days_needed(deployed.pipeline.window.settings)
    planned = (
        _planned(window, name, span, needed, records, deploys=window == last, again=request.again)
        for window, name in names.items()
    )
    region = deployed.aws.region
    cost = estimate(deployed.pipeline, state_machine.render(deployed.pipeline), prices.get(region), region)
    return Backfill(ref.key, tuple(planned), without_data(span, chosen), needed, cost)


def train(
    ref: PipelineRef,
    planned: Backfill,
    prices: Mapping[str, Prices] = PRICES,
    *,
    report: Callable[[str], None] = lambda line: None,
    poll_seconds: float | None = None,
) -> BackfillResult:
    """Trains the windows of a plan and calls `report` with each line of progress. A failure does not stop the others.

    Raises AwsError if a run cannot be started or followed; the run that was started continues.
    """
    deployed = DeployedPipeline.of(ref)
    records = Records.of(deployed, prices)
    launcher = Launcher(deployed.aws, deployed.stack.state_machine_arn, poll_seconds=poll_seconds)
    results = []
    for window in planned.windows:
        report_window = partial(_report, report, window)
        is_open = window.todo in (WindowState.TRAIN, WindowState.FOLLOW)
        result = _follow(deployed.ref.key, window, launcher, records, report_window) if is_open else _finished(window)
        # The states of a run that was followed have been reported.
        if result.failed or not is_open:
            report_window(" · ".join(filter(None, (result.how, result.state, result.reason))))
        results.append(result)
    return BackfillResult(
        ref.key, tuple(results), metrics(deployed.pipeline, [result.record for result in results if result.record])
    )


def _digest(deployed: DeployedPipeline) -> str:
    """The digest for the names of the runs.

    Raises RefitError if the deployed state machine would train differently from the file, or deploy what it trains.
    """
    key = deployed.ref.key
    apply = f"run: refit terraform apply {key}"
    definition = executions.definition(deployed.aws, deployed.stack.state_machine_arn)
    if TRAINED not in json.loads(definition)["States"]:
        raise RefitError(f"{key} was applied by a version without backfills, and would deploy what it trains", apply)
    for one in training_digest.unapplied(deployed.pipeline, deployed.stack, definition):
        raise RefitError(f"the stack of {key} differs from its file: {one.name}", apply)
    return training_digest.digest(deployed.pipeline, definition)


def _check_not_held(deployed: DeployedPipeline) -> None:
    if held := hold.standing(deployed.aws, deployed.stack.hold_parameter):
        hint = f"omit --deploy-last, or end the hold: refit release {deployed.ref.key}"
        raise RefitError(f"{deployed.ref.key} is {describe(held)}; no run may deploy", hint)


def _records(deployed: DeployedPipeline, first: tuple[str, ...], prices: Mapping[str, Prices]) -> dict[str, Record]:
    """The records of the runs whose names begin with one of `first`, the names of the windows' first runs."""
    bucket, prefix = deployed.stack.bucket, f"{deployed.runs_prefix}{execution_names.BACKFILL}"
    pages = deployed.aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
    with calling(f"list s3://{bucket}/{prefix}"):
        folders = [folder["Prefix"] for page in pages for folder in page.get("CommonPrefixes", ())]
    listed = executions.listed(deployed.aws, deployed.stack.state_machine_arn, EXECUTIONS)
    runs = {folder.removeprefix(deployed.runs_prefix).rstrip("/") for folder in folders} | {one.name for one in listed}
    names = [name for name in runs if name.startswith(first)]
    records = Records.of(deployed, prices)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        read = threads.map(partial(_record, records), names)
        return {record.run: record for record in read if record}


def _record(records: Records, name: str) -> Record | None:
    """None for a run that was stopped before it wrote its record, and whose execution AWS has deleted."""
    try:
        return records.one(name)
    except NotFound:
        return None


def _planned(
    window: Window,
    name: str,
    span: Coverage,
    needed: int,
    records: Mapping[str, Record],
    *,
    deploys: bool,
    again: bool,
) -> PlannedWindow:
    names = execution_names.attempts(name, records)
    record = newest(records[one] for one in names)
    days = [day for day in span.days if day.has_data and day.day in window]
    changed = has_changed(record, sum(day.objects for day in days), sum(day.bytes for day in days))
    todo = state_of(record, enough=len(days) >= needed, changed=changed, again=again)
    run_event = event(
        datetime.combine(window.last, NOON), window=(window.start, window.last), force=deploys, train_only=not deploys
    )
    run_name = record.run if record and todo is not WindowState.TRAIN else execution_names.unused(name, names)
    run = Run(run_name, {**run_event, "source": SOURCE})
    return PlannedWindow(window, todo, run, len(days), record, changed, deploys)


def _finished(window: PlannedWindow) -> WindowResult:
    if window.todo is WindowState.NO_DATA:
        return WindowResult(window, NOT_STARTED, None)
    return WindowResult(window, LaunchKind.REPORTED, window.record)


def _follow(
    pipeline: str, window: PlannedWindow, launcher: Launcher, records: Records, report: Callable[[str], None]
) -> WindowResult:
    """Starts or finds the run, and waits for its end."""
    launch = launcher.launch(window.run)
    report(f"{launch.how} · {launch.name}")
    try:
        launch, _ = launcher.follow(window.run, launch, Progress(report, pipeline))
        return WindowResult(window, launch.how, records.one(launch.name))
    except KeyboardInterrupt:
        report(f"stopped waiting; the run continues; {RESUME}")
        raise
    except RefitError as error:
        error.hint = "; ".join(filter(None, (error.hint, f"{launch.name} continues; {RESUME}")))
        raise


def _report(report: Callable[[str], None], window: PlannedWindow, line: str) -> None:
    report(f"{window.window.last}  {line}")
