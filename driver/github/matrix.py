"""What the workflows read of the step that finds the changed pipelines."""

from __future__ import annotations

import json
from collections.abc import Iterable


def pipeline_outputs(keys: Iterable[str]) -> dict[str, str]:
    """The step outputs for pipelines by their key, `<environment>/<name>`, as JSON.

    `pipelines` is a list of the keys; `[]` when there is nothing to do, because no job may have an empty matrix.
    `matrix` has each key with its environment, for the job that the GitHub environment of that name protects.
    """
    ordered = sorted(keys)
    matrix = [{"pipeline": key, "environment": key.partition("/")[0]} for key in ordered]
    return {"pipelines": json.dumps(ordered), "matrix": json.dumps(matrix)}
