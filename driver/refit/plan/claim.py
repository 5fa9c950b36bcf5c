"""Claims a pipeline for the deployment of a commit, unless a newer commit has claimed it (`refit claim PIPELINE`).

A workflow run of an older commit can run again at any time. It must not undo what a newer commit has deployed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any

from refit.aws import commit_claim, target
from refit.aws.commit_claim import CommitClaim
from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.errors import RefitError
from refit.git import FETCH, Commit, Git
from refit.pipeline import files as pipeline
from refit.plan.changes import NO_COMMIT
from refit.project import PipelineRef


@dataclass(frozen=True)
class ClaimResult:
    """The result for one pipeline. `newer` is the hash of the newer commit that has claimed it, "" if there is none.

    `applied` says whether there is a stack that can be claimed; the first apply creates it.
    """

    pipeline: str
    commit: str
    newer: str = ""
    applied: bool = True

    @property
    def superseded(self) -> bool:
        """Whether a newer commit has claimed the pipeline, so that this one must not be deployed."""
        return bool(self.newer)

    def document(self) -> dict[str, Any]:
        """The result as JSON values."""
        return {**asdict(self), "superseded": self.superseded}


class Superseded(RefitError):
    """A newer commit has claimed the pipeline. `has_started` says whether that commit's run has started."""

    def __init__(self, current: CommitClaim, commit: Commit) -> None:
        newer = current.claimed[:12]
        self.has_started = current.started == current.claimed
        message = f"{newer}, which is newer than {commit.short}, has claimed the pipeline"
        hint = f"if {commit.short} has been applied since, deploy {newer} again" if self.has_started else None
        super().__init__(message, hint)


def claim(ref: PipelineRef, base: str | None = None, *, force: bool = False) -> ClaimResult:
    """Claims the pipeline for the commit HEAD, which replaces `base` on its branch.

    With `force`, whatever commit has claimed it before. Raises RefitError if it is unknown which commit is newer, if
    there is no such revision, and AwsError; InvalidPipeline for a file with problems.
    """
    git = Git(ref.project.root)
    commit = git.commit("HEAD")
    replaced = git.commit(base) if base and not NO_COMMIT.fullmatch(base) else None
    declared = pipeline.load(ref)
    aws = target.connect(ref, declared)
    parameter = Stack.of(declared, aws).commit_parameter
    current = commit_claim.read(aws, parameter)
    if current is None:
        return ClaimResult(ref.key, commit.sha, applied=False)
    if not force and is_superseded(ref, git, current, commit, replaced):
        return ClaimResult(ref.key, commit.sha, newer=current.claimed)
    if current.claimed != commit.sha:
        commit_claim.write(aws, parameter, replace(current, claimed=commit.sha))
    return ClaimResult(ref.key, commit.sha)


def refuse_older(ref: PipelineRef, aws: Aws, parameter: str, commit: Commit, replaced: Commit | None) -> None:
    """Raises Superseded if a newer commit than `commit` has claimed the pipeline; otherwise like `claim`."""
    current = commit_claim.read(aws, parameter)
    if current and is_superseded(ref, Git(ref.project.root), current, commit, replaced):
        raise Superseded(current, commit)


def record_start(aws: Aws, parameter: str, commit: Commit) -> None:
    """Records that the run of `commit` has started. Raises AwsError."""
    current, started = commit_claim.read(aws, parameter), CommitClaim(commit.sha, commit.sha)
    if current not in (None, started):
        commit_claim.write(aws, parameter, started)


def is_superseded(ref: PipelineRef, git: Git, current: CommitClaim, commit: Commit, replaced: Commit | None) -> bool:
    """Whether the commit that has claimed the pipeline `ref` is newer than `commit`, which replaces `replaced`.

    After a force push, neither of two commits may contain the other. Then `commit` is the newer one if it replaces the
    commit that has claimed the pipeline. Otherwise raises RefitError; except for a local pipeline, which belongs to one
    developer, who may work on several branches.
    """
    if current.claimed in ("", commit.sha):
        return False
    try:
        other = git.commit(current.claimed)
    except RefitError as error:
        if ref.is_local:
            return False
        raise _unknown(ref, current, commit, "which is not in this clone") from error
    if any(git.is_ancestor(other, one) for one in (commit, replaced) if one):
        return False
    if git.is_ancestor(commit, other):
        return True
    if ref.is_local:
        return False
    raise _unknown(ref, current, commit, f"and neither {other.short} nor {commit.short} contains the other")


def _unknown(ref: PipelineRef, current: CommitClaim, commit: Commit, why: str) -> RefitError:
    message = f"{ref.key} was last deployed from {current.claimed[:12]}, {why}; {commit.short} has not been deployed"
    return RefitError(message, f"{FETCH}; to deploy {commit.short} in any case: refit claim {ref.key} --force")
