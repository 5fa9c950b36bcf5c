"""Reads and writes a pipeline's SSM parameters. Terraform creates them; runs and users write them.

The watermark is the newest day that a deployed model was trained on, the run parameter is the name of the run that
trained it, and the hold decides whether a run may replace the live model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from lambdas.aws import clients
from refit.domain import hold
from refit.domain.errors import InvalidParameter
from refit.domain.messages import WATERMARK_IS_NO_DATE
from refit.domain.run_document import Hold
from refit.domain.setting_values import NEVER
from refit.domain.window import parse_day


class Watermark(NamedTuple):
    """The newest day (YYYY-MM-DD) that a deployed model was trained on, and its run's name. None if there is none."""

    watermark: str | None
    run: str | None


def seen(settings: Mapping[str, Any]) -> Watermark:
    """The watermark and its run. Raises InvalidParameter if one is missing, or if the watermark is not a date."""
    watermark, run = settings["watermark_parameter"], settings["run_parameter"]
    return _seen(watermark, run, _values(watermark, run))


def seen_and_hold(settings: Mapping[str, Any]) -> tuple[Watermark, Hold | None]:
    """The watermark, its run, and the hold (None if not held), read in one call. Raises InvalidParameter."""
    watermark, run, held = settings["watermark_parameter"], settings["run_parameter"], settings["hold_parameter"]
    values = _values(watermark, run, held)
    try:
        holder = hold.parse(values[held])
    except ValueError as error:
        raise InvalidParameter(f"{held}: {error}") from error
    return _seen(watermark, run, values), holder


def write(parameter: str, value: str) -> None:
    """Overwrites the parameter. Terraform ignores changes of its value."""
    clients.ssm().put_parameter(Name=parameter, Value=value, Overwrite=True)


def _values(*names: str) -> dict[str, str]:
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameters.html"""
    found = clients.ssm().get_parameters(Names=list(names))
    values = {one["Name"]: one["Value"] for one in found.get("Parameters", []) if "Name" in one and "Value" in one}
    missing = [name for name in names if name not in values]
    if missing:
        raise InvalidParameter(f"the parameter {', '.join(missing)} does not exist; apply the Terraform stack")
    return values


def _seen(watermark: str, run: str, values: Mapping[str, str]) -> Watermark:
    try:
        day = None if values[watermark] == NEVER else parse_day(values[watermark]).isoformat()
    except ValueError as error:
        wrong = WATERMARK_IS_NO_DATE.format(parameter=watermark, watermark=values[watermark])
        raise InvalidParameter(wrong) from error
    return Watermark(day, None if values[run] == NEVER else values[run])
