"""Checks out the pipeline files of another commit, and nothing else of it (`refit take REVISION`).

A workflow with credentials runs the code of the base branch, and takes only data from a pull request. Every file is
written as a regular file: a symbolic link in the commit becomes a file with the link's target in it, which is not HCL.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from refit.errors import InvalidPipeline, Problem
from refit.git import Git
from refit.plan.pipeline_files import committed, ref_of
from refit.problem_codes import Code
from refit.project import Project

PLAIN_KEY = re.compile(r"[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*")
MAX_BYTES = 256 * 1024
"""A pipeline takes a few lines; the parser takes seconds for this much, and more would delay the workflow."""


def take(project: Project, revision: str) -> list[str]:
    """Replaces the pipeline files of the working tree with those of `revision`; returns the keys of the pipelines.

    Raises InvalidPipeline, with nothing changed, for a file that cannot be a pipeline; RefitError if there is no such
    revision.
    """
    files = committed(project, Git(project.root).commit(revision))
    if problems := [problem for key, content in files.items() for problem in _problems(project, key, content)]:
        raise InvalidPipeline(problems)
    for ref in project.pipelines():
        ref.path.unlink()
    for key, content in files.items():
        path = ref_of(project, key).path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return [ref.key for ref in project.pipelines()]


def _problems(project: Project, key: str, content: bytes) -> Iterator[Problem]:
    path = ref_of(project, key).display_path
    if not PLAIN_KEY.fullmatch(key):
        message = "the file is not named after an environment and a pipeline"
        hint = f"use lowercase letters, digits and hyphens, as in {project.settings.pipelines}/prod/home-prices.tfvars"
        yield Problem(path, 1, 1, Code.BAD_FILE_NAME, message, hint)
    if len(content) > MAX_BYTES:
        message = f"the file has {len(content)} bytes, more than {MAX_BYTES}"
        yield Problem(path, 1, 1, Code.FILE_TOO_BIG, message, "a pipeline takes a few lines")
