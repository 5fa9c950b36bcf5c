"""The exception tree of the driver, and the exit code that each ends with.

A `RefitError` is meant for a person: it says what is wrong and what to do next. Anything else that escapes is a defect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from refit.problem_codes import Code


class RefitError(Exception):
    """Something a person can mend. `hint` says how, in one line; `exit_code` is the process's."""

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong with one place of a file; line and column count from 1, `code` says of what kind it is."""

    file: str
    line: int
    column: int
    code: Code
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """`file:line:column: code what is wrong; what to write instead`."""
        advice = f"; {self.hint}" if self.hint else ""
        return f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}{advice}"


class InvalidInput(RefitError):
    """A file that cannot be used: carries every problem found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class InvalidPipeline(InvalidInput):
    """A pipeline file, or several."""


class InvalidData(InvalidInput):
    """A data file with rows that cannot be trained on."""


class PipelineNotFound(RefitError):
    """No pipeline of that name, or more than one environment has it."""


class BuildError(RefitError):
    """The artefacts of a pipeline could not be made, or what was made is not a sound state machine."""


class TerraformError(RefitError):
    """The terraform binary is missing, or ended with an error that it has already printed."""


class AwsError(RefitError):
    """AWS (or the embedded cloud) refused a call, or could not be reached within the bounded retries."""


class NotFound(AwsError):
    """The one answer that means that the thing does not exist."""


class RunFailed(RefitError):
    """A run ended in a state that is not a success."""


class CloudError(RefitError):
    """The embedded cloud could not be started, reached or stopped."""
