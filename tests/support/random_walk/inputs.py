"""Random inputs of executions: every form of an event, and other JSON."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Any

from refit.domain import run_request
from tests.support.random_walk.shapes import TEXTS

TIME = datetime(2026, 1, 1, 6, tzinfo=UTC)
EVENTS = (
    run_request.event(TIME),
    run_request.event(TIME, force=True, commit="0a1b2c3"),
    run_request.event(TIME, window=(date(2025, 12, 1), date(2025, 12, 31))),
    run_request.event(TIME, train_only=True),
    run_request.event(TIME, redeploy=True),
    run_request.event(TIME, rollback="prices-20251201-ffffffff"),
)
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1.5,
    "",
    [],
    [[]],
    [1],
    [{"a": 1}],
    {},
    {"event": None},
    {"failed": {"CheckData": {}}},
    {"": "", "a.b": 1, "$.x": [None], "'": {}},
    {"detail": None},
    {"deep": [[[[{"a": [{}]}]]]]},
)


def event(rng: random.Random) -> Any:
    """An input."""
    return rng.choice((rng.choice(EVENTS), rng.choice(EVENTS), rng.choice(ODD), rng.choice(TEXTS)))
