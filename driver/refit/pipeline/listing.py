"""Decides which files below the folder of the pipelines are pipelines, for the working tree and for commits alike.

A pipeline file is `<environment>/<pipeline>.tfvars`. Git keeps a symbolic link as the text of its target, and a disk
follows it, so that links are refused: https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-symlink
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from refit.errors import Problem
from refit.problem_codes import Code
from refit.project import Project

SUFFIX = ".tfvars"


@dataclass(frozen=True)
class Listing:
    """The pipelines (key → path), the links that hide what they contain, and the files that no command reads."""

    pipelines: Mapping[str, str]
    links: tuple[Problem, ...]
    strays: tuple[Problem, ...]


def of_working_tree(project: Project) -> Listing:
    """The listing of the files on disk, without entering folders that are links."""
    root, top = project.root, project.pipelines_dir
    files = {
        path.relative_to(root).as_posix(): True for path in (top, *top.parents) if path != root and _below(path, root)
    }
    for folder, folders, names in os.walk(top) if not files else ():
        here = Path(folder)
        entries = [*names, *(name for name in folders if (here / name).is_symlink())]
        files |= {(here / name).relative_to(root).as_posix(): (here / name).is_symlink() for name in entries}
    return classify(project.settings.pipelines, files)


def classify(folder: str, files: Mapping[str, bool]) -> Listing:
    """The listing of the folder of the pipelines. `files`: the path of each file → whether it is a link.

    Paths are relative to the project, with slashes. Notes (`*.md`) and hidden files need not be pipelines.
    """
    pipelines: dict[str, str] = {}
    links: list[Problem] = []
    strays: list[Problem] = []
    for path, is_link in sorted(files.items()):
        parts = path.removeprefix(f"{folder}/").split("/")
        name = parts[-1]
        if is_link and (len(parts) == 1 or path == folder or not path.startswith(f"{folder}/")) and not _is_note(name):
            links.append(link(path))
        elif len(parts) == 2 and name.endswith(SUFFIX) and name != SUFFIX:
            pipelines[f"{parts[0]}/{name.removesuffix(SUFFIX)}"] = path
        elif not _is_note(name):
            strays.append(_stray(folder, path, name))
    return Listing(pipelines, tuple(links), tuple(strays))


def link(path: str) -> Problem:
    """The problem of a symbolic link in the place of a pipeline file or of a folder of them."""
    message = "this is a symbolic link, which means other content in git than on disk"
    return Problem(path, 1, 1, Code.SYMBOLIC_LINK, message, "replace it with the file or folder itself")


def _below(path: Path, root: Path) -> bool:
    """Whether `path` is a link inside of `root`."""
    return path.is_relative_to(root) and path.is_symlink()


def _is_note(name: str) -> bool:
    return name.endswith(".md") or (name.startswith(".") and SUFFIX not in name)


def _stray(folder: str, path: str, name: str) -> Problem:
    stem, suffix, _ = name.partition(SUFFIX)
    if name.endswith(SUFFIX):
        message = "no command reads this file, because it is not directly in the folder of an environment"
        return Problem(path, 1, 1, Code.NOT_A_PIPELINE, message, f"move it, for example to {folder}/prod/{name}")
    stem = stem if suffix else name.partition(".")[0]
    message = f"no command reads this file, because its name does not end in {SUFFIX}"
    hint = f"rename it to {stem}{SUFFIX}, or move it out of {folder}"
    return Problem(path, 1, 1, Code.NOT_A_PIPELINE, message, hint)
