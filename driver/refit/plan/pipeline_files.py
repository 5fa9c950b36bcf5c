"""Reads the pipeline files of a commit or of the working tree, and parses them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from refit.errors import InvalidPipeline
from refit.git import Commit, Git
from refit.pipeline import files
from refit.pipeline.model import Pipeline
from refit.plan.field_changes import Side
from refit.project import PipelineRef, Project


def ref_of(project: Project, key: str) -> PipelineRef:
    """The reference of a pipeline by its key; its file need not exist in the working tree."""
    return PipelineRef(project, project.pipelines_dir / f"{key}.tfvars")


def committed(project: Project, commit: Commit) -> dict[str, bytes]:
    """The content of the pipeline files at `commit`, by the pipelines' keys."""
    folder = project.settings.pipelines
    pattern = re.compile(rf"{re.escape(folder)}/([^/]+)/([^/]+)\.tfvars", re.DOTALL)
    found = ((pattern.fullmatch(path), content) for path, content in Git(project.root).files(commit, folder).items())
    return {f"{match[1]}/{match[2]}": content for match, content in found if match}


def working_tree(project: Project) -> dict[str, bytes | None]:
    """The content of the pipeline files on disk, by the pipelines' keys; None for a file that cannot be read."""
    return {ref.key: _bytes(ref) for ref in project.pipelines()}


def parsed(project: Project, contents: Mapping[str, bytes | None], today: date | None = None) -> Side:
    """The pipelines that the files define, or the problems of a file.

    Unless `today` is None, a pinned window must not end after it.
    """
    side: dict[str, Pipeline | tuple[Any, ...]] = {}
    for key, content in contents.items():
        ref = ref_of(project, key)
        try:
            side[key] = files.parse(files.read(ref) if content is None else content, ref, today)
        except InvalidPipeline as error:
            side[key] = error.problems
    return side


def _bytes(ref: PipelineRef) -> bytes | None:
    try:
        return files.read(ref)
    except InvalidPipeline:
        return None
