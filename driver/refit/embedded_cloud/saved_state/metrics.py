"""CloudWatch: saves data points as records, because every invocation of a function adds to four metrics."""

from __future__ import annotations

import copy
from ast import literal_eval
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from functools import partial
from typing import Any

from ministack.services import cloudwatch

from refit.embedded_cloud.ministack_patches.patching import lookup

PART = 100
"""The number of data points in a record."""
COPIED = ("alarms", "composite_alarms", "composite_triggers", "alarm_history", "dashboards", "resource_tags")

for _name in ("_metrics", *(f"_{each}" for each in COPIED)):
    lookup("ministack.services.cloudwatch", _name)


def get_state() -> dict[str, Any]:
    """The state without metrics."""
    return {name: copy.deepcopy(getattr(cloudwatch, f"_{name}")) for name in COPIED}


def records() -> Iterator[tuple[str, Hashable, Callable[[], Any]]]:
    """The data points of each metric, in parts of the same length."""
    for key, points in list(cloudwatch._metrics._data.items()):
        for start in range(0, len(points), PART):
            part = points[start : start + PART]
            name = repr((key, start))
            version = (len(part), part[0]["Timestamp"], part[-1]["Timestamp"])
            yield name, version, partial(_document, key, start, part)


def load_persisted_state(data: dict[str, Any]) -> None:
    """Restores what was saved, also by a version of Refit without parts."""
    cloudwatch.load_persisted_state(data)
    parts: dict[Any, dict[int, Any]] = defaultdict(dict)
    for record in data.get("records", {}).values():
        parts[literal_eval(record["metric"])][record["start"]] = record["points"]
    for key, found in parts.items():
        cloudwatch._metrics._data[key] = [point for start in sorted(found) for point in found[start]]


def _document(key: Any, start: int, points: list[Any]) -> dict[str, Any]:
    return {"metric": repr(key), "start": start, "points": points}
