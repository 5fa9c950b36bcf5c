"""The settings of strict mode."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.strict import settings


@pytest.mark.parametrize(("value", "on"), [(None, True), ("", True), ("1", True), ("0", False)])
def test_strict_mode_is_on_unless_it_is_switched_off(
    monkeypatch: pytest.MonkeyPatch, value: str | None, on: bool
) -> None:
    monkeypatch.delenv(settings.STRICT)
    if value is not None:
        monkeypatch.setenv(settings.STRICT, value)
    assert settings.enabled() is on


def test_the_seed_is_one_unless_it_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.seed() == 1
    monkeypatch.setenv(settings.SEED, "42")
    assert settings.seed() == 42
