"""Builds the run document that CheckData returns (docs/run-document.md). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lambdas.decisions import algorithm
from refit.domain import data_bucket, resource_names
from refit.domain.date_ranges import intervals
from refit.domain.days import DataObject, fingerprint, missing
from refit.domain.holdout import split_holdout
from refit.domain.run_document import Execution, Run
from refit.domain.run_request import Trigger
from refit.domain.window import Window, instant_text

Data = Mapping[date, list[DataObject]]
"""The objects of each day that has data, oldest day first."""


def new(settings: Mapping[str, Any], execution: Execution, trigger: Trigger, window: Window) -> Run:
    """The document before anything is read from AWS. Raises UnknownRegion if the region has no image."""
    data = data_bucket.of_settings(settings)
    return {
        "outcome": "",
        "reason": "",
        "pipeline": settings["pipeline"],
        "run": execution["name"],
        "execution_arn": execution["arn"],
        "event_time": instant_text(trigger.time),
        "commit": trigger.commit,
        "train_only": trigger.train_only,
        "bucket": settings["bucket"],
        "data_bucket": data.name,
        "data_bucket_owner": data.owner,
        "window": window.as_dates(),
        "days": {"train": [], "validation": [], "missing": []},
        "objects": 0,
        "bytes": 0,
        "fingerprint": "",
        "newest": None,
        "watermark": None,
        "stale": None,
        "manifest": None,
        "validation": None,
        "source": None,
        "name": resource_names.of_run(
            settings["pipeline"], window.last.isoformat(), execution["arn"], execution["started_at"]
        ),
        "endpoint": settings["endpoint"],
        "image": settings["image"] or algorithm.named_in(settings).image(settings["region"]),
        "tags": [],
    }


def with_data(run: Run, window: Window, data: Data, holdout_days: int) -> Run:
    """`run` with the window's data; it is named after the newest day with data."""
    train, validation = split_holdout(data, holdout_days)
    objects = [item for items in data.values() for item in items]
    newest = max(data).isoformat() if data else None
    return {
        **run,
        "days": {
            "train": intervals(train),
            "validation": intervals(validation),
            "missing": intervals(missing(window, data)),
        },
        "objects": len(objects),
        "bytes": sum(item.size for item in objects),
        "fingerprint": fingerprint(objects),
        "newest": newest,
        "name": resource_names.with_day(run["name"], newest) if newest else run["name"],
    }


def decided(run: Run, outcome: str, reason: str) -> Run:
    """`run` with CheckData's outcome and the reason for it."""
    return {**run, "outcome": outcome, "reason": reason}


def deploying(run: Run, outcome: str, reason: str, model: str) -> Run:
    """`run` as one that deploys `model` of an earlier run; it is named after the newest day of that model's data."""
    name = resource_names.with_day(run["name"], resource_names.day_of(model))
    return {**decided(run, outcome, reason), "name": name, "model": model}
