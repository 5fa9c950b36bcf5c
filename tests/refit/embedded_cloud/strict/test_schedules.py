"""Schedules that invoke their target twice, and not in the second in which they were created."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.schedules import FIRST_SECONDS, at_least_once, not_at_once


@pytest.mark.parametrize(("share", "times"), [(0, 1), (1, 2)])
def test_a_schedule_delivers_its_event_once_or_twice(share: float, times: int) -> None:
    delivered: list[tuple[str, ...]] = []
    at_least_once(Chance("schedules", share))(lambda *each: delivered.append(each), "target", "event", "schedule")
    assert delivered == [("target", "event", "schedule")] * times


def test_a_new_schedule_fires_a_moment_later_for_the_same_time() -> None:
    schedule = {"CreationDate": 100.0}

    def latest(_: object, since: float, now: float) -> float | None:
        return since if since <= now else None

    assert not_at_once(latest, schedule, 100, 100 + FIRST_SECONDS - 0.1) is None
    assert not_at_once(latest, schedule, 100, 100 + FIRST_SECONDS) == 100
