"""Records of runs of one pipeline, and the run document of a run that trained."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from refit.runs.history import History
from refit.runs.record import Record

TRAINED = {
    "outcome": "NewData",
    "commit": "0123abc",
    "window": {"start": "2026-11-01", "end": "2026-11-04"},
    "days": {"train": ["2026-11-01/2026-11-02"], "validation": ["2026-11-04"], "missing": ["2026-11-03"]},
    "objects": 3,
    "bytes": 4321,
    "newest": "2026-11-04",
    "training": {"job": "prices-20261104-0a1b2c3d"},
    "status": {"metrics": {"train:mse": 3.5, "validation:mse": 4.25}, "billable_seconds": 100},
    "evaluation": {
        "decision": "Accepted",
        "reason": "within 60",
        "metric": "validation:mse",
        "challenger": 4.25,
        "champion": 5.5,
        "champion_model": "prices-20261103-0a1b2c3d",
        "rows": 500,
    },
}


RUN = Record(
    "daily-1",
    "arn:aws:states:us-west-2:123456789012:execution:refit-prices:daily-1",
    "Deployed",
    "all days have data",
    datetime(2026, 11, 22, 6, tzinfo=UTC),
    431.2,
    metrics={"train:mse": 3.5, "validation:mse": 4.25},
    newest="2026-11-21",
    window={"start": "2026-11-15", "end": "2026-11-21"},
    billable_seconds=100,
    cost=0.0123,
)


FAILED = replace(RUN, run="daily-2", ended="JobFailed", reason="AlgorithmError: row\x1b 7", metrics={}, cost=None)


TWO = History("prod/prices", (FAILED, RUN), "validation:mse", "daily-1")
