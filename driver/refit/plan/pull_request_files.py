"""`refit take REVISION`: the pipeline files of another commit, in this work tree; of that commit nothing else.

A workflow with credentials runs the code of the base branch, and takes from a pull request only what is data. Every
file is written as a plain file: a link in the commit becomes a text with the link's target, and no HCL.
"""

from __future__ import annotations

import re

from refit.errors import InvalidPipeline, Problem
from refit.git import Git
from refit.problem_codes import Code
from refit.project import Project

PIPELINES = "terraform/pipelines"
PIPELINE_FILE = re.compile(rf"{PIPELINES}/[^/]+/[^/]+\.tfvars", re.DOTALL)
PLAIN_NAME = re.compile(rf"{PIPELINES}/[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*\.tfvars")
MAX_BYTES = 256 * 1024
"""A pipeline takes some lines; the parser takes seconds for this much, and more would hold up the workflow."""


def take(project: Project, revision: str) -> list[str]:
    """Makes terraform/pipelines/*/*.tfvars what it is in `revision`; returns the keys of the pipelines there are now.

    Raises InvalidPipeline, with nothing changed, for a file that cannot be a pipeline; RefitError for no such revision.
    """
    git = Git(project.root)
    committed = git.files(git.commit(revision), PIPELINES)
    files = {path: content for path, content in committed.items() if PIPELINE_FILE.fullmatch(path)}
    if problems := [problem for path, content in files.items() for problem in _problems(path, content)]:
        raise InvalidPipeline(problems)
    for ref in project.pipelines():
        ref.path.unlink()
    for path, content in files.items():
        target = project.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return [ref.key for ref in project.pipelines()]


def _problems(path: str, content: bytes) -> list[Problem]:
    found = []
    if not PLAIN_NAME.fullmatch(path):
        message = "the file is not named for an environment and a pipeline"
        hint = "write small letters, digits and hyphens, as in terraform/pipelines/prod/home-prices.tfvars"
        found.append(Problem(path, 1, 1, Code.BAD_FILE_NAME, message, hint))
    if len(content) > MAX_BYTES:
        hint = "a pipeline takes some lines"
        message = f"the file has {len(content)} bytes, more than {MAX_BYTES}"
        found.append(Problem(path, 1, 1, Code.FILE_TOO_BIG, message, hint))
    return found
