"""`refit changes --base REV`: which pipelines changed between two revisions, and which stacks must be applied."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from refit.errors import InvalidPipeline
from refit.git import Commit, Git
from refit.pipeline import files as pipeline
from refit.pipeline.model import Pipeline
from refit.plan import changes
from refit.plan.actions import Action
from refit.plan.changes import Change, Kind, Side, Trees
from refit.project import PipelineRef, Project

FOLDER = "terraform/pipelines"
PIPELINE_FILE = re.compile(rf"{FOLDER}/([^/]+)/([^/]+)\.tfvars", re.DOTALL)
NO_COMMIT = re.compile(r"0{40}|0{64}")
MACHINERY = ("asl/", "driver/", "lambdas/", "requirements/", "terraform/")
"""What every stack is made of: when it changes, every stack has something to apply."""
NOT_MACHINERY = (
    f"{FOLDER}/",
    "terraform/bootstrap/",
    "driver/refit/embedded_cloud/",
    "driver/refit/report/",
    "driver/refit/github/",
)


@dataclass(frozen=True)
class Comparison:
    """Two revisions, side by side: nothing stands for no `base`, the working tree for no `head`.

    `before` and `after` hold the pipelines whose file is not the same, byte for byte, or whose own algorithm's code is
    not. `pipelines` are the keys of the second side, `machinery` the changed files that every stack is made of.
    """

    base: Commit | None
    head: Commit | None
    before: Side
    after: Side
    changes: tuple[Change, ...]
    pipelines: tuple[str, ...]
    machinery: tuple[str, ...]

    @property
    def reformatted(self) -> tuple[str, ...]:
        """The pipelines whose file changed and whose values did not."""
        changed = {change.key for change in self.changes}
        return tuple(sorted(key for key in self.after if key not in changed))

    @property
    def to_apply(self) -> tuple[str, ...]:
        """The pipelines whose stack may differ from its file: all of them when the machinery changed."""
        if self.machinery:
            return self.pipelines
        return tuple(key for key in self.pipelines if key in self.after)

    def document(self) -> dict[str, Any]:
        """For machines: a workflow's matrix is `apply`."""
        return {
            "base": self.base.sha if self.base else None,
            "head": self.head.sha if self.head else None,
            "changed": [
                {"pipeline": one.key, "change": one.kind, "action": one.action, "valid": not one.problems}
                for one in self.changes
            ],
            "removed": [one.key for one in self.changes if one.kind is Kind.REMOVED],
            "retrain": [one.key for one in self.changes if one.action is Action.RETRAIN],
            "reformatted": list(self.reformatted),
            "machinery": list(self.machinery),
            "apply": list(self.to_apply),
        }


def compare(
    project: Project, base: str, head: str | None = None, *, since_fork: bool = False, today: date | None = None
) -> Comparison:
    """The pipelines at `base` beside those at `head` (the working tree without one).

    With `since_fork` the first side is the newest commit that both have in common, as for a pull request: what others
    merged in the meantime is not this branch's change. A `base` of zeros is what GitHub calls the commit before the
    first one: there was nothing. A pinned window of the second side must not end after `today`. Raises RefitError for
    a revision that this clone does not have.
    """
    git = Git(project.root)
    second = git.commit(head) if head else None
    first = None if NO_COMMIT.fullmatch(base) else git.commit(base)
    if first and since_fork:
        first = git.merge_base(first, second or git.commit("HEAD"))
    old = pipeline_files(git.files(first, FOLDER)) if first else {}
    new = pipeline_files(git.files(second, FOLDER)) if second else working_tree(project)
    differing = [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
    before = parsed(project, {key: old[key] for key in differing if key in old})
    after = parsed(project, {key: new[key] for key in differing if key in new}, today)
    same = parsed(project, {key: new[key] for key in new if key not in differing}, today)
    folders = {folder for side in (before, after, same) for folder in map(_source, side.values()) if folder}
    code_before = git.trees(first, folders) if first else {}
    code_after = git.trees(second, folders)
    recoded = {key: said for key, said in same.items() if _differs(_source(said), code_before, code_after)}
    before, after = {**before, **recoded}, {**after, **recoded}
    touched = git.changed_files(first, second) if first else []
    return Comparison(
        base=first,
        head=second,
        before=before,
        after=after,
        changes=changes.changes(before, after, code_before, code_after),
        pipelines=tuple(sorted(new)),
        machinery=tuple(path for path in touched if path.startswith(MACHINERY) and not path.startswith(NOT_MACHINERY)),
    )


def ref_of(project: Project, key: str) -> PipelineRef:
    """The reference of a pipeline that may exist in another revision only."""
    return PipelineRef(project, project.pipelines_dir / f"{key}.tfvars")


def pipeline_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The pipeline files among the files of a revision, by key."""
    found = ((PIPELINE_FILE.fullmatch(path), content) for path, content in files.items())
    return {f"{match[1]}/{match[2]}": content for match, content in found if match}


def working_tree(project: Project) -> dict[str, bytes | None]:
    """The pipeline files on disk, by key; None for one that cannot be read."""
    return {ref.key: _bytes(ref) for ref in project.pipelines()}


def parsed(project: Project, files: Mapping[str, bytes | None], today: date | None = None) -> Side:
    """What the files say, or what is wrong with them."""
    side: dict[str, Pipeline | tuple[Any, ...]] = {}
    for key, source in files.items():
        ref = ref_of(project, key)
        try:
            side[key] = pipeline.parse(pipeline.read(ref) if source is None else source, ref, today)
        except InvalidPipeline as error:
            side[key] = error.problems
    return side


def _source(said: Pipeline | tuple[Any, ...]) -> str | None:
    """The folder with the code of an own algorithm."""
    return said.training.source if isinstance(said, Pipeline) else None


def _differs(folder: str | None, before: Trees, after: Trees) -> bool:
    return folder is not None and before.get(folder) != after.get(folder)


def _bytes(ref: PipelineRef) -> bytes | None:
    try:
        return pipeline.read(ref)
    except InvalidPipeline:
        return None
