"""Which data flow a state has."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.data_flow import data_flow
from refit.embedded_cloud.step_functions.evaluation.errors import TERMINAL, EvaluationError, StatesError


@pytest.mark.parametrize(
    ("machine", "state", "language"),
    [
        ({}, {}, "JSONPath"),
        ({"QueryLanguage": "JSONata"}, {}, "JSONata"),
        ({}, {"QueryLanguage": "JSONata"}, "JSONata"),
        ({"QueryLanguage": "JSONPath"}, {"QueryLanguage": "JSONata"}, "JSONata"),
        ({"QueryLanguage": "JSONPath"}, {}, "JSONPath"),
    ],
)
def test_a_state_has_its_language_or_the_machines(machine: Any, state: Any, language: str) -> None:
    assert data_flow(machine, state).language == language


def test_only_two_errors_are_terminal() -> None:
    assert frozenset({"States.Runtime", "States.DataLimitExceeded"}) == TERMINAL


def test_an_evaluation_error_says_where() -> None:
    error = EvaluationError("States.QueryEvaluationError", "why", "Output/v")
    assert isinstance(error, StatesError)
    assert (error.error, error.cause, error.location) == ("States.QueryEvaluationError", "why", "Output/v")
    assert StatesError(None).cause is None
