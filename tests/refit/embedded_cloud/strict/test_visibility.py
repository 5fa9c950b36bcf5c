"""How long a change stays invisible."""

from __future__ import annotations

from refit.embedded_cloud.strict.visibility import CURRENT, Changes, visible_after


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_change_is_visible_after_its_delay() -> None:
    clock = Clock()
    changes = Changes(2, clock)
    assert changes.seen("role") is CURRENT
    changes.record("role", None)
    clock.now = 1.9
    assert changes.seen("role") is None
    assert changes.seen("another") is CURRENT
    clock.now = 2
    assert changes.seen("role") is CURRENT


def test_each_of_several_changes_becomes_visible_in_turn() -> None:
    clock = Clock()
    changes = Changes(2, clock)
    changes.record("role", "none")
    clock.now = 1
    changes.record("role", "first")
    assert changes.seen("role") == "none"
    clock.now = 2.5
    assert changes.seen("role") == "first"
    clock.now = 3
    assert changes.seen("role") is CURRENT


def test_a_moment_is_visible_after_its_delay() -> None:
    assert not visible_after(100, 0.5, now=100.4)
    assert visible_after(100, 0.5, now=100.5)
