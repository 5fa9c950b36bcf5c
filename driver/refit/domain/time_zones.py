"""Reads time zones from the package tzdata alone, so that the driver and the Lambdas know the same ones. Pure.

Python takes the machine's database first, which a slim image lacks and which may have another version:
https://docs.python.org/3/library/zoneinfo.html#data-sources. lambdas.zip has the files of `files_of`.
"""

from __future__ import annotations

import re
from datetime import UTC, tzinfo
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from zoneinfo import ZoneInfo

PACKAGE = "tzdata"
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*")


@cache
def names() -> frozenset[str]:
    """The names in the database."""
    return frozenset((files(PACKAGE) / "zones").read_text(encoding="utf-8").split()) - {"Factory"}


@cache
def time_zone(name: str) -> tzinfo:
    """The IANA time zone with that name. UTC needs no database. Raises ValueError if there is none, or no database."""
    if name == "UTC":
        return UTC
    try:
        with _file(name).open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    except (OSError, ModuleNotFoundError, ValueError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error


def files_of(name: str) -> dict[str, Traversable]:
    """The files of the package that `time_zone(name)` reads, by their paths below site-packages."""
    if name == "UTC":
        return {}
    return {f"{PACKAGE}/__init__.py": files(PACKAGE) / "__init__.py", f"{PACKAGE}/zoneinfo/{name}": _file(name)}


def _file(name: str) -> Traversable:
    if not NAME.fullmatch(name):
        raise ValueError(name)
    return files(PACKAGE).joinpath("zoneinfo", *name.split("/"))
