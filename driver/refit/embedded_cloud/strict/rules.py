"""EventBridge: a rule that was just created or changed does not match yet.

https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html and API_PutTargets.html
"""

from __future__ import annotations

from typing import Any

from ministack.services import eventbridge

from refit.embedded_cloud.ministack_patches.patching import Patch
from refit.embedded_cloud.strict.visibility import CURRENT, Changes

SECONDS = 0.5

changes = Changes(SECONDS)


def install() -> None:
    """Delays every change of a rule."""

    def put(original: Any, data: Any) -> Any:
        reply = original(data)
        if reply[0] == 200:
            changes.record(_owner(data), None)
        return reply

    def matches(original: Any, pattern: Any, view: Any, owner: str = "rule") -> Any:
        return changes.seen(owner) is CURRENT and original(pattern, view, owner)

    for symbol in ("_put_rule", "_put_targets"):
        Patch("ministack.services.eventbridge", symbol, put).apply()
    Patch("ministack.services.eventbridge", "_matches_pattern_view", matches).apply()


def _owner(data: Any) -> str:
    """How ministack names a rule when it matches an event."""
    return f"rule {eventbridge._rule_key(data.get('Rule') or data.get('Name'), data.get('EventBusName') or 'default')}"
