"""Settings of strict mode: whether it is on, and the seed of its chances."""

from __future__ import annotations

import os

STRICT = "REFIT_LOCAL_STRICT"
SEED = "REFIT_LOCAL_STRICT_SEED"
DEFAULT_SEED = 1
SWITCH = {"1": True, "0": False}


def enabled() -> bool:
    """Whether this cloud is in strict mode: REFIT_LOCAL_STRICT, by default on."""
    return SWITCH[os.environ.get(STRICT) or "1"]


def seed() -> int:
    """The seed of what happens by chance: REFIT_LOCAL_STRICT_SEED, by default 1."""
    return int(os.environ.get(SEED) or DEFAULT_SEED)
