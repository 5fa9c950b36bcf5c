"""UpdateParameters: moves the watermark to the newest day of the model that is deployed now; never backwards."""

from __future__ import annotations

from typing import Any

from lambdas import lease, watermark
from lambdas.boundary import state
from lambdas.contract import NEVER, Parameters, WatermarkNotAdvanced


@state("UpdateParameters", outcome="watermark")
def handler(event: dict[str, Any], context: Any) -> Parameters:
    """`{run, settings}` → the watermark as it reads back. Raises LeaseLost, InvalidParameter and
    WatermarkNotAdvanced.

    A backfill of older days leaves it where it is, and so does a redeployment, which has looked at no days at all. SSM
    has no compare-and-set; the lease keeps a second run away, and the read afterwards says what really stands there.
    """
    lease.require(event["run"])
    parameter, newest = event["settings"]["watermark_parameter"], event["run"]["newest"]
    previous = watermark.read(parameter)
    if newest is None or (previous is not None and previous >= newest):
        return {"watermark": previous, "previous": previous, "advanced": False}
    watermark.write(parameter, newest)
    current = watermark.read(parameter)
    if current is None or current < newest:
        raise WatermarkNotAdvanced(f"{parameter} was set to {newest} and reads {current or NEVER}")
    return {"watermark": current, "previous": previous, "advanced": True}
