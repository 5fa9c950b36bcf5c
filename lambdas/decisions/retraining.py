"""Decides whether the window's data requires a training run, and if so writes the run's manifests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdas.aws import s3
from lambdas.aws.parameters import Watermark
from lambdas.decisions import algorithm, changed_days, data_layout, data_rules, manifest, run_document, source_copy
from refit.domain import data_bucket, unread_objects
from refit.domain.data_bucket import DataBucket
from refit.domain.days import grouped
from refit.domain.layout import Layout
from refit.domain.outcomes import NEW_DATA, NO_NEW_DATA
from refit.domain.run_document import Run
from refit.domain.run_request import Trigger
from refit.domain.window import Window, own_day


def decide(run: Run, settings: Mapping[str, Any], trigger: Trigger, window: Window, seen: Watermark) -> Run:
    """CheckData's document: `run` with the window's data and the decision about it.

    Raises ManifestConflict if data changed between two attempts, InvalidSettings for an unknown time zone, SourceGone,
    UnreadableData, Throttled.
    """
    layout = data_layout.of(settings)
    bucket = data_bucket.of_run(run)
    objects = list(s3.listed(bucket, layout, window))
    data, unmarked = grouped(objects, layout, window)
    run = run_document.with_data(run, window, data, settings["window"]["holdout_days"])
    stale_after = settings["stale_after_days"]
    if stale_after is not None and not trigger.train_only:
        today = own_day(settings["window"], trigger.time)
        run["stale"] = data_rules.stale(today, run["newest"], seen.watermark, stale_after)

    not_ready = unread_objects.unmarked(unmarked, layout)
    too_little = data_rules.too_little(window, list(data), settings["window"])
    if too_little is not None:
        unread = unread_objects.sentence(unread_objects.skipped(objects, layout, window, data))
        reasons = (too_little, not_ready, unread, _in_other_layout(bucket, layout, window))
        return run_document.decided(run, NO_NEW_DATA, "; ".join(filter(None, reasons)))
    fingerprints = changed_days.fingerprints(window, data)
    forced = trigger.force or trigger.train_only
    nothing_new = None if forced else data_rules.nothing_new(window, max(data), seen.watermark)
    changed = ""
    if nothing_new is not None:
        skips = settings.get("skips_bad_days", False)
        retrain_on = settings["retrain_on"]
        changed = str(manifest.changes(run, seen.run, fingerprints, retrain_on=retrain_on, skips_bad_days=skips))
    if nothing_new is not None and not changed:
        return run_document.decided(run, NO_NEW_DATA, "; ".join(filter(None, (nothing_new, not_ready))))

    algorithm.require_readable(settings, (item for items in data.values() for item in items))
    run["manifest"] = manifest.write(run, "manifest", layout.prefix, data, run["days"]["train"])
    if run["days"]["validation"]:
        run["validation"] = manifest.write(run, "validation", layout.prefix, data, run["days"]["validation"])
    manifest.write_fingerprints(run, fingerprints)
    if settings["source"] is not None:
        run["source"] = source_copy.keep(run, settings["source"])
    found = f"{len(data)} of {len(window)} days have data, the newest {run['newest']}"
    return run_document.decided(run, NEW_DATA, f"{found}; {changed}" if changed else found)


def _in_other_layout(bucket: DataBucket, layout: Layout, window: Window) -> str:
    """A sentence about an object that names a day in another layout, "" if there is none."""
    for start in unread_objects.pages_to_search(layout, window):
        if found := unread_objects.in_other_layout(s3.first_keys(bucket, layout.prefix, start), layout):
            return str(found)
    return ""
