"""Creates, compares or updates a team's own repository (`refit init`).

The first time, it writes the missing files and keeps every existing file. Later it only compares the files or, with
`update`, updates those that were not edited to this version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from refit import refit_toml
from refit.errors import RefitError
from refit.init import init_record, installed, repository
from refit.init.answers import Answers
from refit.init.files import render
from refit.init.init_record import InitRecord
from refit.init.installed import Requirement, Unknown
from refit.init.repository import Entry, State
from refit.project import Project
from refit.version import VERSION


@dataclass(frozen=True)
class Initialized:
    """The result: the `written` paths, the entries before that, and the `omitted` files with the reasons."""

    folder: Path
    answers: Answers
    first: bool
    written: tuple[str, ...]
    entries: tuple[Entry, ...]
    omitted: tuple[tuple[str, Unknown], ...]
    copied: tuple[str, ...] = ()
    """The wheel of Refit, if it was copied into the repository."""

    def of(self, *states: State) -> list[Entry]:
        """The entries in one of these states."""
        return [entry for entry in self.entries if entry.state in states]


def initialize(
    folder: Path,
    answer: Callable[[Answers | None], Answers],
    *,
    update: bool = False,
    wheel: Path | None = None,
) -> Initialized:
    """Writes or compares the repository in `folder`, which need not exist.

    `answer` gets the previous answers (None the first time) and returns the new ones. Raises RefitError, with nothing
    written, for invalid answers, in a checkout of Refit, and for an `update` of a folder that `refit init` has not
    written.
    """
    _refuse_file(folder)
    project = Project(folder.resolve())
    if project.has_terraform:
        hint = "write pipeline files in terraform/pipelines, or name another folder: refit init DIR"
        raise RefitError(f"{folder} is a checkout of Refit, which does not need refit init", hint)
    known = init_record.read(folder)
    if update and known is None:
        raise RefitError(f"there is no {init_record.FILE} in {folder}", "run refit init without --update first")
    # What does not depend on the answers is checked before the questions.
    refit_toml.read(project.root)
    if wheel:
        installed.from_wheel(wheel, project.root)
    answers = with_commit(answer(known.answers if known else None), known)
    requirement = _requirement(project.root, answers, wheel)
    pinned = requirement if isinstance(requirement, Requirement) else None
    if pinned and (wheel or pinned.copied_from) and pinned.name.startswith("./"):
        answers = replace(answers, wheels=str(Path(pinned.name).parent))
    answers.check()
    files = render(project, answers, pinned)
    entries = repository.compare(folder, files, known)
    copies = pinned.copies() if pinned and (update or known is None) else {}
    written = repository.write(folder, entries, answers, known, copies) if update or known is None else []
    omitted = _omitted(answers, requirement, known)
    return Initialized(folder, answers, known is None, tuple(written), tuple(entries), tuple(omitted), tuple(copies))


def _refuse_file(folder: Path) -> None:
    """Raises RefitError if `folder`, or the path above it that exists, is not a folder."""
    existing = next(path for path in (folder.absolute(), *folder.absolute().parents) if path.exists())
    if not existing.is_dir():
        shown = folder if existing == folder.absolute() else existing
        raise RefitError(f"{shown} is a file, not a folder", "name a folder: refit init DIR")


def with_commit(answers: Answers, known: InitRecord | None) -> Answers:
    """The answers with this version's commit if `workflows` has no commit, or that of an earlier version."""
    commit = installed.commit()
    if answers.workflows is None or commit is None or ("@" in answers.workflows and not _is_older(answers, known)):
        return answers
    return replace(answers, workflows=f"{answers.workflows.partition('@')[0]}@{commit}")


def _is_older(answers: Answers, known: InitRecord | None) -> bool:
    """Whether the commit of the workflows was written by an earlier version."""
    return known is not None and known.version != VERSION and answers.workflows == known.answers.workflows


def _requirement(root: Path, answers: Answers, wheel: Path | None) -> Requirement | Unknown:
    if wheel:
        return installed.from_wheel(wheel, root)
    if answers.wheels is None:
        return installed.requirement(root)
    committed = root / answers.wheels / installed.WHEEL
    if committed.is_file():
        return installed.from_wheel(committed, root)
    found = installed.requirement(root, answers.wheels)
    if isinstance(found, Requirement) and found.copied_from:
        return found
    reason = f"{answers.wheels}/ does not contain {installed.WHEEL}"
    return Unknown(reason, "copy the wheel of this version there, then run: refit init --update")


def _omitted(
    answers: Answers, requirement: Requirement | Unknown, known: InitRecord | None
) -> Iterator[tuple[str, Unknown]]:
    if isinstance(requirement, Unknown):
        yield "requirements.txt and requirements-local.txt", requirement
    commit = installed.commit()
    hint = f"run: refit init --update --workflows OWNER/REPO@{commit or 'COMMIT'}, with the commit of Refit {VERSION}"
    if answers.workflows is None:
        yield ".github/workflows", Unknown("the repository with Refit's workflows is unknown", hint)
    elif commit is None and _is_older(answers, known):
        reason = f"the commit of Refit {VERSION} is unknown; the workflows stay at {answers.workflows}"
        yield ".github/workflows", Unknown(reason, hint)
