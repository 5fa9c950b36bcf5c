"""What makes a model out of days of data: the pipeline's settings and its code, in the file and as they are deployed.

Pure. Two runs on the same days that agree in this make the same kind of model.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator

from refit.aws.stack import Stack
from refit.live import drift
from refit.live.drift import Difference
from refit.pipeline.model import Pipeline

CODE = re.compile("/code/([0-9a-f]{64})/source.tar.gz")
"""Where terraform/modules/source puts the code of an own algorithm: under its own hash."""
PARTS = (
    "CheckData.settings.prefix.",
    "CheckData.settings.image.",
    "CheckData.settings.source.",
    "CheckData.settings.window.",
    "StartTrainingJob.settings.",
    "StartTrainingJob.AlgorithmSpecification.",
    "StartTrainingJob.HyperParameters.",
    "StartTrainingJob.InputDataConfig.",
    "StartTrainingJob.ResourceConfig.",
)
"""The parts of a definition that make the model: of both orchestrations, of polling, of direct."""


def digest(pipeline: Pipeline, definition: str) -> str:
    """Eight hex digits of what makes the model; the code is the one that `definition`, the deployed one, names.

    A default that is written out changes nothing, nor does a field that a later version adds.
    """
    written = pipeline.model_dump(mode="json", exclude_defaults=True)
    window = {name: written.get("window", {}).get(name) for name in ("holdout_days", "min_days")}
    data = {name: value for name, value in written["data"].items() if name != "stale_after_days"}
    code = CODE.search(definition)
    made_of = {"data": data, "training": written.get("training"), "window": window, "code": code and code[1]}
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()[:8]


def unapplied(pipeline: Pipeline, stack: Stack, definition: str) -> Iterator[Difference]:
    """Where the deployed definition trains otherwise than the file says. Which code it names is no part of a file."""
    differences = drift.in_definition(pipeline, stack, definition)
    return (one for one in differences if f"{one.name}.".startswith(PARTS))
