"""Evaluates JSONata as Step Functions does: expressions from asl/expressions, and the fields of a rendered state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from refit.artifacts import state_machine
from refit.embedded_cloud.step_functions.evaluation import jsonata_template
from refit.embedded_cloud.step_functions.evaluation.scope import ABSENT, Scope

NAME, OTHER = "prices-20261107-0a1b2c3d", "prices-20261106-ffffffff"
"""Resource names of two runs of the pipeline `prices`."""

ARN = "arn:aws:states:us-west-2:123456789012:execution:refit-prices:one"
ENTERED = datetime(2026, 11, 7, 12, tzinfo=UTC)


def context(entered: datetime = ENTERED) -> dict[str, Any]:
    """The context object of an execution in a state that it has `entered`."""
    return {
        "Execution": {"Id": ARN, "Name": "one", "StartTime": "2026-11-07T11:00:00.000Z"},
        "State": {"EnteredTime": instant(entered)},
    }


def instant(moment: datetime) -> str:
    """An instant in Step Functions' format."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def expression(
    name: str, document: Any = None, constants: Mapping[str, Any] | None = None, *, variables: Any = None, **states: Any
) -> Any:
    """The value of asl/expressions/`name`.jsonata in a state whose input is `document`.

    `constants` are the constants that it uses, `states` the members of `$states` other than `input`, and
    `variables` the workflow variables.
    """
    source = state_machine.expressions(constants or {}).source(name)
    return evaluate(f"{{% {source} %}}", document, variables=variables or {}, **{"context": context(), **states})


def evaluate(template: Any, document: Any = None, *, variables: Mapping[str, Any] | None = None, **states: Any) -> Any:
    """`template` with its `{% … %}` evaluated; `states` is `$states` without `input`."""
    scope = Scope(
        input=document,
        context=states.get("context", {}),
        variables=variables or {},
        result=states.get("result", ABSENT),
        error_output=states.get("errorOutput", ABSENT),
    )
    return jsonata_template.fill(template, "Output", jsonata_template.bindings(scope))
