"""AWS's prices by region in US dollars; a user's price file overrides or extends them.

Source: the public on-demand prices of https://aws.amazon.com/sagemaker-ai/pricing/,
https://aws.amazon.com/step-functions/pricing/, https://aws.amazon.com/lambda/pricing/ and
https://aws.amazon.com/cloudwatch/pricing/, recorded on 2026-11-22 and 2026-11-30 from copies that agreed with each
other. Free tiers, savings plans, storage and data transfer are not included. A price that is not in the table is
unknown; it is not extrapolated from others.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from refit.errors import RefitError

FORM = '{"us-west-2": {"training_hour": {"ml.m5.xlarge": 0.23}, "endpoint_hour": {"ml.m5.large": 0.115}}}'


@dataclass(frozen=True)
class Prices:
    """One region's prices. Instances are per hour; None or a missing instance type means unknown."""

    training_hour: Mapping[str, float] = field(default_factory=dict)
    endpoint_hour: Mapping[str, float] = field(default_factory=dict)
    state_transition: float | None = None
    lambda_request: float | None = None
    lambda_gb_second: float | None = None
    alarm_month: float | None = None
    log_gb: float | None = None


SINGLE_PRICES = ("state_transition", "lambda_request", "lambda_gb_second", "alarm_month", "log_gb")
"""The prices that are one number: `alarm_month` is a standard alarm's, `log_gb` that of a gigabyte of ingested logs."""

# Training and real-time hosting cost the same for these families in these regions.
_HOUR = MappingProxyType(
    {
        "ml.m5.large": 0.115,
        "ml.m5.xlarge": 0.23,
        "ml.m5.2xlarge": 0.461,
        "ml.m5.4xlarge": 0.922,
        "ml.m5.12xlarge": 2.765,
        "ml.m5.24xlarge": 5.53,
        "ml.c5.xlarge": 0.204,
        "ml.c5.2xlarge": 0.408,
        "ml.c5.4xlarge": 0.816,
        "ml.c5.9xlarge": 1.836,
        "ml.c5.18xlarge": 3.672,
        "ml.g4dn.xlarge": 0.736,
        "ml.g4dn.2xlarge": 0.94,
        "ml.g4dn.4xlarge": 1.505,
        "ml.g4dn.8xlarge": 2.72,
        "ml.g4dn.12xlarge": 4.89,
        "ml.p3.2xlarge": 3.825,
        "ml.p3.8xlarge": 14.688,
    }
)
_UNITED_STATES = Prices(
    training_hour=_HOUR,
    endpoint_hour=_HOUR,
    state_transition=0.025 / 1_000,
    lambda_request=0.20 / 1_000_000,
    lambda_gb_second=0.0000166667,
    alarm_month=0.10,
    log_gb=0.50,
)
PRICES: Mapping[str, Prices] = MappingProxyType({"us-east-1": _UNITED_STATES, "us-west-2": _UNITED_STATES})


def load(file: Path) -> dict[str, Prices]:
    """The table with the values of a JSON file: `{region: {field of Prices: price or {instance type: price}}}`.

    Raises RefitError if the file cannot be read or has a different structure.
    """
    try:
        document = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise RefitError(f"{file}: {error.strerror}", "give the path of a price file") from error
    except ValueError as error:
        raise RefitError(f"{file}: not JSON in UTF-8: {error}", f"write {FORM}") from error
    merged = dict(PRICES)
    for region, written in _object(file, document, "the file").items():
        known = merged.get(region, Prices())
        values = _object(file, written, region)
        merged[region] = replace(known, **{name: _price(file, region, name, values[name], known) for name in values})
    return merged


def _price(file: Path, region: str, name: str, value: object, known: Prices) -> Any:
    if name in ("training_hour", "endpoint_hour"):
        written = _object(file, value, f"{region}.{name}")
        checked = {kind: _number(file, price, f"{region}.{name}.{kind}") for kind, price in written.items()}
        return {**getattr(known, name), **checked}
    if name in SINGLE_PRICES:
        return _number(file, value, f"{region}.{name}")
    raise RefitError(f"{file}: there is no price called {region}.{name}", f"write {FORM}")


def _object(file: Path, value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RefitError(f"{file}: {what} must be an object", f"write {FORM}")
    return value


def _number(file: Path, value: object, what: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not (math.isfinite(value) and value >= 0):
        raise RefitError(f"{file}: {what} must be a price in US dollars, got {json.dumps(value)}", f"write {FORM}")
    return float(value)
