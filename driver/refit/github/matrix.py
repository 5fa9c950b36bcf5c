"""What the workflows read of the step that finds the changed pipelines."""

from __future__ import annotations

import json
from collections.abc import Iterable

from refit.project import LOCAL


def pipeline_outputs(apply: Iterable[str], changed: Iterable[str] | None = None) -> dict[str, str]:
    """The step's outputs, as JSON, for the pipelines to apply and those whose file changed, by `<environment>/<name>`.

    `pipelines` and `changed` (the same as `pipelines` by default) are lists of keys; `[]` when there is nothing to do,
    because no job may have an empty matrix. `matrix` has each key of `pipelines` with its environment, for the job that
    the GitHub environment of that name protects. Pipelines of the embedded cloud are left out: no workflow reaches it.
    """
    to_apply = _on_aws(apply)
    outputs = {
        "pipelines": to_apply,
        "matrix": [{"pipeline": key, "environment": key.partition("/")[0]} for key in to_apply],
        "changed": to_apply if changed is None else _on_aws(changed),
    }
    return {name: json.dumps(value) for name, value in outputs.items()}


def _on_aws(keys: Iterable[str]) -> list[str]:
    return sorted(key for key in keys if not key.startswith(f"{LOCAL}/"))
