"""UpdateParameters: moves the watermark to the newest day of the model that is deployed now; never backwards."""

from __future__ import annotations

from typing import Any

from lambdas import lease, watermark
from lambdas.boundary import state
from lambdas.contract import NEVER, Parameters, WatermarkNotAdvanced


@state("UpdateParameters", outcome="watermark")
def handler(event: dict[str, Any], context: Any) -> Parameters:
    """`{run, settings}` → the watermark as it reads back.

    A backfill of older days leaves it where it is, and so does a redeployment, which has looked at no days at all. SSM
    has no compare-and-set; the lease keeps a second run away, and the read afterwards says what really stands there.
    It may be stale: then the state machine asks again, and finds what the attempt before has written.

    Raises LeaseLost, InvalidParameter and WatermarkNotAdvanced.
    """
    lease.require(event["run"])
    parameter = event["settings"]["watermark_parameter"]
    newest, before = event["run"]["newest"], event["run"]["watermark"]
    previous = watermark.read(parameter)
    if newest is None or (previous is not None and previous >= newest):
        written = newest is not None and previous == newest != before  # by an earlier attempt
        return {"watermark": previous, "previous": before if written else previous, "advanced": written}
    watermark.write(parameter, newest)
    current = watermark.read(parameter)
    if current is None or current < newest:
        raise WatermarkNotAdvanced(f"{parameter} was set to {newest} and reads {current or NEVER}")
    return {"watermark": current, "previous": previous, "advanced": True}
