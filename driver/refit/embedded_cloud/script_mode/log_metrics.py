"""Reads metrics from a job's log by its MetricDefinitions.

https://docs.aws.amazon.com/sagemaker/latest/dg/define-train-metrics.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from refit.embedded_cloud.instance.algorithm import CustomerError


class LogMetrics:
    """Reads lines, and keeps the last value of each metric. Raises CustomerError for an invalid definition."""

    def __init__(self, definitions: Sequence[Mapping[str, str]]) -> None:
        self._patterns = {each["Name"]: _pattern(each["Name"], each["Regex"]) for each in definitions}
        self.values: dict[str, float] = {}

    def read(self, line: str) -> None:
        """Stores the values in the line; matches that are not finite numbers are ignored."""
        for name, pattern in self._patterns.items():
            for match in pattern.finditer(line):
                if (value := _number(match[1])) is not None:
                    self.values[name] = value


def _pattern(name: str, regex: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(regex)
    except re.error as error:
        raise CustomerError(f"the regular expression of the metric {name} is invalid: {error}: {regex}") from error
    if pattern.groups < 1:
        raise CustomerError(f"the regular expression of the metric {name} has no group for the value: {regex}")
    return pattern


def _number(text: str | None) -> float | None:
    if not text or not text.isascii() or "_" in text:
        return None  # Python also reads digits of other scripts, and underscores
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
