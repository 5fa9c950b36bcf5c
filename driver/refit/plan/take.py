"""Checks out the pipeline files of another commit, and nothing else of it (`refit take REVISION`).

A workflow with credentials runs the code of the base branch, and takes only data from a pull request. Every file is
written as a regular file; a symbolic link in the commit is refused.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from refit.errors import InvalidPipeline, Problem, RefitError
from refit.git import Git
from refit.pipeline.files import Source
from refit.plan.pipeline_files import Content, committed, on_disk, ref_of
from refit.problem_codes import Code
from refit.project import Project

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
    files = {key: content for key, content in found.contents.items() if isinstance(content, Source)}
    if not force and (changed := _uncommitted(project, files)):
        raise RefitError(
            f"uncommitted changes would be lost: {', '.join(changed)}",
            "commit or stash them first (git stash --include-untracked), or discard them: refit take --force REV",
        )
    _replace(project, [*_on_disk(project)], _contents(project, files))
    return [ref.key for ref in project.pipelines()]


def _contents(project: Project, files: Mapping[str, Source]) -> dict[Path, bytes]:
    """What to write: the pipeline files, and the JSON files that they name."""
    contents: dict[Path, bytes] = {}
    for key, source in files.items():
        path = ref_of(project, key).path
        contents[path] = source.text
        contents |= {path.parent / name: text for name, text in source.json_files.items() if isinstance(text, bytes)}
    return contents


def _on_disk(project: Project) -> Iterator[Path]:
    """The pipeline files of the working tree, and the JSON files that they name, once each."""
    refs = project.pipelines()
    yield from (ref.path for ref in refs)
    sources = ((ref.path.parent, on_disk(ref)) for ref in refs)
    yield from sorted(
        {folder / name for folder, found in sources if isinstance(found, Source) for name in found.json_files}
    )


def _uncommitted(project: Project, files: Mapping[str, Source]) -> list[str]:
    """The files on disk with content that is neither in HEAD nor in `files`; also those that git ignores."""
    git = Git(project.root)
    head = git.commit("HEAD")
    changed = set(git.changed_files(head, None))
    tracked = committed(project, head).contents
    new = _contents(project, files)
    pipelines = {ref.path for ref in project.pipelines()}
    json_files = {path for path in (*_on_disk(project), *new) if os.path.lexists(path)} - pipelines
    lost = []
    for path in sorted(json_files):
        display = path.relative_to(project.root).as_posix()
        before = git.file(head, display)
        if (
            path.suffix == ".json"
            and (display in changed or before is None)
            and not _has(path, (before, new.get(path)))
        ):
            lost.append(display)
    return lost + [
        ref.display_path
        for ref in project.pipelines()
        if (ref.display_path in changed or ref.key not in tracked)
        # With .gitattributes, git can report a fresh checkout of a file with CRLF as changed.
        and not _has(ref.path, [_text(side.get(ref.key)) for side in (files, tracked)])
    ]


def _has(path: Path, contents: Iterable[bytes | None]) -> bool:
    """Whether the file has one of the contents; false for a link, which is not compared."""
    if path.is_symlink() or not path.is_file():
        return False
    return path.read_bytes() in contents


def _text(content: Content | None) -> bytes | None:
    return content.text if isinstance(content, Source) else None


def _replace(project: Project, old: Iterable[Path], new: Mapping[Path, bytes]) -> None:
    """Replaces the files `old` with `new`, or raises RefitError and leaves all of them as they were."""
    place = project.root
    done: list[tuple[Path, Path]] = []
    try:
        aside = Path(tempfile.mkdtemp(prefix=".refit-take-", dir=project.root))
    except OSError as error:
        raise _unwritable(place, error) from error
    try:
        overwritten = [path for path in new if path.suffix == ".json" and os.path.lexists(path)]
        moves = [(path, aside / f"old-{number}") for number, path in enumerate(dict.fromkeys([*old, *overwritten]))]
        for number, (path, content) in enumerate(new.items()):
            draft = aside / f"new-{number}"
            draft.write_bytes(content)
            moves.append((draft, path))
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
    if isinstance(content, Source):
        yield from (one for one in content.json_files.values() if isinstance(one, Problem))
    else:
        yield from content
