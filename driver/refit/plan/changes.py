"""Finds the pipelines that changed between two revisions, and the stacks to apply (`refit changes --base REV`)."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from refit.errors import InvalidPipeline, Problem
from refit.git import Commit, Git
from refit.pipeline.model import Pipeline
from refit.plan import field_changes
from refit.plan.actions import Action
from refit.plan.field_changes import Change, Kind, Side, Trees
from refit.plan.machinery import Upgrade, machinery, upgrade
from refit.plan.pipeline_files import PipelineFiles, committed, parsed, working_tree
from refit.project import Project

NO_COMMIT = re.compile(r"0{40}|0{64}")


@dataclass(frozen=True)
class Comparison:
    """The differences between two revisions. `base` None is an empty repository, `head` None the working tree.

    `before` and `after` have the pipelines whose file differs in any byte, or whose custom code differs. `pipelines`
    has the keys of all pipelines at `head`. `machinery` has the changed files that every stack is built from, and
    `upgrade` the change of the version in refit.toml. `strays` has the new files that no command reads.
    """

    base: Commit | None
    head: Commit | None
    before: Side
    after: Side
    changes: tuple[Change, ...]
    pipelines: tuple[str, ...]
    machinery: tuple[str, ...]
    upgrade: Upgrade | None = None
    strays: tuple[Problem, ...] = ()

    @property
    def reformatted(self) -> tuple[str, ...]:
        """The pipelines whose file changed, but none of its values."""
        changed = {change.key for change in self.changes}
        return tuple(sorted(key for key in self.after if key not in changed))

    @property
    def to_apply(self) -> tuple[str, ...]:
        """The pipelines whose stack must be applied: all of them when the machinery or the version changed."""
        if self.machinery or self.upgrade:
            return self.pipelines
        return tuple(key for key in self.pipelines if key in self.after)

    @property
    def reason(self) -> str:
        """Why every stack must be applied; empty when only the changed ones must."""
        files = f"changed: {', '.join(self.machinery)}" if self.machinery else ""
        return "; ".join(filter(None, (str(self.upgrade or ""), files)))

    def document(self) -> dict[str, Any]:
        """The comparison as JSON values; `apply` is the matrix of a workflow."""
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
            "upgrade": asdict(self.upgrade) if self.upgrade else None,
            "apply": list(self.to_apply),
            "ignored": [str(one) for one in self.strays],
        }


def compare(
    project: Project, base: str, head: str | None = None, *, since_fork: bool = False, now: datetime | None = None
) -> Comparison:
    """Compares the pipelines at `base` with those at `head` (None: the working tree).

    With `since_fork` the merge base of the two replaces `base`, as for a pull request: what others have merged since is
    not a change of this branch. A `base` of zeros, GitHub's name for the commit before the first one, is an empty
    repository. A pinned window at `head` must not end after `now`. Raises RefitError for a revision that is not in
    this clone, InvalidSettings for a refit.toml at `head` that cannot be used, InvalidPipeline for a folder
    of pipelines that is a link: its pipelines would count as removed.
    """
    git = Git(project.root)
    second = git.commit(head) if head else None
    first = None if NO_COMMIT.fullmatch(base) else git.commit(base)
    if first and since_fork:
        first = git.merge_base(first, second or git.commit("HEAD"))
    before_files = committed(project, first) if first else PipelineFiles({})
    after_files = committed(project, second) if second else working_tree(project)
    if after_files.links:
        raise InvalidPipeline(after_files.links)
    old, new = before_files.contents, after_files.contents
    differing = [key for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
    before = parsed(project, {key: old[key] for key in differing if key in old})
    after = parsed(project, {key: new[key] for key in differing if key in new}, now)
    same = parsed(project, {key: new[key] for key in new if key not in differing}, now)
    folders = {folder for side in (before, after, same) for folder in map(_source, side.values()) if folder}
    code_before = git.trees(first, folders) if first else {}
    code_after = git.trees(second, folders)
    recoded = {key: pipeline for key, pipeline in same.items() if _differs(_source(pipeline), code_before, code_after)}
    before, after = {**before, **recoded}, {**after, **recoded}
    return Comparison(
        base=first,
        head=second,
        before=before,
        after=after,
        changes=field_changes.changes(before, after, code_before, code_after),
        pipelines=tuple(sorted(new)),
        machinery=machinery(project, git.changed_files(first, second)) if first else (),
        upgrade=upgrade(project, first, second) if first else None,
        strays=tuple(one for one in after_files.strays if one not in before_files.strays),
    )


def _source(pipeline: Pipeline | tuple[Any, ...]) -> str | None:
    """The folder with the pipeline's custom code, if it has any."""
    return pipeline.training.source if isinstance(pipeline, Pipeline) else None


def _differs(folder: str | None, before: Trees, after: Trees) -> bool:
    return folder is not None and before.get(folder) != after.get(folder)
