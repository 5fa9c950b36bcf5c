"""UpdateParameters: says up to which day, and of which run, the data is that a model has seen; never backwards."""

from __future__ import annotations

from typing import Any

from lambdas.aws import lease, parameters
from lambdas.aws.handler import state
from refit.domain.errors import WatermarkNotAdvanced
from refit.domain.run_document import Parameters
from refit.domain.setting_values import NEVER


@state("UpdateParameters", outcome="watermark")
def handler(event: dict[str, Any], context: Any) -> Parameters:
    """`{run, settings}` → the watermark as it reads back.

    A run on older days leaves both where they are, and so does one that has looked at no days at all. One on the same
    days leaves the watermark, and is from now on the run that it speaks of. SSM has no compare-and-set; the lease keeps
    a second run away, and the read afterwards says what really stands there. It may be stale: then the state machine
    asks again, and finds what the attempt before has written.

    Raises LeaseLost, InvalidParameter and WatermarkNotAdvanced.
    """
    lease.require(event["run"])
    run, settings = event["run"], event["settings"]
    newest, seen = run["newest"], parameters.seen(settings)
    if newest is None or (seen.watermark is not None and seen.watermark > newest):
        return {"watermark": seen.watermark, "previous": seen.watermark, "advanced": False}
    # The watermark first: a run that ends between the two has deployed that day, and it is not trained on again.
    if seen.watermark != newest:
        parameters.write(settings["watermark_parameter"], newest)
    if seen.run != run["run"]:
        parameters.write(settings["run_parameter"], run["run"])
    current = parameters.seen(settings)
    if current.watermark is None or current.watermark < newest:
        raise _not_advanced(settings["watermark_parameter"], newest, current.watermark)
    if current.run != run["run"]:
        raise _not_advanced(settings["run_parameter"], run["run"], current.run)
    # An attempt before this one may have written it.
    previous = run["watermark"] if seen.watermark == newest else seen.watermark
    return {"watermark": current.watermark, "previous": previous, "advanced": previous is None or previous < newest}


def _not_advanced(parameter: str, written: str, read: str | None) -> WatermarkNotAdvanced:
    return WatermarkNotAdvanced(f"{parameter} was set to {written} and reads {read or NEVER}")
