"""Writes several files into a folder atomically: all of them or none."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from pathlib import Path

from refit.errors import RefitError


def write_all(folder: Path, contents: Mapping[str, bytes], replaced: Collection[str]) -> None:
    """Writes each content at its path below `folder`. A path that is not among `replaced` must not exist yet.

    Raises RefitError if one cannot be written, after restoring all files and folders.
    """
    undo: list[tuple[Path, bytes | None]] = []
    made: list[Path] = []
    try:
        for path, content in contents.items():
            target = folder / path
            _make_folders(target.parent, folder, made)
            if path in replaced:
                undo.append((target, target.read_bytes()))
                _replace(target, content)
            else:
                with target.open("xb") as file:
                    undo.append((target, None))
                    file.write(content)
    except BaseException as error:  # Ctrl-C too
        _restore(undo, made)
        if isinstance(error, OSError):
            raise RefitError(
                f"{error.filename or folder} cannot be written: {error.strerror}; nothing has been changed",
                "make it writable, then run the same command again",
            ) from error
        raise


def _make_folders(target: Path, folder: Path, made: list[Path]) -> None:
    missing = []
    while not target.exists():
        missing.append(target)
        target = target.parent
    if folder.exists() and not target.resolve().is_relative_to(folder.resolve()):
        raise RefitError(
            f"{target} is a link to a location outside {folder}; nothing has been changed", "remove the link"
        )
    for new in reversed(missing):
        new.mkdir()
        made.append(new)


def _replace(target: Path, content: bytes) -> None:
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        unfinished.write_bytes(content)
        unfinished.chmod(target.stat().st_mode)
        unfinished.replace(target)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(target)) from error  # not the temporary name
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def _restore(undo: list[tuple[Path, bytes | None]], made: list[Path]) -> None:
    for target, content in reversed(undo):
        with suppress(OSError):
            if content is None:
                target.unlink(missing_ok=True)
            else:
                target.write_bytes(content)
    for new in reversed(made):
        with suppress(OSError):
            new.rmdir()
