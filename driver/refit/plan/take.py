"""Checks out the pipeline files of another commit, and nothing else of it (`refit take REVISION`).

A workflow with credentials runs the code of the base branch, and takes only data from a pull request. Every file is
written as a regular file; a symbolic link in the commit is refused.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from refit.errors import InvalidPipeline, Problem, RefitError
from refit.git import Git
from refit.plan.pipeline_files import Content, committed, ref_of
from refit.problem_codes import Code
from refit.project import PipelineRef, Project

PLAIN_KEY = re.compile(r"[a-z0-9][a-z0-9-]*/[a-z0-9][a-z0-9-]*")


def take(project: Project, revision: str, *, force: bool = False) -> list[str]:
    """Replaces the pipeline files of the working tree with those of `revision`; returns the keys of the pipelines.

    Raises, with nothing changed, InvalidPipeline for a file that cannot be a pipeline; RefitError if there is no such
    revision, if files cannot be written, or if uncommitted changes would be lost, unless `force`.
    """
    found = committed(project, Git(project.root).commit(revision))
    problems = [problem for key, content in found.contents.items() for problem in _problems(project, key, content)]
    if problems or found.links:
        raise InvalidPipeline([*problems, *found.links])
    files = {key: content for key, content in found.contents.items() if isinstance(content, bytes)}
    if not force and (changed := _uncommitted(project, files)):
        raise RefitError(
            f"uncommitted changes would be lost: {', '.join(changed)}",
            "commit or stash them first (git stash --include-untracked), or discard them: refit take --force REV",
        )
    _replace(project, files)
    return [ref.key for ref in project.pipelines()]


def _uncommitted(project: Project, files: Mapping[str, bytes]) -> list[str]:
    """The pipeline files on disk with content that is neither in HEAD nor in `files`; also those that git ignores."""
    git = Git(project.root)
    head = git.commit("HEAD")
    changed = set(git.changed_files(head, None))
    tracked = committed(project, head).contents
    return [
        ref.display_path
        for ref in project.pipelines()
        if (ref.display_path in changed or ref.key not in tracked)
        # With .gitattributes, git can report a fresh checkout of a file with CRLF as changed.
        and not _is_in(ref, (files, tracked))
    ]


def _is_in(ref: PipelineRef, commits: Sequence[Mapping[str, Content]]) -> bool:
    """Whether a commit has the same content for the pipeline; false for a link, which is not compared."""
    if ref.path.is_symlink() or not ref.path.is_file():
        return False
    content = ref.path.read_bytes()
    return any(files.get(ref.key) == content for files in commits)


def _replace(project: Project, files: Mapping[str, bytes]) -> None:
    """Replaces all pipeline files with `files`, or raises RefitError and leaves all of them as they were."""
    place = project.root
    done: list[tuple[Path, Path]] = []
    try:
        aside = Path(tempfile.mkdtemp(prefix=".refit-take-", dir=project.root))
    except OSError as error:
        raise _unwritable(place, error) from error
    try:
        moves = [(ref.path, aside / f"old-{number}") for number, ref in enumerate(project.pipelines())]
        for number, (key, content) in enumerate(files.items()):
            new = aside / f"new-{number}"
            new.write_bytes(content)
            moves.append((new, ref_of(project, key).path))
        for source, target in moves:
            place = source if target.parent == aside else target
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)
            done.append((source, target))
    except BaseException as error:  # Ctrl-C too
        for source, target in reversed(done):
            target.rename(source)
        shutil.rmtree(aside)
        if isinstance(error, OSError):
            raise _unwritable(place, error) from error
        raise
    shutil.rmtree(aside)


def _unwritable(place: Path, error: OSError) -> RefitError:
    return RefitError(
        f"{place} cannot be written: {error.strerror}; no pipeline file has been changed",
        "make it writable, and run the same command again",
    )


def _problems(project: Project, key: str, content: Content) -> Iterator[Problem]:
    if not PLAIN_KEY.fullmatch(key):
        message = "the file is not named after an environment and a pipeline"
        hint = f"use lowercase letters, digits and hyphens, as in {project.settings.pipelines}/prod/home-prices.tfvars"
        yield Problem(ref_of(project, key).display_path, 1, 1, Code.BAD_FILE_NAME, message, hint)
    if not isinstance(content, bytes):
        yield from content
