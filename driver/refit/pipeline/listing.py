"""Decides which files below the folder of the pipelines are pipelines, for the working tree and for commits alike.

A pipeline file is `<environment>/<pipeline>.tfvars`. Git keeps a symbolic link as the text of its target, and a disk
follows it, so that links are refused: https://git-scm.com/docs/gitglossary#Documentation/gitglossary.txt-symlink
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from refit import regular_file
from refit.errors import Problem
from refit.problem_codes import Code
from refit.project import Project

SUFFIX = ".tfvars"
JSON_NAME = re.compile(rb"[A-Za-z0-9_-]{1,100}(?:\.schema)?\.json")
"""A name that `data.schema_file` may have."""


@dataclass(frozen=True)
class Listing:
    """The pipelines (key → path), the links that hide what they contain, and the files that no command reads.

    `json_files` are the paths of files with columns, of which only those count that a pipeline names.
    """

    pipelines: Mapping[str, str]
    links: tuple[Problem, ...]
    strays: tuple[Problem, ...]
    json_files: tuple[str, ...] = ()

    def with_texts(self, texts: Mapping[str, bytes]) -> Listing:
        """The listing in which JSON files that no pipeline names are strays. `texts`: pipeline file by path."""
        named = {
            f"{path.rpartition('/')[0]}/{name}" for path, text in texts.items() for name in sorted(mentioned(text))
        }
        unnamed = [_unnamed(path) for path in self.json_files if path not in named]
        kept = tuple(path for path in self.json_files if path in named)
        return replace(self, strays=(*self.strays, *unnamed), json_files=kept)


def mentioned(text: bytes) -> frozenset[str]:
    """The names in the text of a pipeline file that could be its `data.schema_file`, without parsing it."""
    return frozenset(name.decode() for name in JSON_NAME.findall(text))


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
    listed = classify(project.settings.pipelines, files)
    texts: dict[str, bytes] = {}
    for path in listed.pipelines.values() if listed.json_files else ():
        with suppress(OSError, regular_file.NotRegular):  # reported where the pipeline is read
            texts[path] = regular_file.read(root / path)
    return listed.with_texts(texts)


def classify(folder: str, files: Mapping[str, bool]) -> Listing:
    """The listing of the folder of the pipelines. `files`: the path of each file → whether it is a link.

    Paths are relative to the project, with slashes. Notes (`*.md`) and hidden files need not be pipelines.
    """
    pipelines: dict[str, str] = {}
    links: list[Problem] = []
    strays: list[Problem] = []
    json_files: list[str] = []
    for path, is_link in sorted(files.items()):
        parts = path.removeprefix(f"{folder}/").split("/")
        name = parts[-1]
        if is_link and (len(parts) == 1 or path == folder or not path.startswith(f"{folder}/")) and not _is_note(name):
            links.append(link(path))
        elif len(parts) == 2 and name.endswith(SUFFIX) and name != SUFFIX:
            pipelines[f"{parts[0]}/{name.removesuffix(SUFFIX)}"] = path
        elif len(parts) == 2 and JSON_NAME.fullmatch(name.encode()):
            json_files.append(path)
        elif not _is_note(name):
            strays.append(_stray(folder, path, name))
    return Listing(pipelines, tuple(links), tuple(strays), tuple(json_files))


def link(path: str) -> Problem:
    """The problem of a symbolic link in the place of a pipeline file or of a folder of them."""
    message = "this is a symbolic link, which means other content in git than on disk"
    return Problem(path, 1, 1, Code.SYMBOLIC_LINK, message, "replace it with the file or folder itself")


def _below(path: Path, root: Path) -> bool:
    """Whether `path` is a link inside of `root`."""
    return path.is_relative_to(root) and path.is_symlink()


def _is_note(name: str) -> bool:
    return name.endswith(".md") or (name.startswith(".") and SUFFIX not in name)


def _unnamed(path: str) -> Problem:
    folder, _, name = path.rpartition("/")
    message = "no pipeline file next to it names this file"
    hint = f'write schema_file = "{name}" in the data of a pipeline in {folder}, or move it out of this folder'
    return Problem(path, 1, 1, Code.NOT_A_PIPELINE, message, hint)


def _stray(folder: str, path: str, name: str) -> Problem:
    stem, suffix, _ = name.partition(SUFFIX)
    if name.endswith(SUFFIX):
        message = "no command reads this file, because it is not directly in the folder of an environment"
        return Problem(path, 1, 1, Code.NOT_A_PIPELINE, message, f"move it, for example to {folder}/prod/{name}")
    stem = stem if suffix else name.partition(".")[0]
    message = f"no command reads this file, because its name does not end in {SUFFIX}"
    hint = f"rename it to {stem}{SUFFIX}, or move it out of {folder}"
    return Problem(path, 1, 1, Code.NOT_A_PIPELINE, message, hint)
