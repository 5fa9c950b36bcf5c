"""`refit validate`: everything that can be known about pipeline files without AWS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from refit.errors import InvalidPipeline, PipelineNotFound, Problem
from refit.pipeline import files as pipeline
from refit.problem_codes import Code
from refit.project import PipelineRef, Project


@dataclass(frozen=True)
class Report:
    """What was looked at, and every problem found, in file order."""

    pipelines: tuple[PipelineRef, ...]
    problems: tuple[Problem, ...]

    @property
    def valid(self) -> bool:
        return not self.problems


def validate(project: Project, names: Sequence[str], today: date) -> Report:
    """Checks the pipelines called `names` (all of them when there is none) as of `today`.

    Every file of the checkout is read, because a valid file may still collide with one that nobody named; only the
    problems of those asked for are reported. A name that no pipeline has is a problem, not an error.
    """
    every = project.pipelines()
    asked, unknown = _find(project, names) if names else (every, [])
    files = {ref.display_path for ref in asked}
    try:
        pipeline.validate_all(every, today)
    except InvalidPipeline as error:
        found = [problem for problem in error.problems if problem.file in files]
        return Report(tuple(asked), (*unknown, *found))
    return Report(tuple(asked), tuple(unknown))


def _find(project: Project, names: Sequence[str]) -> tuple[list[PipelineRef], list[Problem]]:
    found: dict[str, PipelineRef] = {}
    unknown = []
    for name in names:
        try:
            ref = project.find(name)
        except PipelineNotFound as error:
            unknown.append(Problem(name, 1, 1, Code.UNKNOWN_PIPELINE, str(error), error.hint or ""))
        else:
            found[ref.key] = ref
    return [found[key] for key in sorted(found)], unknown
