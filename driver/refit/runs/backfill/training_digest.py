"""Hashes what determines a model apart from its data: the pipeline's training settings and its code. Pure.

Two runs with the same digest and the same days train the same kind of model.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

from refit.aws.stack import Stack
from refit.live.differences import Difference, in_definition
from refit.pipeline.model import Pipeline

CODE = re.compile("/code/([0-9a-f]{64})/source.tar.gz")
"""Where terraform/modules/source stores the code of a custom algorithm: under its own hash."""
PARTS = (
    "CheckData.settings.prefix.",
    "CheckData.settings.layout.",
    "CheckData.settings.ready.",
    "CheckData.settings.format.",
    "CheckData.settings.content_type.",
    "CheckData.settings.image.",
    "CheckData.settings.source.",
    "CheckData.settings.window.",
    "StartTrainingJob.settings.",
    "StartTrainingJob.AlgorithmSpecification.",
    "StartTrainingJob.HyperParameters.",
    "StartTrainingJob.InputDataConfig.",
    "StartTrainingJob.ResourceConfig.",
)
"""The parts of a definition that determine the model: of both orchestrations, of polling, of direct."""


def digest(pipeline: Pipeline, definition: str) -> str:
    """Eight hex digits of what determines the model. The code is the one in `definition`, the deployed definition.

    The digest ignores whether a default is written out, and fields that a later version adds.
    """
    written = pipeline.model_dump(mode="json", exclude_defaults=True)
    window = {name: written.get("window", {}).get(name) for name in ("holdout_days", "min_days")}
    data = {name: value for name, value in written["data"].items() if name != "stale_after_days"}
    code = CODE.search(definition)
    parts = {"data": data, "training": written.get("training"), "window": window, "code": code and code[1]}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]


def unapplied(pipeline: Pipeline, stack: Stack, definition: str) -> Iterator[Difference]:
    """Where the deployed definition trains differently from the file. The code is not part of the file."""
    differences = in_definition(pipeline, stack, definition)
    return (one for one in differences if f"{one.name}.".startswith(PARTS))
