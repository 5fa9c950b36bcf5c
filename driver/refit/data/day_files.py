"""Finds the CSV files that `refit upload` is given, also in folders, and the day in each file's name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from refit.domain.layout_guess import days_in
from refit.domain.object_names import not_data
from refit.errors import RefitError

SUFFIX = ".csv"


def find(paths: Sequence[Path]) -> list[Path]:
    """The files, and all CSV files in the folders among `paths`, each once.

    In a folder, files are skipped that are not data in the bucket either: markers, unfinished files and sidecars.
    Raises RefitError if a folder has no CSV file or has other files.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found |= dict.fromkeys(_in_folder(path) if path.is_dir() else [path])
    return list(found)


def day_in_name(path: Path) -> date:
    """The day in a file's name (sales-2026-11-22.csv), else in its folders' (2026-11-22/part-0.csv, 2026/11/22/a.csv).

    Raises RefitError if there is none, or if the file's name has several.
    """
    days = set(days_in(path.name))
    if len(days) > 1:
        raise RefitError(f"{path}: the file's name has several days", "name the day: --day YYYY-MM-DD")
    of_folders = days_in(f"{path.parent.as_posix()}/")
    for day in (*days, *of_folders[-1:]):
        return day
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
    for where, _, files in os.walk(folder, onerror=_unreadable):
        paths = (Path(where, name) for name in files)
        yield from (path for path in paths if not not_data(path.relative_to(folder).as_posix()))


def _unreadable(error: OSError) -> None:
    raise RefitError(f"{error.filename}: {error.strerror}", "give the path of a folder that you can read") from error
