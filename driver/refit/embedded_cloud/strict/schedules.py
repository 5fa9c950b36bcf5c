"""EventBridge Scheduler: a schedule may invoke its target twice, because it delivers at least once.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/what-is-scheduler.html
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from refit.embedded_cloud.ministack_patches.patching import Patch
from refit.embedded_cloud.strict.chance import Chance

SHARE = 0.1


def at_least_once(twice: Chance) -> Callable[..., None]:
    """The patch of `deliver`: a second delivery has the same event, and so the same execution ID."""

    def delivering(deliver: Callable[..., None], *arguments: Any) -> None:
        deliver(*arguments)
        if twice.occurs():
            deliver(*arguments)

    return delivering


def install() -> None:
    """Wraps the delivery of schedules."""
    chance = Chance("schedules", SHARE)
    Patch("refit.embedded_cloud.ministack_patches.scheduler", "deliver", at_least_once(chance)).apply()
