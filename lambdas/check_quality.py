"""CheckQuality: checks the data of a run against the pipeline's data contract, before any of it is trained on.

Reads the objects that the manifests list, and compares their days with the contract and with the days that the live
model was trained on. Days that the live model's run has measured, and that have not changed, are not read again. With
`on_bad_day = "skip"`, a bad day is left out: the run then trains on manifests of its own, and CheckData's stay.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, BinaryIO, cast

from lambdas.aws import parameters
from lambdas.aws.handler import state
from lambdas.decisions import changed_days, data_layout, manifest
from lambdas.quality import findings, verdict, window_data
from lambdas.quality.findings import Findings
from lambdas.quality.object_stream import ObjectStream
from lambdas.quality.verdict import Newness
from refit.domain import data_bucket, run_request
from refit.domain.data_bucket import DataBucket
from refit.domain.data_contract import Contract
from refit.domain.data_quality import DayQuality, judge
from refit.domain.date_ranges import intervals
from refit.domain.day_statistics import merged
from refit.domain.days import DataObject
from refit.domain.errors import WindowTooLarge
from refit.domain.formatting import size
from refit.domain.holdout import split_holdout
from refit.domain.layout import Layout
from refit.domain.outcomes import ACCEPTED, REJECTED
from refit.domain.run_document import Days, Quality, Run
from refit.domain.window import window_of
from refit.quality.measure import measure_day

MAX_BYTES = 4 * 2**30
"""The most data that an invocation reads. It stays far below what the function's 15 minutes suffice for."""
CHECKED, CHECKED_VALIDATION = "checked_manifest", "checked_validation"

Data = dict[date, list[DataObject]]


@state("CheckQuality", outcome="quality.decision")
def handler(event: dict[str, Any], context: Any) -> Run:
    """`{run, event, execution, settings}` → the run document with the section `quality`.

    Raises DataChanged, WindowTooLarge, ManifestConflict if the data changed between two attempts, InvalidParameter,
    and Throttled.
    """
    run: Run = event["run"]
    settings = event["settings"]
    contract = Contract.from_document(settings["contract"])
    trigger = run_request.read(event["event"], event["execution"]["started_at"])
    window = window_of(settings["window"], trigger.time, trigger.window)
    layout = data_layout.of(settings)
    data = window_data.of_run(run, layout, window)
    fingerprints = changed_days.fingerprints(window, data)

    seen = parameters.seen(settings).run
    live = findings.of_run(run, seen)
    found = _measured(data_bucket.of_run(run), data, fingerprints, contract, live, _remaining_seconds(context))
    judged = judge(
        {day: one.statistics for day, one in found.items()},
        contract,
        [one.rows for one in live.trained.values()] or [one.statistics.rows for one in found.values()],
        live.all_trained,
    )
    found = {day: DayQuality(one.statistics, (*one.breaches, *judged[day])) for day, one in found.items()}
    breaches = {day: one.breaches for day, one in found.items() if not one.passed}

    skips = contract.on_bad_day == verdict.SKIP
    good = {day: now for day, now in fingerprints.items() if day not in breaches}
    changes = manifest.changes(run, seen, good, retrain_on=settings["retrain_on"], skips_bad_days=skips)
    newness = Newness(trigger.force or trigger.train_only, run["watermark"], changes)
    reached = verdict.of(breaches, data, contract, window, settings["window"], newness)

    skipped = [day.isoformat() for day in reached.skipped]
    written = findings.write(
        run, Findings(found, fingerprints, tuple(skipped), columns=findings.columns_digest(contract))
    )
    checked = merged(one.statistics for day, one in found.items() if day not in skipped)
    moved = verdict.moved(live.all_trained, checked)
    accepted = verdict.accepted(checked.rows, len(found) - len(skipped), moved)
    without = f"without {verdict.text(breaches)}: " if skipped else ""
    quality: Quality = {
        "decision": REJECTED if reached.rejected else ACCEPTED,
        "reason": reached.rejected or f"{without}{accepted}",
        "rows": checked.rows,
        "skipped": intervals(reached.skipped),
        "breaches": verdict.summary(breaches),
        "drift": moved,
        "statistics": written,
    }
    checked_run: Run = {**run, "quality": quality}
    if not skipped:
        return checked_run
    manifest.write_skipped(run, {day: fingerprints[day] for day in skipped})
    left = {day: objects for day, objects in data.items() if day not in reached.skipped}
    return _without_skipped(checked_run, layout, left, settings["window"]["holdout_days"])


def _measured(
    bucket: DataBucket,
    data: Data,
    fingerprints: Mapping[str, str | None],
    contract: Contract,
    live: Findings,
    remaining: Callable[[], float],
) -> dict[str, DayQuality]:
    """The statistics and the bad rows of each day, from the live model's run or from the objects themselves."""
    found = {str(day): live.known(str(day), fingerprints[str(day)], contract) for day in data}
    unknown = {day: objects for day, objects in data.items() if found[str(day)] is None}
    total = sum(item.size for objects in unknown.values() for item in objects)
    if total > MAX_BYTES:
        raise WindowTooLarge(
            f"{size(total)} of the window have not been checked yet, and CheckQuality reads at most {size(MAX_BYTES)}: "
            "choose a shorter window, or remove data.schema"
        )
    for day, objects in unknown.items():
        streams = ((item.key, cast(BinaryIO, ObjectStream(bucket, item, remaining))) for item in objects)
        found[str(day)] = DayQuality(*measure_day(streams, contract))
    return {day: one for day, one in found.items() if one is not None}


def _without_skipped(run: Run, layout: Layout, data: Data, holdout_days: int) -> Run:
    """`run` with the days that are left, and with manifests of these."""
    train, validation = split_holdout(data, holdout_days)
    objects = [item for items in data.values() for item in items]
    days: Days = {**run["days"], "train": intervals(train), "validation": intervals(validation)}
    return {
        **run,
        "days": days,
        "objects": len(objects),
        "bytes": sum(item.size for item in objects),
        "newest": max(data).isoformat(),
        "manifest": manifest.write(run, CHECKED, layout.prefix, data, days["train"]),
        "validation": manifest.write(run, CHECKED_VALIDATION, layout.prefix, data, days["validation"])
        if validation
        else None,
    }


def _remaining_seconds(context: Any) -> Callable[[], float]:
    return lambda: float(context.get_remaining_time_in_millis() / 1000)
