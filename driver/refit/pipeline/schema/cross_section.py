"""Validates the sections of a pipeline file against each other.

A rule checks one field against the fields before it in the schema. Invalid fields are missing from these, and rules
that need them are skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from refit.pipeline.schema import layers, readable
from refit.pipeline.schema.base import ValidationContext
from refit.pipeline.schema.constraints import Violation
from refit.pipeline.schema.contract import Drift
from refit.pipeline.schema.data import Data
from refit.pipeline.schema.gate import Gate
from refit.pipeline.schema.retention import Retention
from refit.pipeline.schema.run_duration import least_poll_interval_seconds, least_run_days, longest_run_seconds
from refit.pipeline.schema.training import Training
from refit.pipeline.schema.window import Window
from refit.problem_codes import Code

Before: TypeAlias = Mapping[str, Any]
"""The values of the valid fields before the checked one, by name."""


def data(value: Data, before: Before, context: ValidationContext) -> Iterator[Violation]:
    region: str | None = before.get("region")
    if region and value.kms_key_arn and (of_key := value.kms_key_arn.split(":")[3]) != region:
        message = f"data.kms_key_arn must be a key in {region}, as the bucket and the stack are, got one in {of_key}"
        yield Violation(("kms_key_arn",), Code.BAD_ARN, message, f'write the key in {region}, or region = "{of_key}"')
    yield from _layer(value, region)


def _layer(value: Data, region: str | None) -> Iterator[Violation]:
    arn = value.check_layer_arn
    if arn is None and value.schema and region and region not in layers.PUBLIC_REGIONS:
        message = f"{region} does not have the public Lambda layer with pyarrow, which the check of data.schema needs"
        hint = f'publish one there and write check_layer_arn = "{layers.EXAMPLE_ARN.replace("us-west-2", region)}"'
        yield Violation(("schema",), Code.NEEDS_ANOTHER, message, hint)
    if arn is not None and region and arn.split(":")[3] != region:
        message = f"data.check_layer_arn must be a layer in {region}, the pipeline's region, got one in"
        yield Violation(
            ("check_layer_arn",), Code.BAD_ARN, f"{message} {arn.split(':')[3]}", f"name a layer in {region}"
        )


def bucket(value: str | None, before: Before, context: ValidationContext) -> Iterator[Violation]:
    lake: Data | None = before.get("data")
    if value is not None and lake and lake.bucket == value:
        message = f"bucket {value} is also data.bucket, but the stack creates it, and data.bucket is an existing one"
        yield Violation((), Code.COLLISION, message, "remove bucket from data: by default, the data is in this one")


def window(value: Window, before: Before, context: ValidationContext) -> Iterator[Violation]:
    data: Data | None = before.get("data")
    stale = data.stale_after_days if data else None
    if stale is None or value.behind_days < stale:
        return
    hint = f"write stale_after_days = {value.behind_days + 2}: with this window the data of every run would be stale"
    field = "months" if value.months else "weeks" if value.weeks else "lag_days"
    if field == "lag_days":
        message = f"window.lag_days must be below data.stale_after_days ({stale}), got {value.lag_days}"
    else:
        message = (
            f"window.{field} must end less than data.stale_after_days ({stale}) days before a run, "
            f"and may end {value.behind_days} days before it"
        )
    yield Violation((field,), Code.OUT_OF_RANGE, message, hint)


def drift(value: Drift | None, before: Before, context: ValidationContext) -> Iterator[Violation]:
    data: Data | None = before.get("data")
    if value is not None and data and not data.schema:
        message = "drift has no effect without data.schema, by which runs measure the columns"
        hint = "remove it, or add what this prints to data: refit schema infer PIPELINE"
        yield Violation((), Code.NEEDS_ANOTHER, message, hint)


def training(value: Training, before: Before, context: ValidationContext) -> Iterator[Violation]:
    data: Data | None = before.get("data")
    if data:
        yield from value.rules.broken_data_rules(data)
        yield from readable.faults(data, value, embedded=context.embedded)


def gate(value: Gate | None, before: Before, context: ValidationContext) -> Iterator[Violation]:
    if value is None:
        return
    days: Window | None = before.get("window")
    if value.on_holdout and days and days.holdout_days == 0:
        message = f"gate.metric {value.metric} is measured on the holdout, but window.holdout_days is 0"
        yield Violation(("metric",), Code.NEEDS_ANOTHER, message, "write window = { days = 7, holdout_days = 1 }")
    chosen: Training | None = before.get("training")
    if chosen:
        yield from chosen.rules.unreported(value.metric, chosen)
    data: Data | None = before.get("data")
    if data and value.max_regression is not None and not data.data_format.is_csv:
        which = f'content_type "{data.content_type}"' if data.content_type is not None else f'format "{data.format}"'
        message = (
            "gate.max_regression needs held-out rows in CSV, which the gate sends to the live model, "
            f"and data has the {which}"
        )
        hint = "remove max_regression, and write max or min for the metric of the job"
        yield Violation(("max_regression",), Code.NOT_READABLE, message, hint)


def retention(value: Retention | None, before: Before, context: ValidationContext) -> Iterator[Violation]:
    longest = _longest_run(before)
    if value is None or longest is None:
        return
    least = least_run_days(longest)
    if value.run_days < least:
        runs = f"runs of up to {longest // 60} minutes"
        message = f"retention.run_days must be at least {least} for {runs}, got {value.run_days}"
        yield Violation(("run_days",), Code.OUT_OF_RANGE, message, f"write run_days = {least}")


def poll_interval_seconds(value: int, before: Before, context: ValidationContext) -> Iterator[Violation]:
    longest = _longest_run({**before, "approval": None})  # a run does not poll while it waits for an approval
    if longest is None or before.get("orchestration") != "polling" or context.embedded:
        return
    least = least_poll_interval_seconds(longest)
    if value < least:
        message = f"poll_interval_seconds must be at least {least} for {longest // 60} minutes of polling, got {value}"
        yield Violation((), Code.POLLS_TOO_OFTEN, message, f"write poll_interval_seconds = {least}")


RULES: Mapping[str, Callable[[Any, Before, ValidationContext], Iterator[Violation]]] = {
    rule.__name__: rule for rule in (data, drift, window, training, gate, retention, poll_interval_seconds, bucket)
}
"""The rules, by the name of the field that they check."""


def _longest_run(before: Before) -> int | None:
    """The longest run in seconds; None if a section that determines it is invalid."""
    if not {"training", "endpoint", "approval"} <= before.keys():
        return None
    approval = before["approval"]
    minutes = before["training"].max_runtime_minutes, before["endpoint"].timeout_minutes
    return longest_run_seconds(*minutes, approval.timeout_minutes if approval else 0)
