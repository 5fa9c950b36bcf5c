"""The step outputs of `refit changes --github`, from which the workflows build their job matrix."""

from __future__ import annotations

import json
from collections.abc import Iterable

from refit.project import LOCAL


def pipeline_outputs(apply: Iterable[str], changed: Iterable[str] | None = None) -> dict[str, str]:
    """The step's outputs, as JSON, for the keys of the pipelines to apply and of those whose file changed.

    `pipelines` and `changed` (by default the same as `pipelines`) are lists of keys. Workflows compare them with `[]`,
    because a job must not have an empty matrix. `matrix` has each key of `pipelines` with its environment, for the job
    that the GitHub environment of that name protects. Pipelines of the embedded cloud are left out.
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
