"""Validates pipeline files, individually and for conflicts between them, without AWS (`refit validate`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath

from refit import refit_toml
from refit.errors import InvalidPipeline, PipelineNotFound, Problem
from refit.pipeline import conflicts, files, listing, source_folder
from refit.pipeline.model import Pipeline
from refit.problem_codes import Code
from refit.project import PipelineRef, Project


@dataclass(frozen=True)
class Report:
    """The pipelines that were checked, every problem found, in file order, and the files that no command reads.

    The latter do not make the pipelines invalid: a pull request that moves such a file is planned in a checkout that
    still has it.
    """

    pipelines: tuple[PipelineRef, ...]
    problems: tuple[Problem, ...]
    strays: tuple[Problem, ...] = ()

    @property
    def valid(self) -> bool:
        return not self.problems


def validate(project: Project, names: Sequence[str], now: datetime) -> Report:
    """Checks the pipelines called `names`, or all pipelines if `names` is empty, as of `now`.

    Reads every file of the checkout, because a valid file may still conflict with a file that was not named. Reports
    only the problems of the named files. An unknown name is reported as a problem; it does not raise an error.
    """
    every = project.pipelines()
    missing = [] if names else _missing_folder(project)
    files_on_disk = listing.of_working_tree(project)
    missing = [*missing, *files_on_disk.links]
    selected, unknown = _find(project, names) if names else (every, [])
    paths = {path for ref in selected for path in _paths(ref)}
    try:
        validate_all(every, now)
    except InvalidPipeline as error:
        found = list(dict.fromkeys(problem for problem in error.problems if problem.file in paths))
        return Report(tuple(selected), (*unknown, *missing, *found), files_on_disk.strays)
    return Report(tuple(selected), (*unknown, *missing), files_on_disk.strays)


def validate_all(refs: Iterable[PipelineRef], now: datetime | None = None) -> list[Pipeline]:
    """The pipelines of several files of the working tree, which must not conflict with each other.

    Also requires that the folder in `training.source` exists, unlike `files.load` and `files.parse`, which may read
    another revision.

    Raises InvalidPipeline with every problem of every file.
    """
    pipelines: list[Pipeline] = []
    problems: list[Problem] = []
    claims: list[conflicts.Claim] = []
    for ref in refs:
        try:
            source = files.read(ref)
            document = files.document(source, ref)
            claims.append(conflicts.claim(ref, document.root))
            pipeline = files.check(document, ref, now)
            source_folder.find(ref, pipeline.training, source.text)
            pipelines.append(pipeline)
        except InvalidPipeline as error:
            problems += error.problems
    problems += conflicts.conflicts(claims)
    if problems:
        raise InvalidPipeline(problems)
    return pipelines


def _paths(ref: PipelineRef) -> Iterator[str]:
    """The paths of a pipeline file and of the JSON files that it names."""
    yield ref.display_path
    with suppress(InvalidPipeline):  # reported with the file
        yield from (f"{PurePosixPath(ref.display_path).parent}/{name}" for name in files.read(ref).json_files)


def _missing_folder(project: Project) -> list[Problem]:
    """A problem if refit.toml names a folder that does not exist."""
    folder = project.settings.pipelines
    if project.pipelines_dir.is_dir() or folder == refit_toml.PIPELINES:
        return []
    hint = "create it, or write the folder that contains the environments' folders"
    return [refit_toml.problem(project.root, "pipelines", f'names a missing folder, "{folder}"', hint)]


def _find(project: Project, names: Sequence[str]) -> tuple[list[PipelineRef], list[Problem]]:
    """The pipelines called `names`, ordered by key, and a problem for each unknown name."""
    refs: dict[str, PipelineRef] = {}
    unknown = []
    for name in names:
        try:
            ref = project.find(name)
        except PipelineNotFound as error:
            unknown.append(Problem(name, 1, 1, Code.UNKNOWN_PIPELINE, str(error), error.hint or ""))
        else:
            refs[ref.key] = ref
    return [refs[key] for key in sorted(refs)], unknown
