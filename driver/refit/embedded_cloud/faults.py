"""Scripts faults of the embedded cloud: failing jobs, endpoints that roll back, throttling, Slack errors.

A script is a JSON object. Each of training, processing, endpoint and slack has one mode, which applies until the script
changes ("fail") or for the next N uses ({"fail": 2}). throttle has the number of calls to reject for each SageMaker
operation:

    {"training": "fail", "endpoint": {"roll_back": 1}, "slack": "down", "throttle": {"CreateTrainingJob": 2}}

In the server process, `take("training.fail")` returns whether a fault occurs now, and counts down. Faults are not saved
with the state: a cloud starts with those of REFIT_LOCAL_SAGEMAKER_FAULTS, or none.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from refit.errors import CloudError

if TYPE_CHECKING:
    from refit.embedded_cloud.client import Cloud

VARIABLE = "REFIT_LOCAL_SAGEMAKER_FAULTS"
PATH = "/_refit/faults"
MODES: Mapping[str, tuple[str, ...]] = {
    "training": ("fail", "stop", "hang"),
    "processing": ("fail", "stop", "hang"),
    "endpoint": ("fail_create", "roll_back", "hang"),
    "slack": ("down", "ratelimited", "invalid_auth"),
}
THROTTLE = "throttle"
SUPPORTED = "; ".join(
    [*(f"{name}: {' | '.join(modes)}" for name, modes in MODES.items()), "throttle: {operation: calls}"]
)

POLL_SECONDS = 0.1

_lock = threading.Lock()
_left: dict[str, int | None] = {}


def parse(script: object) -> dict[str, int | None]:
    """The faults of a script as {"training.fail": None, "throttle.CreateTrainingJob": 2}; None means until changed.

    Raises CloudError for an unknown fault, with the list of supported faults.
    """
    if not isinstance(script, Mapping):
        raise CloudError("the faults must be a JSON object", f"supported faults: {SUPPORTED}")
    left: dict[str, int | None] = {}
    for name, value in script.items():
        counts = {value: None} if isinstance(value, str) and name != THROTTLE else value
        if (name != THROTTLE and name not in MODES) or not isinstance(counts, Mapping):
            raise CloudError(f"unknown fault {name}: {json.dumps(value)}", f"supported faults: {SUPPORTED}")
        for mode, count in counts.items():
            counted = isinstance(count, int) and not isinstance(count, bool) and count >= 0
            if (name != THROTTLE and mode not in MODES[name]) or not (counted or count is None):
                raise CloudError(f"unknown fault {name}: {json.dumps(value)}", f"supported faults: {SUPPORTED}")
            left[f"{name}.{mode}"] = count
    return left


def load(text: str) -> None:
    """Activates a script in JSON. Raises CloudError."""
    try:
        script = json.loads(text)
    except ValueError as error:
        raise CloudError(f"the faults are not JSON: {error}", f"supported faults: {SUPPORTED}") from error
    replace(script)


def replace(script: object) -> None:
    """Activates a script in this process, replacing the previous one. If it is invalid, raises CloudError instead."""
    parsed = parse(script)
    with _lock:
        _left.clear()
        _left.update(parsed)


def active() -> dict[str, Any]:
    """The active script with its remaining counts: {"training": {"fail": None}, …}; None means until changed."""
    script: dict[str, Any] = {}
    with _lock:
        for name, count in _left.items():
            fault, _, mode = name.partition(".")
            script.setdefault(fault, {})[mode] = count
    return script


def take(name: str) -> bool:
    """Whether the fault `name` ("endpoint.hang", "throttle.CreateModel") occurs now; a count is reduced by one."""
    with _lock:
        if name not in _left:
            return False
        count = _left[name]
        if count is None:
            return True
        if count <= 1:
            del _left[name]
        else:
            _left[name] = count - 1
        return count > 0


def wait(script: Mapping[str, Any], ended: threading.Event | None = None) -> None:
    """Blocks until the active script differs from `script`, or `ended` is set.

    `script` is what `active` returned when the fault occurred. A counted hang ({"hang": 1}) is removed from the script
    when it is used up, so only a script other than {} ends it.
    """
    ended = ended or threading.Event()
    while active() == script and not ended.wait(POLL_SECONDS):
        pass


def set(cloud: Cloud, script: Mapping[str, Any]) -> None:
    """Activates a script in a running cloud, replacing the previous one. Raises CloudError if it is invalid."""
    cloud.request("POST", PATH, script)


def clear(cloud: Cloud) -> None:
    """Removes all scripted faults of a running cloud."""
    cloud.request("DELETE", PATH)
