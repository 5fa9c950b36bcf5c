"""The sizes of workflow variables."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.data_flow import data_flow
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

KIBI = 1024
FLOWS = [data_flow({}, {}), data_flow({"QueryLanguage": "JSONata"}, {})]
both = pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.language)


@both
def test_an_assign_may_have_256_kibibytes(flow: Any) -> None:
    assigned = flow.assigned({"Assign": {"v": "x" * (256 * KIBI - 2)}}, Scope({}, {}, {}))
    assert len(assigned["v"]) == 256 * KIBI - 2


@both
@pytest.mark.parametrize(
    "assign", [{"v": "x" * (256 * KIBI - 1)}, {"a": "x" * 200 * KIBI, "b": "x" * 60 * KIBI}, {"v": "é" * 130 * KIBI}]
)
def test_it_may_not_have_more(flow: Any, assign: Any, failure: Any) -> None:
    failed = failure(flow.assigned, {"Assign": assign}, Scope({}, {}, {}))
    words = "The variables of an Assign field must not be larger than 262144 bytes."
    assert failed == ("States.DataLimitExceeded", words, None)


@both
def test_all_variables_together_may_not_have_more_than_ten_mebibytes(flow: Any, failure: Any) -> None:
    stored = {f"v{number}": "x" * 255 * KIBI for number in range(40)}
    scope = Scope({}, {}, stored)
    assert flow.assigned({"Assign": {"v0": "x" * 255 * KIBI}}, scope)
    failed = failure(flow.assigned, {"Assign": {"another": "x" * 255 * KIBI}}, scope)
    words = "The variables of an execution must not be larger than 10485760 bytes."
    assert failed == ("States.DataLimitExceeded", words, None)
