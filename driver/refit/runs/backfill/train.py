"""`refit backfill PIPELINE --from DATE --to DATE`: trains windows of the past, one after the other, each once.

What has been done is found in the records, which outlive executions, and in Step Functions; so the same command, given
again, goes on where it was. Nothing is deployed but the last window, and that only when it is asked for.
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
from refit.data.coverage import Coverage, settings_of, survey
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
from refit.runs.backfill import windows as backfill
from refit.runs.backfill.results import BackfillResult, Result, metrics
from refit.runs.backfill.windows import Backfill, BackfillRequest, Planned, WindowState
from refit.runs.launcher import NOT_STARTED, Launcher, LaunchKind, Run
from refit.runs.progress import Progress
from refit.runs.record import Record
from refit.runs.record_store import AT_ONCE, EXECUTIONS, Records

SOURCE = "refit.backfill"
NOON = time(12, tzinfo=UTC)
GO_ON = "the same command goes on from here"


def plan(ref: PipelineRef, asked: BackfillRequest, prices: Mapping[str, Prices] = PRICES) -> Backfill:
    """What is to train, and what has been done. Starts nothing.

    Raises RefitError for windows that cannot be asked for, for a pipeline that somebody holds when its last window is
    to be deployed, and for one that is not applied as its file says; InvalidPipeline, CloudError and AwsError.
    """
    chosen = backfill.windows(pipeline.load(ref), asked)
    applied = DeployedPipeline.of(ref)
    made_by = _recipe(applied)
    if asked.deploy_last:
        _refuse_when_held(applied)
    deployed = chosen[-1] if asked.deploy_last else None
    names = {window: execution_names.for_backfill(window, made_by, deploys=window == deployed) for window in chosen}
    known = _known(applied, tuple(names.values()), prices)
    span = survey(applied.aws, applied.stack.bucket, applied.pipeline, Window(chosen[0].start, chosen[-1].end))
    needed = days_needed(settings_of(applied.pipeline))
    windows = (
        _planned(window, name, span, needed, known, deploys=window == deployed, again=asked.again)
        for window, name in names.items()
    )
    region = applied.aws.region
    cost = estimate(applied.pipeline, state_machine.render(applied.pipeline), prices.get(region), region)
    return Backfill(ref.key, tuple(windows), backfill.without_data(span, chosen), needed, cost)


def train(
    ref: PipelineRef,
    planned: Backfill,
    prices: Mapping[str, Prices] = PRICES,
    *,
    say: Callable[[str], None] = lambda line: None,
    poll_seconds: float | None = None,
) -> BackfillResult:
    """Carries a plan out, telling its progress line by line. A training that fails does not stop the others.

    Raises AwsError when a run cannot be started or followed; what had been started goes on.
    """
    applied = DeployedPipeline.of(ref)
    records = Records.of(applied, prices)
    launcher = Launcher(applied.aws, applied.stack.state_machine_arn, poll_seconds=poll_seconds)
    results = []
    for window in planned.windows:
        tell = partial(_tell, say, window)
        is_open = window.todo in (WindowState.TRAIN, WindowState.FOLLOW)
        result = _followed(window, launcher, records, tell) if is_open else _as_found(window)
        # A run that was followed to a good end has been told of, state by state.
        if result.failed or not is_open:
            tell(" · ".join(filter(None, (result.how, result.state, result.reason))))
        results.append(result)
    found = [result.record for result in results if result.record]
    return BackfillResult(ref.key, tuple(results), metrics(applied.pipeline, found))


def _recipe(applied: DeployedPipeline) -> str:
    """What names the runs. Raises RefitError when what is deployed would train otherwise, or deploy what it trains."""
    key = applied.ref.key
    apply = f"run: refit terraform apply {key}"
    deployed = executions.definition(applied.aws, applied.stack.state_machine_arn)
    if TRAINED not in json.loads(deployed)["States"]:
        raise RefitError(f"{key} was applied before there were backfills, and would deploy what it trains", apply)
    for one in training_digest.unapplied(applied.pipeline, applied.stack, deployed):
        raise RefitError(f"{key} is not applied as its file says: {one.name} differs", apply)
    return training_digest.digest(applied.pipeline, deployed)


def _refuse_when_held(applied: DeployedPipeline) -> None:
    if held := hold.standing(applied.aws, applied.stack.hold_parameter):
        hint = f"leave --deploy-last out, or release it: refit release {applied.ref.key}"
        raise RefitError(f"{applied.ref.key} is {describe(held)}; nothing may be deployed", hint)


def _known(applied: DeployedPipeline, first: tuple[str, ...], prices: Mapping[str, Prices]) -> dict[str, Record]:
    """The runs that a record or Step Functions still tells of, by name: the `first` of each window, and later ones."""
    bucket, prefix = applied.stack.bucket, f"{applied.runs_prefix}{execution_names.BACKFILL}"
    pages = applied.aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
    with calling(f"list s3://{bucket}/{prefix}"):
        folders = [folder["Prefix"] for page in pages for folder in page.get("CommonPrefixes", ())]
    listed = executions.listed(applied.aws, applied.stack.state_machine_arn, EXECUTIONS)
    found = {folder.removeprefix(applied.runs_prefix).rstrip("/") for folder in folders} | {one.name for one in listed}
    names = [name for name in found if name.startswith(first)]
    records = Records.of(applied, prices)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        read = threads.map(partial(_record, records), names)
        return {record.run: record for record in read if record}


def _record(records: Records, name: str) -> Record | None:
    """None for a run that was stopped before it wrote its record, and that Step Functions has forgotten."""
    try:
        return records.one(name)
    except NotFound:
        return None


def _planned(
    window: Window,
    name: str,
    span: Coverage,
    needed: int,
    known: Mapping[str, Record],
    *,
    deploys: bool,
    again: bool,
) -> Planned:
    names = execution_names.attempts(name, known)
    record = backfill.newest(known[one] for one in names)
    days = [day for day in span.days if day.has_data and day.day in window]
    changed = backfill.has_changed(record, sum(day.objects for day in days), sum(day.bytes for day in days))
    todo = backfill.todo(record, enough=len(days) >= needed, changed=changed, again=again)
    asked = event(
        datetime.combine(window.last, NOON), window=(window.start, window.last), force=deploys, train_only=not deploys
    )
    own = record.run if record and todo is not WindowState.TRAIN else execution_names.unused(name, names)
    return Planned(window, todo, Run(own, {**asked, "source": SOURCE}), len(days), record, changed)


def _as_found(window: Planned) -> Result:
    if window.todo is WindowState.NO_DATA:
        return Result(window, NOT_STARTED, None)
    return Result(window, LaunchKind.REPORTED, window.record)


def _followed(window: Planned, launcher: Launcher, records: Records, tell: Callable[[str], None]) -> Result:
    """Starts or finds the run, and waits for its end."""
    launch = launcher.launch(window.run)
    tell(f"{launch.how} · {launch.name}")
    try:
        launch, _ = launcher.follow(window.run, launch, Progress(tell).see)
        return Result(window, launch.how, records.one(launch.name))
    except KeyboardInterrupt:
        tell(f"nobody waits any more; the run goes on, and {GO_ON}")
        raise
    except RefitError as error:
        error.hint = "; ".join(filter(None, (error.hint, f"{launch.name} goes on, and {GO_ON}")))
        raise


def _tell(say: Callable[[str], None], window: Planned, line: str) -> None:
    say(f"{window.window.last}  {line}")
