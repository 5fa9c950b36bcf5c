"""Finds the CSV files that `refit upload` is given, also in folders, and the day in each file's name."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from refit.domain.window import parse_day
from refit.errors import RefitError

_DAY = re.compile(r"(?<![0-9])[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])")
SUFFIX = ".csv"


def find(paths: Sequence[Path]) -> list[Path]:
    """The files, and all CSV files in the folders among `paths`, each once.

    In a folder, files and folders whose names begin with `_` or `.` are skipped: programs write such names for markers
    and unfinished files. Raises RefitError if a folder has no CSV file or has other files.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found |= dict.fromkeys(_in_folder(path) if path.is_dir() else [path])
    return list(found)


def day_in_name(path: Path) -> date:
    """The day in a file's name (sales-2026-11-22.csv), else in the closest folder's (2026-11-22/part-0.csv).

    Raises RefitError if there is none, or several.
    """
    for name in (path.name, *(parent.name for parent in path.parents)):
        days = set(_DAY.findall(name))
        if len(days) > 1:
            raise RefitError(f"{path}: {name} has several days in its name", "name the day: --day YYYY-MM-DD")
        for day in days:
            try:
                return parse_day(day)
            except ValueError as error:
                raise RefitError(f"{path}: {error}", "name the day: --day YYYY-MM-DD") from error
    raise RefitError(
        f"{path}: there is no day in the file's name",
        "add --day YYYY-MM-DD, or --date-column NAME if a column has the day of each row",
    )


def _in_folder(folder: Path) -> list[Path]:
    files = sorted(_files(folder))
    others = [file for file in files if file.suffix.lower() != SUFFIX]
    if others:
        more = f" and {len(others) - 1:,} more" if len(others) > 1 else ""
        raise RefitError(f"{folder} has files that are not {SUFFIX}: {others[0]}{more}", f"name the {SUFFIX} files")
    if not files:
        raise RefitError(f"{folder} has no {SUFFIX} files", "name a CSV file, or a folder with CSV files")
    return files


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder, onerror=_unreadable):
        folders[:] = [name for name in folders if not name.startswith(("_", "."))]
        yield from (Path(where, name) for name in files if not name.startswith(("_", ".")))


def _unreadable(error: OSError) -> None:
    raise RefitError(f"{error.filename}: {error.strerror}", "give the path of a folder that you can read") from error
