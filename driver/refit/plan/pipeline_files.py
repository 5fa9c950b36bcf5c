"""Reads the pipeline files of a commit or of the working tree, by the same rules, and parses them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from refit.errors import InvalidPipeline, Problem
from refit.git import Commit, Entry, Git
from refit.pipeline import files, listing, schema_file
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.model import Pipeline
from refit.plan.field_changes import Side
from refit.project import PipelineRef, Project

Content: TypeAlias = "files.Source | tuple[Problem, ...]"
"""The content of a pipeline file, with its JSON file, or why it has none: a link, too big, or it cannot be read."""


@dataclass(frozen=True)
class PipelineFiles:
    """The files of one revision: the content of each pipeline's, by key, and those that no command reads."""

    contents: Mapping[str, Content]
    strays: tuple[Problem, ...] = ()
    links: tuple[Problem, ...] = ()


def ref_of(project: Project, key: str) -> PipelineRef:
    """The reference of a pipeline by its key; its file need not exist in the working tree."""
    return PipelineRef(project, project.pipelines_dir / f"{key}.tfvars")


def committed(project: Project, commit: Commit) -> PipelineFiles:
    """The pipeline files at `commit`."""
    git = Git(project.root)
    return _of_entries(project, git, git.entries(commit, project.settings.pipelines))


def working_tree(project: Project) -> PipelineFiles:
    """The pipeline files on disk, and those that a sparse checkout leaves out, as the index has them."""
    listed = listing.of_working_tree(project)
    git = Git(project.root)
    left_out = _of_entries(project, git, git.left_out(project.settings.pipelines))
    contents = {key: on_disk(ref_of(project, key)) for key in listed.pipelines}
    strays = {*listed.strays, *left_out.strays}
    return PipelineFiles({**left_out.contents, **contents}, tuple(sorted(strays)), listed.links)


def parsed(project: Project, contents: Mapping[str, Content], now: datetime | None = None) -> Side:
    """The pipelines that the files define, or the problems of a file.

    Unless `now` is None, a pinned window must not end after it, and a schedule must start a run after it.
    """
    side: dict[str, Pipeline | tuple[Any, ...]] = {}
    for key, content in contents.items():
        try:
            side[key] = (
                files.parse(content, ref_of(project, key), now) if isinstance(content, files.Source) else content
            )
        except InvalidPipeline as error:
            side[key] = error.problems
    return side


def _of_entries(project: Project, git: Git, entries: list[Entry]) -> PipelineFiles:
    by_path = {one.path: one for one in entries}
    listed = listing.classify(project.settings.pipelines, {path: not one.is_regular for path, one in by_path.items()})
    found = git.read((by_path[path] for path in listed.pipelines.values()), hcl.MAX_BYTES)
    listed = listed.with_texts(found)
    json_files = _json_files(git, [by_path[path] for path in listed.json_files])
    contents: dict[str, Content] = {}
    for key, path in listed.pipelines.items():
        if path in found:
            folder = path.rpartition("/")[0]
            named = {name: f"{folder}/{name}" for name in sorted(listing.mentioned(found[path]))}
            contents[key] = files.Source(
                found[path], {name: json_files[other] for name, other in named.items() if other in json_files}
            )
        else:
            contents[key] = (hcl.too_big(path) if by_path[path].is_regular else listing.link(path),)
    return PipelineFiles(contents, listed.strays, listed.links)


def _json_files(git: Git, entries: list[Entry]) -> schema_file.JsonFiles:
    """The content of files with columns by their path, or the problem of a link or of a file that is too big."""
    found = git.read(entries, schema_file.MAX_BYTES) if entries else {}
    return {
        one.path: found.get(one.path, schema_file.too_big(one.path) if one.is_regular else listing.link(one.path))
        for one in entries
    }


def on_disk(ref: PipelineRef) -> Content:
    """The content of a pipeline's file in the working tree."""
    try:
        return files.read(ref)
    except InvalidPipeline as error:
        return error.problems
