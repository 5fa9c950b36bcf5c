"""The settings of strict mode."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.embedded_cloud import lifecycle
from refit.embedded_cloud.strict import settings
from refit.errors import CloudError


@pytest.mark.parametrize(("value", "on"), [(None, True), ("", True), ("1", True), ("0", False)])
def test_strict_mode_is_on_unless_it_is_switched_off(
    monkeypatch: pytest.MonkeyPatch, value: str | None, on: bool
) -> None:
    monkeypatch.delenv(settings.STRICT)
    if value is not None:
        monkeypatch.setenv(settings.STRICT, value)
    assert settings.enabled() is on


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (settings.STRICT, "yes", "REFIT_LOCAL_STRICT must be 1 or 0, got 'yes'"),
        (settings.SEED, "-1", "REFIT_LOCAL_STRICT_SEED must be a whole number, got '-1'"),
        (settings.SEED, "²", "REFIT_LOCAL_STRICT_SEED must be a whole number, got '²'"),
    ],
)
def test_a_bad_value_is_refused_before_anything_starts(state_dir: Path, name: str, value: str, message: str) -> None:
    with pytest.raises(CloudError, match=message.replace("(", "\\(")) as caught:
        lifecycle.start(state_dir, 0, extra_env={name: value})
    assert caught.value.hint == f"run: unset {name}"
    assert lifecycle.running(state_dir) is None


def test_the_seed_is_one_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.seed() == 1
    monkeypatch.setenv(settings.SEED, "42")
    assert settings.seed() == 42
