"""CloudWatch Logs: saves log streams as records, because every invocation of a function has a stream of its own."""

from __future__ import annotations

import copy
import hashlib
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from functools import partial
from typing import Any

from ministack.core.responses import AccountRegionScopedDict
from ministack.services import cloudwatch_logs as logs

from refit.embedded_cloud.ministack_patches.patching import lookup

Place = tuple[str, str, str, str]
"""Account, region, log group and log stream."""

MINUTE = 60_000
"""In milliseconds, as the times of CloudWatch Logs are."""
COPIED = (
    "destinations",
    "resource_policies",
    "log_group_policies",
    "metric_filters",
    "queries",
    "delivery_sources",
    "delivery_destinations",
    "deliveries",
)
"""What ministack saves besides log groups; the pointers to single events (`log_records`) are made again by queries."""

for _name in ("_log_groups", *(f"_{each}" for each in COPIED)):
    lookup("ministack.services.cloudwatch_logs", _name)


def get_state() -> dict[str, Any]:
    """The log groups without their streams, and the rest of the state."""
    groups = AccountRegionScopedDict()
    for place, group in list(logs._log_groups._data.items()):
        groups._data[place] = {**copy.deepcopy({k: v for k, v in group.items() if k != "streams"}), "streams": {}}
    return {"log_groups": groups, **{name: copy.deepcopy(getattr(logs, f"_{name}")) for name in COPIED}}


def records() -> Iterator[tuple[str, Hashable, Callable[[], Any]]]:
    """The streams that were created in the same minute, as one record for each minute."""
    minutes: dict[int, list[tuple[Place, Any]]] = defaultdict(list)
    for place, group in list(logs._log_groups._data.items()):
        for name, stream in list(group["streams"].items()):
            minutes[stream["creationTime"] // MINUTE].append(((*place, name), stream))
    for minute, streams in minutes.items():
        # The token counts the calls of PutLogEvents; Lambda's streams are written once.
        state = [(place, len(stream["events"]), stream["uploadSequenceToken"]) for place, stream in streams]
        version = hashlib.sha256(repr(state).encode(errors="surrogatepass")).hexdigest()
        yield str(minute), version, partial(_document, streams)


def load_persisted_state(data: dict[str, Any]) -> None:
    """Restores what was saved, also by a version of Refit without records."""
    logs.load_persisted_state(data)
    for record in data.get("records", {}).values():
        for account, region, group_name, name, stream in record["streams"]:
            group = logs._log_groups._data.get((account, region, group_name))
            if group is not None:
                group["streams"][name] = stream


def _document(streams: list[tuple[Place, Any]]) -> dict[str, Any]:
    return {"streams": [[*place, {**stream, "events": list(stream["events"])}] for place, stream in streams]}
