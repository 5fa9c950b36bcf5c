"""UpdateParameters: advances the watermark to the newest day of the run's data, never backwards, and names the run."""

from __future__ import annotations

from typing import Any

from lambdas.aws import lease, parameters
from lambdas.aws.handler import state
from refit.domain.errors import WatermarkNotAdvanced
from refit.domain.run_document import Parameters
from refit.domain.setting_values import NEVER


@state("UpdateParameters", outcome="watermark")
def handler(event: dict[str, Any], context: Any) -> Parameters:
    """`{run, settings}` → the watermark as it is read back.

    A run on older days, or without days, changes neither parameter. A run on the same days keeps the watermark, and
    becomes the run that the watermark refers to. SSM has no compare-and-set: the lease excludes a second run, and
    reading the parameters back verifies the result. That read may be stale; then the state machine retries, and finds
    what the previous attempt wrote.

    Raises LeaseLost, InvalidParameter and WatermarkNotAdvanced.
    """
    lease.require(event["run"])
    run, settings = event["run"], event["settings"]
    newest, seen = run["newest"], parameters.seen(settings)
    if newest is None or (seen.watermark is not None and seen.watermark > newest):
        return {"watermark": seen.watermark, "previous": seen.watermark, "advanced": False}
    # The watermark first: if the run ends between the writes, that day is deployed and must not be trained on again.
    if seen.watermark != newest:
        parameters.write(settings["watermark_parameter"], newest)
    if seen.run != run["run"]:
        parameters.write(settings["run_parameter"], run["run"])
    current = parameters.seen(settings)
    if current.watermark is None or current.watermark < newest:
        raise _not_advanced(settings["watermark_parameter"], newest, current.watermark)
    if current.run != run["run"]:
        raise _not_advanced(settings["run_parameter"], run["run"], current.run)
    # An earlier attempt may have written it.
    previous = run["watermark"] if seen.watermark == newest else seen.watermark
    return {"watermark": current.watermark, "previous": previous, "advanced": previous is None or previous < newest}


def _not_advanced(parameter: str, written: str, read: str | None) -> WatermarkNotAdvanced:
    return WatermarkNotAdvanced(f"{parameter} was set to {written}, but its value is {read or NEVER}")
