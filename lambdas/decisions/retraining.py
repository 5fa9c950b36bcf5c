"""Whether the window's data is worth a training, and if so the run's manifests: which objects it is to train on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from lambdas.aws import s3
from lambdas.aws.parameters import Watermark
from lambdas.decisions import changed_days, data_rules, manifest, run_document, source_copy, staleness
from lambdas.decisions.changed_days import Fingerprints
from lambdas.decisions.run_document import Data
from refit.domain.days import by_day
from refit.domain.outcomes import NEW_DATA, NO_NEW_DATA
from refit.domain.run_document import Run
from refit.domain.run_request import Trigger
from refit.domain.setting_values import ANY_CHANGE
from refit.domain.window import Window, own_day


def decide(run: Run, settings: Mapping[str, Any], trigger: Trigger, window: Window, seen: Watermark) -> Run:
    """CheckData's document: `run` with what the window holds and what is to be done about it.

    Raises ManifestConflict when data changed between two attempts, InvalidSettings for an unknown time zone,
    SourceGone, Throttled.
    """
    prefix = settings["prefix"]
    data = by_day(s3.listed(run["bucket"], prefix, window), prefix, window)
    run = run_document.with_data(run, window, data, settings["window"]["holdout_days"])
    stale_after = settings["stale_after_days"]
    if stale_after is not None and not trigger.train_only:
        today = own_day(settings["window"], trigger.time)
        run["stale"] = staleness.sentence(today, run["newest"], seen.watermark, stale_after)

    too_little = data_rules.too_little(window, list(data), settings["window"])
    if too_little is not None:
        return run_document.decided(run, NO_NEW_DATA, too_little)
    fingerprints = changed_days.fingerprints(window, data)
    anyway = trigger.force or trigger.train_only
    nothing_new = None if anyway else data_rules.nothing_new(window, max(data), seen.watermark)
    changed = ""
    if nothing_new is not None and settings["retrain_on"] == ANY_CHANGE:
        changed = str(changed_days.between(_fingerprints(run, seen.run), fingerprints))
    if nothing_new is not None and not changed:
        return run_document.decided(run, NO_NEW_DATA, nothing_new)

    run["manifest"] = _write(run, "manifest", _manifest(run, prefix, data, run["days"]["train"]))
    if run["days"]["validation"]:
        run["validation"] = _write(run, "validation", _manifest(run, prefix, data, run["days"]["validation"]))
    _write(run, "fingerprints", json.dumps(fingerprints).encode())
    if settings["source"] is not None:
        run["source"] = source_copy.keep(run, settings["source"])
    what = f"{len(data)} of {len(window)} days have data, the newest {run['newest']}"
    return run_document.decided(run, NEW_DATA, f"{what}; {changed}" if changed else what)


def _fingerprints(run: Run, of_run: str | None) -> Fingerprints:
    """Those that the run `of_run` wrote down; none when there was no such run, or its object is gone."""
    found = s3.read(run["bucket"], _key(run["pipeline"], of_run, "fingerprints")) if of_run is not None else None
    return json.loads(found.body) if found is not None else {}


def _manifest(run: Run, prefix: str, data: Data, days: Iterable[str]) -> bytes:
    return manifest.render(run["bucket"], prefix, (item for day in days for item in data[date.fromisoformat(day)]))


def _write(run: Run, kind: str, body: bytes) -> str:
    """Writes an object of this run, once; its URI."""
    return s3.write_once(run["bucket"], _key(run["pipeline"], run["run"], kind), body)


def _key(pipeline: str, run: str, kind: str) -> str:
    return f"runs/{pipeline}/{run}/{kind}.json"
