"""The run document as CheckData writes it (docs/run-document.md). Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from lambdas.sagemaker import linear_learner_image
from refit.domain import resource_names
from refit.domain.days import DataObject, fingerprint, iso, missing
from refit.domain.holdout import split
from refit.domain.run_document import Execution, Run
from refit.domain.run_request import Trigger
from refit.domain.window import Window, instant_text

Data = Mapping[date, list[DataObject]]


def new(settings: Mapping[str, Any], execution: Execution, trigger: Trigger, window: Window) -> Run:
    """The document before anything in AWS was looked at. Raises UnknownRegion when the image is not known."""
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
        "name": resource_names.of_run(settings["pipeline"], window.last.isoformat(), execution["arn"]),
        "endpoint": settings["endpoint"],
        "image": settings["image"] or linear_learner_image.linear_learner(settings["region"]),
        "tags": [],
    }


def with_data(run: Run, window: Window, data: Data, holdout_days: int) -> Run:
    """`run` with what the window holds, and named after its newest day with data."""
    train, validation = split(data, holdout_days)
    every = [item for items in data.values() for item in items]
    newest = max(data).isoformat() if data else None
    return {
        **run,
        "days": {"train": iso(train), "validation": iso(validation), "missing": iso(missing(window, data))},
        "objects": len(every),
        "bytes": sum(item.size for item in every),
        "fingerprint": fingerprint(every),
        "newest": newest,
        "name": resource_names.of_run(run["pipeline"], newest, run["execution_arn"]) if newest else run["name"],
    }


def decided(run: Run, outcome: str, reason: str) -> Run:
    """`run` with what CheckData makes of it."""
    return {**run, "outcome": outcome, "reason": reason}


def deploying(run: Run, outcome: str, reason: str, model: str) -> Run:
    """`run` as one that deploys `model`, of an earlier run, and is named after the newest day that it has seen."""
    name = resource_names.of_run(run["pipeline"], resource_names.day_of(model), run["execution_arn"])
    return {**decided(run, outcome, reason), "name": name, "model": model}
