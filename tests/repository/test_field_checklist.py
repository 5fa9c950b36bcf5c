"""A new pipeline file field is implemented everywhere: each test reports a place that was forgotten.

CONTRIBUTING.md has the list of places. Generated ones (terraform/variables.tf, docs/pipeline-file.md) are tested in
test_docs.py, and the action of each field (driver/refit/plan/actions.py) in tests/refit/plan/test_actions.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from refit.artifacts import state_machine
from refit.aws.stack import Stack
from refit.costs.estimate import Cost, estimate
from refit.costs.prices import PRICES
from refit.live import differences
from refit.pipeline.model import Pipeline
from tests.support.fields import leaves, pipelines, with_another_value
from tests.support.rejected_values import REJECTED

ROOT = Path(__file__).parents[2]
FIELDS = tuple(leaves())
REGION = "us-west-2"
STACK = Stack(
    bucket=f"prices-123456789012-{REGION}",
    data_prefix="data/prices/",
    endpoint="prices",
    state_machine_arn=f"arn:aws:states:{REGION}:123456789012:stateMachine:refit-prices",
    watermark_parameter="/models/prices/train/latest",
    run_parameter="/models/prices/train/run",
    hold_parameter="/models/prices/hold",
    commit_parameter="/models/prices/train/commit",
)
"""The same stack for every value, so that only what the definition itself reads counts."""

PRICED = frozenset(
    {"InstanceType", "InstanceCount", "InitialInstanceCount", "MaxRuntimeInSeconds", "EnableManagedSpotTraining"}
)
"""The parameters of SageMaker's API that the price of a job or an endpoint depends on."""

BEHAVIOUR = ("tests/asl", "tests/lambdas", "tests/end_to_end", "tests/terraform", "tests/refit")
NOT_BEHAVIOUR = ("tests/refit/pipeline/", "tests/refit/plan/", "tests/terraform/test_variables.py")
"""Tests of which values are valid and what a change requires, not of what a field does."""


RENDERED: dict[tuple[str, str], str] = {}


def once(make: Callable[[Pipeline], str], pipeline: Pipeline) -> str:
    """What `make` returns for a pipeline. Most fields are compared in the same pipelines, which are rendered once."""
    key = (make.__name__, pipeline.model_dump_json())
    return RENDERED.get(key) or RENDERED.setdefault(key, make(pipeline))


def deployed(pipeline: Pipeline) -> str:
    return differences.definition(pipeline, STACK)


def is_in_definition(field: str) -> bool:
    """Whether comparing the built definition with the deployed one, as `refit drift` does, detects another value."""
    return any(
        differences.in_definition(with_another_value(one, field), STACK, once(deployed, one))
        for one in pipelines(field)
    )


def is_in_terraform(field: str) -> bool:
    """Whether a Terraform file reads the field, so that the plan, which `refit drift` reads, shows another value."""
    name = field if "." in field else f"var.{field}"  # of a section also a copy is read: `arrival.quiet_minutes`
    return re.search(rf"\b{re.escape(name)}\b", stack_sources()) is not None


@cache
def stack_sources() -> str:
    """The Terraform files of the stack without their variables and comments."""
    files = [file for file in (ROOT / "terraform").rglob("*.tf") if "bootstrap" not in file.parts]
    return re.sub(r"#.*", "", "".join(file.read_text() for file in files if not file.name.startswith("variables")))


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_read_and_its_drift_is_detected(field: str) -> None:
    assert is_in_definition(field) or is_in_terraform(field), (
        f"nothing reads {field}: a template in asl/states/ or a file in terraform/ must"
    )


def parameters(value: Any) -> Iterator[tuple[str, str]]:
    """Every priced parameter in a definition, with its value."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name in PRICED:
                yield name, json.dumps(member)
            yield from parameters(member)
    elif isinstance(value, list):
        for member in value:
            yield from parameters(member)


def priced(pipeline: Pipeline) -> list[tuple[str, str]]:
    return sorted(parameters(json.loads(once(state_machine.render, pipeline))))


def cost(pipeline: Pipeline) -> Cost:
    return estimate(pipeline, once(state_machine.render, pipeline), PRICES[REGION], REGION)


@pytest.mark.parametrize("field", FIELDS)
def test_a_field_that_changes_what_aws_charges_for_changes_the_estimate(field: str) -> None:
    for before in pipelines(field):
        after = with_another_value(before, field)
        if priced(before) != priced(after):
            assert cost(before) != cost(after), f"{field} changes a price: driver/refit/costs/estimate.py must read it"


def names(values: dict[str, Any], prefix: str = "") -> Iterator[str]:
    """The fields in the values of a pipeline file, by dotted name."""
    for name, value in values.items():
        path = f"{prefix}{name}"
        yield from [path] if path in FIELDS or not isinstance(value, dict) else names(value, f"{path}.")


REJECTED_FIELDS = {field for values, _ in REJECTED for field in names(values)}


@pytest.mark.parametrize("field", FIELDS)
def test_a_value_of_the_field_is_rejected(field: str) -> None:
    assert field in REJECTED_FIELDS, f"add a value of {field} that is rejected to tests/support/rejected_values.py"


@cache
def behaviour() -> dict[str, str]:
    """The tests of what fields do, by path."""
    files = [file for folder in BEHAVIOUR for file in sorted((ROOT / folder).rglob("*.py"))]
    texts = {file.relative_to(ROOT).as_posix(): file.read_text() for file in files}
    return {name: text for name, text in texts.items() if not name.startswith(NOT_BEHAVIOUR)}


@pytest.mark.parametrize("field", FIELDS)
def test_a_test_of_behaviour_sets_the_field(field: str) -> None:
    words = [re.compile(rf'\b{name}"?\s*[=:]') for name in field.split(".")]  # in HCL, a call or a dictionary

    assert any(all(word.search(text) for word in words) for text in behaviour().values()), (
        f"no test sets {field} to see what it does"
    )
