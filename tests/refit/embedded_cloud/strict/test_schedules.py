"""Schedules that invoke their target twice."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.schedules import at_least_once


@pytest.mark.parametrize(("share", "times"), [(0, 1), (1, 2)])
def test_a_schedule_delivers_its_event_once_or_twice(share: float, times: int) -> None:
    delivered: list[tuple[str, ...]] = []
    at_least_once(Chance("schedules", share))(lambda *each: delivered.append(each), "target", "event", "schedule")
    assert delivered == [("target", "event", "schedule")] * times
