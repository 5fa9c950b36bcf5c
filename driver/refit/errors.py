"""The exceptions of the driver, and the exit code of each.

A `RefitError` is meant for the user: it says what is wrong and what to do next. Any other exception is a defect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from refit.problem_codes import Code
from refit.safe_output import plain


class RefitError(Exception):
    """Something that the user can fix. `hint` says how, in one line; `exit_code` is the exit code of the process."""

    exit_code = 1

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


@dataclass(frozen=True, order=True)
class Problem:
    """One mistake in a file, with its location and its code; line and column count from 1."""

    file: str
    line: int
    column: int
    code: Code
    message: str
    hint: str = ""

    def __str__(self) -> str:
        """`file:line:column: code what is wrong; what to write instead`, on one line of printable characters."""
        advice = f"; {self.hint}" if self.hint else ""
        return plain(f"{self.file}:{self.line}:{self.column}: {self.code} {self.message}{advice}")


class UsageError(RefitError):
    """The command line has an unknown option, or a value or an argument is missing or has the wrong form."""

    exit_code = 2


class InvalidInput(RefitError):
    """A file that cannot be used, with every problem found, in file order."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


class InvalidPipeline(InvalidInput):
    """One or several pipeline files are invalid."""


class InvalidData(InvalidInput):
    """A data file has rows that cannot be used. The message shows the first problems: there can be one in each column.

    `problems` has all of them.
    """

    SHOWN = 10

    def __str__(self) -> str:
        shown = list(map(str, self.problems[: self.SHOWN]))
        more = len(self.problems) - len(shown)
        return "\n".join([*shown, *([f"and {more:,} more"] if more else [])])


class PipelineNotFound(RefitError):
    """No pipeline has that name, or several environments have one."""


class BuildError(RefitError):
    """The artifacts of a pipeline could not be built, or the state machine that was built is invalid."""


class TerraformError(RefitError):
    """The terraform binary is missing, or it failed and has already printed why."""


class AwsError(RefitError):
    """AWS (or the embedded cloud) rejected a call, or could not be reached within the limit of retries."""


class NotFound(AwsError):
    """The requested resource does not exist."""


class AccessDenied(AwsError):
    """The credentials lack a permission that the call needs."""


class AwsUnreachable(AwsError):
    """AWS did not respond: no network, a wrong proxy, or an untrusted certificate."""


class NotInstalled(RefitError):
    """A command needs packages of an extra of the distribution that is not installed."""


class RunFailed(RefitError):
    """A run ended in a state other than success."""


class PipelineHeld(RefitError):
    """Nothing failed, but a run did nothing because a user holds the pipeline."""

    exit_code = 3


class CloudError(RefitError):
    """The embedded cloud could not be started, reached or stopped."""
