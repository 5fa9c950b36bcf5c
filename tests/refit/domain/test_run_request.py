"""The event that requests a run: instants and dates are parsed strictly, and nothing is guessed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from refit.domain import run_request
from refit.domain.run_request import event

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_an_event_carries_the_instant_in_utc() -> None:
    time = datetime(2026, 11, 22, 8, 30, 0, 999, timezone(timedelta(hours=2, minutes=30)))
    assert event(time) == {"source": "refit.schedule", "time": "2026-11-22T06:00:00Z", "detail": {}}


def test_overrides_travel_in_the_detail() -> None:
    made = event(
        datetime(2026, 1, 1, tzinfo=UTC), window=(date(2025, 12, 1), date(2025, 12, 7)), commit="abc", force=True
    )
    assert made["detail"] == {
        "window": {"start": "2025-12-01", "end": "2025-12-07"},
        "commit": "abc",
        "force": True,
    }


def test_a_training_that_deploys_nothing_may_have_its_days_and_be_forced() -> None:
    made = event(NOW, window=(date(2025, 12, 1), date(2025, 12, 7)), force=True, train_only=True)
    assert made["detail"] == {
        "window": {"start": "2025-12-01", "end": "2025-12-07"},
        "force": True,
        "train_only": True,
    }


def test_a_redeployment_and_a_rollback_may_name_their_commit() -> None:
    assert event(NOW, redeploy=True)["detail"] == {"redeploy": True}
    made = event(NOW, rollback="home-prices-20261122-0a1b2c3d", commit="abc")
    assert made["detail"] == {"rollback": "home-prices-20261122-0a1b2c3d", "commit": "abc"}


@pytest.mark.parametrize("deploy", [{"redeploy": True}, {"rollback": "a-model"}], ids=["redeploy", "rollback"])
@pytest.mark.parametrize(
    "train",
    [{"force": True}, {"train_only": True}, {"window": (date(2025, 12, 1), date(2025, 12, 7))}],
    ids=["force", "train_only", "window"],
)
def test_neither_is_asked_for_together_with_a_training(deploy: dict[str, Any], train: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=f"{next(iter(deploy))} trains nothing"):
        event(NOW, **deploy, **train)


def test_only_one_model_is_deployed() -> None:
    with pytest.raises(ValueError, match="redeploy deploys the live model again, and rollback another one"):
        event(NOW, redeploy=True, rollback="a-model")


@pytest.mark.parametrize("name", ["", "-a", "a-", "a model", "a_model", "x" * 64])
def test_a_rollback_needs_the_name_of_a_model(name: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a model"):
        event(NOW, rollback=name)


@pytest.mark.parametrize(
    "detail",
    [
        {"window": (date(2025, 12, 1), date(2025, 12, 7)), "commit": "abc", "force": True, "train_only": True},
        {"redeploy": True},
        {"rollback": "home-prices-20261122-0a1b2c3d"},
        {},
    ],
)
def test_check_data_reads_back_what_was_asked_for(detail: dict[str, Any]) -> None:
    read = run_request.read(event(NOW, **detail), "2026-11-22T06:00:00Z")
    nothing = run_request.Trigger(NOW, None, None, force=False, train_only=False, redeploy=False, rollback=None)
    window = {"window": {"start": "2025-12-01", "end": "2025-12-07"}} if "window" in detail else {}
    assert read == replace(nothing, **{**detail, **window})
