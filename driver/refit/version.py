"""The version of Refit, which the wheel's build and everything that reports the version read from here."""

from __future__ import annotations

VERSION = "0.2.0"
