"""What runs otherwise than the pipeline file says: the deployed state machine and the live endpoint, compared. Pure.

It compares what two calls tell. `refit terraform plan` compares everything that Terraform made; what state machines
and endpoints look like from day to day, Terraform does not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from refit.artifacts import state_machine
from refit.artifacts.definition_checks import PLACEHOLDERS
from refit.aws.stack import Stack
from refit.pipeline.model import Pipeline

ABSENT = "absent"
"""Stands for a value that one side does not have at all."""

LEFT_OUT = frozenset({"States", "Parameters", "Arguments"})
"""Levels of a definition that every path goes through, and that say nothing."""

EXPRESSION = "{%"
"""What JSONata begins with. An expression holds values of the file, which stand in the open elsewhere."""


@dataclass(frozen=True)
class Difference:
    """One value: its name, what the file asks for, and what is live."""

    name: str
    wanted: Any
    live: Any


def in_definition(pipeline: Pipeline, stack: Stack, live: str) -> list[Difference]:
    """Where the deployed definition differs from what a build of the file renders and Terraform fills in.

    A name leads to the value: `CheckData.settings.window.days`. Expressions are named only when nothing else differs.
    """
    found = list(_differences((), json.loads(definition(pipeline, stack)), json.loads(live)))
    values = [one for one in found if not str(one.wanted).startswith(EXPRESSION)]
    return values or found


def definition(pipeline: Pipeline, stack: Stack) -> str:
    """The definition with its placeholders filled in as by terraform/main.tf, but `environment` and `source_uri`."""
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
    elif wanted != live and not _is_open(wanted):
        yield Difference(".".join(step for step in path if step not in LEFT_OUT), wanted, live)


def _is_open(wanted: Any) -> bool:
    """Whether a placeholder is left in it, which only the place of the file or a build can tell."""
    return isinstance(wanted, str) and any(f"${{{name}}}" in wanted for name in PLACEHOLDERS)


def in_endpoint(pipeline: Pipeline, variants: list[tuple[str | None, int | None]]) -> list[Difference]:
    """Where the live endpoint config differs: `variants` are its instance types and initial counts.

    The counts are those that the config asks for: what autoscaling has made of them since is no drift.
    """
    wanted = pipeline.endpoint
    if len(variants) != 1:
        return [Difference("endpoint.variants", 1, len(variants))]
    ((instance_type, count),) = variants
    pairs = (("instance_type", wanted.instance_type, instance_type), ("instance_count", wanted.instance_count, count))
    return [Difference(f"endpoint.{name}", asked, found) for name, asked, found in pairs if asked != found]
