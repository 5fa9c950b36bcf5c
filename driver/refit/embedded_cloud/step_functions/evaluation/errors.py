"""The errors that end a state.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

from __future__ import annotations

from typing import Final

RUNTIME: Final = "States.Runtime"
QUERY_EVALUATION: Final = "States.QueryEvaluationError"
INTRINSIC_FAILURE: Final = "States.IntrinsicFailure"
RESULT_PATH_MATCH_FAILURE: Final = "States.ResultPathMatchFailure"
REFERENCE_PATH_CONFLICT: Final = "States.ReferencePathConflict"
DATA_LIMIT_EXCEEDED: Final = "States.DataLimitExceeded"

NULL_INPUT: Final = "Unable to apply Path transformation to null or empty input."
"""What AWS says when a path reads an input that is null."""

TERMINAL: Final = frozenset({RUNTIME, DATA_LIMIT_EXCEEDED})
"""The errors that `States.ALL` and `States.TaskFailed` do not match."""


class StatesError(Exception):
    """A state failed.

    `error` is the error's name, `cause` the text; a Fail state may have neither. `location` is the field that failed,
    such as `Output/a/b[0]` or `Choices[1]/Condition`: AWS gives it in the event EvaluationFailed.
    """

    def __init__(self, error: str | None, cause: str | None = None, location: str | None = None) -> None:
        super().__init__(error, cause)
        self.error = error
        self.cause = cause
        self.location = location


class EvaluationError(StatesError):
    """What a state says about its data cannot be evaluated.

    AWS puts "An error occurred while executing the state '…' (entered at the event id #…). " before the cause; whoever
    runs the state knows its name and the event. Other errors, also States.ReferencePathConflict, have no such words.
    """
