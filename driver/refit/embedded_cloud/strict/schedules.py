"""EventBridge Scheduler: a schedule may invoke its target twice, and a new one does not fire in the second it is due.

It delivers at least once: https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html. It fires
within a minute: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from refit.embedded_cloud.ministack_patches.patching import Patch
from refit.embedded_cloud.strict import roles
from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.visibility import visible_after

SHARE = 0.1
FIRST_SECONDS = 2 * roles.SECONDS
"""The age at which a schedule can first fire: later than its role, created before it, is in force."""


def at_least_once(twice: Chance) -> Callable[..., None]:
    """The patch of `deliver`: a second delivery has the same event, and so the same execution ID."""

    def delivering(deliver: Callable[..., None], *arguments: Any) -> None:
        deliver(*arguments)
        if twice.occurs():
            deliver(*arguments)

    return delivering


def not_at_once(
    latest: Callable[..., float | None], schedule: Mapping[str, Any], since: float, now: float
) -> float | None:
    """The patch of `_latest`: a new schedule is not due yet; the time for which it then fires stays the same."""
    is_new = not visible_after(schedule["CreationDate"], FIRST_SECONDS, now)
    return None if is_new else latest(schedule, since, now)


def install() -> None:
    """Wraps the delivery of schedules."""
    chance = Chance("schedules", SHARE)
    module = "refit.embedded_cloud.ministack_patches.scheduler"
    Patch(module, "deliver", at_least_once(chance)).apply()
    Patch(module, "_latest", not_at_once).apply()
