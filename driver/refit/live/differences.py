"""Compares the deployed state machine and the live endpoint with the pipeline file, for `refit status`. Pure.

It needs the results of two calls. `refit drift` (refit.live.drift) compares everything that Terraform manages, which
does not include the endpoint. Only what that command finds is called drift.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from refit.artifacts import state_machine
from refit.artifacts.definition_checks import PLACEHOLDERS
from refit.aws.stack import Stack
from refit.domain.endpoint_config import Identity
from refit.pipeline.model import Pipeline

ABSENT = "absent"
"""The value of a field that one side does not have."""

LEFT_OUT = frozenset({"States", "Parameters", "Arguments"})
"""Levels of a definition that are part of every path and are left out of names."""

EXPRESSION = "{%"
"""The start of a JSONata expression. It contains values of the file that are also elsewhere in the definition."""


@dataclass(frozen=True)
class Difference:
    """A value that differs: its name, the value in the file, and the live value."""

    name: str
    wanted: Any
    live: Any


def in_definition(pipeline: Pipeline, stack: Stack, live: str) -> list[Difference]:
    """Where the deployed definition differs from the one that `refit build` and Terraform would deploy.

    A name is the path of a value: `CheckData.settings.window.days`. Expressions are listed only if no value differs.
    """
    found = list(_differences((), json.loads(definition(pipeline, stack)), json.loads(live)))
    values = [one for one in found if not str(one.wanted).startswith(EXPRESSION)]
    return values or found


def definition(pipeline: Pipeline, stack: Stack) -> str:
    """The definition with its placeholders replaced as in terraform/main.tf, except `environment` and `source_uri`."""
    text = state_machine.render(pipeline)
    for name, value in _substitutions(pipeline, stack).items():
        text = text.replace(f"${{{name}}}", value)
    return text


def _substitutions(pipeline: Pipeline, stack: Stack) -> dict[str, str]:
    _, partition, _, region, account, _, machine = stack.state_machine_arn.split(":")
    own_role = f"arn:{partition}:iam::{account}:role/{machine}-sagemaker"
    functions = f"arn:{partition}:lambda:{region}:{account}:function:{machine}"
    return {
        "bucket": stack.bucket,
        "partition": partition,
        "region": region,
        "watermark_parameter": stack.watermark_parameter,
        "run_parameter": stack.run_parameter,
        "hold_parameter": stack.hold_parameter,
        "sagemaker_role_arn": pipeline.sagemaker_role_arn or own_role,
        **{f"{handler}_arn": f"{functions}-{handler.replace('_', '-')}" for handler in pipeline.handlers},
    }


def _differences(path: tuple[str, ...], wanted: Any, live: Any) -> Iterator[Difference]:
    if isinstance(wanted, Mapping) and isinstance(live, Mapping):
        for name in [*wanted, *(name for name in live if name not in wanted)]:
            yield from _differences((*path, name), wanted.get(name, ABSENT), live.get(name, ABSENT))
    elif isinstance(wanted, list) and isinstance(live, list) and len(wanted) == len(live):
        for number, (one, other) in enumerate(zip(wanted, live, strict=True)):
            yield from _differences((*path, str(number)), one, other)
    elif wanted != live and not _has_placeholder(wanted):
        yield Difference(".".join(step for step in path if step not in LEFT_OUT), wanted, live)


def _has_placeholder(wanted: Any) -> bool:
    """Whether a placeholder is left, whose value depends on the path of the file or on a build."""
    return isinstance(wanted, str) and any(f"${{{name}}}" in wanted for name in PLACEHOLDERS)


def in_endpoint(pipeline: Pipeline, live: Identity) -> list[Difference]:
    """Where the live endpoint config differs from the pipeline file; `live` is the config's identity.

    Its instance count is the one that the config requests: what autoscaling has changed since is not a difference.
    """
    if len(live) != 1:
        return [Difference("endpoint.variants", 1, len(live))]
    pairs = ((field, getattr(pipeline.endpoint, field), value) for field, value in live[0].settings.items())
    return [Difference(f"endpoint.{field}", wanted, value) for field, wanted, value in pairs if wanted != value]
