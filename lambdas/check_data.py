"""CheckData: is there new data in the window, and may this run be the one that trains on it?

Takes the lease, lists the window, compares with the watermark, writes the run's manifests. For a redeployment it looks
at what serves instead of at data. It starts nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from lambdas import decision, events, lease, manifest, names, objects, redeployment, watermark
from lambdas.boundary import state
from lambdas.contract import ALREADY_RUNNING, NEW_DATA, NO_NEW_DATA, Execution, Run
from lambdas.window import DataObject, Window, by_day, fingerprint, instant_text, iso, missing, split, window_of

Data = Mapping[date, list[DataObject]]


@state("CheckData", outcome="outcome")
def handler(event: dict[str, Any], context: Any) -> Run:
    """`{event, execution, settings}` → the run document (docs/run-document.md)."""
    settings, execution = event["settings"], event["execution"]
    bucket, prefix = settings["bucket"], settings["prefix"]
    trigger = events.read(event["event"], execution["started_at"])
    window = window_of(settings["window"], trigger.time, trigger.window)

    run = _draft(settings, execution, trigger, window)
    holder = lease.take(bucket, settings["pipeline"], execution)
    if holder is not None:
        run["outcome"], run["reason"] = ALREADY_RUNNING, f"{holder} is still running"
        return run

    run["watermark"] = watermark.read(settings["watermark_parameter"])
    if trigger.redeploy:
        return redeployment.decide(run, settings)

    data = by_day(objects.listed(bucket, prefix, window), prefix, window)
    _describe(run, window, data, settings["window"]["holdout_days"])
    reason = decision.why_not(window, list(data), settings["window"], run["watermark"], force=trigger.force)
    if reason is not None:
        run["outcome"], run["reason"] = NO_NEW_DATA, reason
        return run

    run["manifest"] = _write(run, "manifest", prefix, data, run["days"]["train"])
    if run["days"]["validation"]:
        run["validation"] = _write(run, "validation", prefix, data, run["days"]["validation"])
    run["outcome"], run["reason"] = NEW_DATA, f"{len(data)} of {len(window)} days have data, the newest {run['newest']}"
    return run


def _draft(settings: Mapping[str, Any], execution: Execution, trigger: events.Trigger, window: Window) -> Run:
    """The document before anything in AWS was looked at."""
    return {
        "outcome": "",
        "reason": "",
        "pipeline": settings["pipeline"],
        "run": execution["name"],
        "execution_arn": execution["arn"],
        "event_time": instant_text(trigger.time),
        "commit": trigger.commit,
        "bucket": settings["bucket"],
        "window": window.as_dates(),
        "days": {"train": [], "validation": [], "missing": []},
        "objects": 0,
        "bytes": 0,
        "fingerprint": "",
        "newest": None,
        "watermark": None,
        "manifest": None,
        "validation": None,
        "name": names.of_run(settings["pipeline"], window.last.isoformat(), execution["arn"]),
        "endpoint": settings["endpoint"],
    }


def _describe(run: Run, window: Window, data: Data, holdout_days: int) -> None:
    """Adds what the window holds; the run is named after its newest day with data."""
    train, validation = split(data, holdout_days)
    every = [item for items in data.values() for item in items]
    run["days"] = {"train": iso(train), "validation": iso(validation), "missing": iso(missing(window, data))}
    run["objects"], run["bytes"], run["fingerprint"] = len(every), sum(item.size for item in every), fingerprint(every)
    if data:
        newest = max(data).isoformat()
        run["newest"], run["name"] = newest, names.of_run(run["pipeline"], newest, run["execution_arn"])


def _write(run: Run, kind: str, prefix: str, data: Data, days: Iterable[str]) -> str:
    """Writes the run's manifest of these days' objects; its URI."""
    chosen = (item for day in days for item in data[date.fromisoformat(day)])
    body = manifest.render(run["bucket"], prefix, chosen)
    return objects.write_once(run["bucket"], f"runs/{run['pipeline']}/{run['run']}/{kind}.json", body)
