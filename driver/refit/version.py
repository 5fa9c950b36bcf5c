"""The version of Refit: written here once, read by the wheel's build and by everything that reports it."""

from __future__ import annotations

VERSION = "0.2.0"
