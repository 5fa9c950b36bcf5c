"""What happens by chance, and yet the same each time."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.strict import settings
from refit.embedded_cloud.strict.chance import Chance


def drawn(purpose: str, share: float = 0.3) -> list[bool]:
    chance = Chance(purpose, share)
    return [chance.occurs() for _ in range(1000)]


def test_it_happens_to_a_share_of_the_calls() -> None:
    assert 250 < sum(drawn("names")) < 350
    assert not any(drawn("names", 0))
    assert all(drawn("names", 1))


def test_the_same_seed_gives_the_same_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    first = drawn("names")
    assert drawn("names") == first
    assert drawn("metrics") != first
    monkeypatch.setenv(settings.SEED, "2")
    assert drawn("names") != first
