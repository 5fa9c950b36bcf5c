"""Settings of strict mode: whether it is on, and the seed of its chances."""

from __future__ import annotations

import os
from collections.abc import Mapping

from refit.errors import CloudError

STRICT = "REFIT_LOCAL_STRICT"
SEED = "REFIT_LOCAL_STRICT_SEED"
DEFAULT_SEED = 1
SWITCH = {"1": True, "0": False}


def check(environment: Mapping[str, str]) -> None:
    """Raises CloudError if a setting in the environment of a cloud is invalid."""
    switch, seed = environment.get(STRICT, ""), environment.get(SEED, "")
    if switch and switch not in SWITCH:
        raise CloudError(f"{STRICT} must be 1 or 0, got {switch!r}", f"run: unset {STRICT}")
    if seed and not (seed.isascii() and seed.isdigit()):
        raise CloudError(f"{SEED} must be a whole number, got {seed!r}", f"run: unset {SEED}")


def enabled() -> bool:
    """Whether this cloud is in strict mode: REFIT_LOCAL_STRICT, by default on."""
    return SWITCH[os.environ.get(STRICT) or "1"]


def seed() -> int:
    """The seed of what happens by chance: REFIT_LOCAL_STRICT_SEED, by default 1."""
    return int(os.environ.get(SEED) or DEFAULT_SEED)
