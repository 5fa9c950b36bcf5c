"""Scripted faults: what the embedded cloud does wrong on purpose, and how often.

A script is a JSON object. Each of training, endpoint and slack takes one mode, until it is changed ("fail") or for the
next N uses ({"fail": 2}); throttle takes the number of calls to refuse for each SageMaker operation:

    {"training": "fail", "endpoint": {"roll_back": 1}, "slack": "down", "throttle": {"CreateTrainingJob": 2}}

Within the cloud's process, `take("training.fail")` asks whether a fault strikes now; a counted one is used up.
Faults are not part of the saved state: a cloud starts with those of REFIT_LOCAL_SAGEMAKER_FAULTS, or none.
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
    "endpoint": ("fail_create", "roll_back", "hang"),
    "slack": ("down", "ratelimited", "invalid_auth"),
}
THROTTLE = "throttle"
KNOWN = "; ".join([*(f"{name}: {' | '.join(modes)}" for name, modes in MODES.items()), "throttle: {operation: calls}"])

POLL_SECONDS = 0.1

_lock = threading.Lock()
_left: dict[str, int | None] = {}


def parse(script: object) -> dict[str, int | None]:
    """The faults of a script as {"training.fail": None, "throttle.CreateTrainingJob": 2}; None means until changed.

    Raises CloudError for anything unknown, listing what is known.
    """
    if not isinstance(script, Mapping):
        raise CloudError("faults are a JSON object", f"the faults are {KNOWN}")
    left: dict[str, int | None] = {}
    for name, wanted in script.items():
        counts = {wanted: None} if isinstance(wanted, str) and name != THROTTLE else wanted
        if (name != THROTTLE and name not in MODES) or not isinstance(counts, Mapping):
            raise CloudError(f"unknown fault {name}: {json.dumps(wanted)}", f"the faults are {KNOWN}")
        for mode, count in counts.items():
            counted = isinstance(count, int) and not isinstance(count, bool) and count >= 0
            if (name != THROTTLE and mode not in MODES[name]) or not (counted or count is None):
                raise CloudError(f"unknown fault {name}: {json.dumps(wanted)}", f"the faults are {KNOWN}")
            left[f"{name}.{mode}"] = count
    return left


def load(text: str) -> None:
    """Puts a script in force that is given as JSON. Raises CloudError."""
    try:
        script = json.loads(text)
    except ValueError as error:
        raise CloudError(f"the faults are not JSON: {error}", f"the faults are {KNOWN}") from error
    replace(script)


def replace(script: object) -> None:
    """Puts a script in force in this process, in place of the last one. Raises CloudError, and then changes nothing."""
    parsed = parse(script)
    with _lock:
        _left.clear()
        _left.update(parsed)


def active() -> dict[str, Any]:
    """The script in force in this process, as it now stands: {"training": {"fail": None}, …}; None = until changed."""
    script: dict[str, Any] = {}
    with _lock:
        for name, count in _left.items():
            fault, _, mode = name.partition(".")
            script.setdefault(fault, {})[mode] = count
    return script


def take(name: str) -> bool:
    """Whether the fault `name` ("endpoint.hang", "throttle.CreateModel") strikes now; uses one up when counted."""
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
    """Blocks until the script in force differs from `script`, or `ended` is set.

    `script` is what `active` returned when the fault struck. A counted hang ({"hang": 1}) leaves the script when it is
    used up, so only a script other than {} ends it.
    """
    ended = ended or threading.Event()
    while active() == script and not ended.wait(POLL_SECONDS):
        pass


def set(cloud: Cloud, script: Mapping[str, Any]) -> None:
    """Puts a script in force in a running cloud, in place of the last one. Raises CloudError when it is refused."""
    cloud.request("POST", PATH, script)


def clear(cloud: Cloud) -> None:
    """Ends every scripted fault of a running cloud."""
    cloud.request("DELETE", PATH)
