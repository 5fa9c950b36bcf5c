"""The JSONata of a state, evaluated as Step Functions would: for tests of the graph that need no run."""

from __future__ import annotations

import json
from typing import Any

import jsonata


def evaluate(template: Any, given: Any = None, **states: Any) -> Any:
    """`template` with its `{% … %}` evaluated; `states` is `$states` but for `input`, and `variables` the variables."""
    if isinstance(template, dict):
        return {name: evaluate(value, given, **states) for name, value in template.items()}
    if isinstance(template, list):
        return [evaluate(value, given, **states) for value in template]
    if not (isinstance(template, str) and template.startswith("{%")):
        return template
    variables = states.pop("variables", {})
    bindings = {"states": {"input": given, **states}, **variables}
    expression = jsonata.Jsonata.jsonata(template[2:-2])
    # Step Functions' own: https://docs.aws.amazon.com/step-functions/latest/dg/transforming-data.html
    expression.register_lambda("parse", json.loads)
    return expression.evaluate(None, bindings)
