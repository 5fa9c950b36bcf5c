"""MetricDefinitions: the metrics that SageMaker reads from the log of an own image.

https://docs.aws.amazon.com/sagemaker/latest/dg/define-train-metrics.html
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence

from refit.embedded_cloud.instance.algorithm import CustomerError


class LogMetrics:
    """Reads lines, and keeps for each metric the value that came last. Raises CustomerError for a bad definition."""

    def __init__(self, definitions: Sequence[Mapping[str, str]]) -> None:
        self._patterns = {given["Name"]: _pattern(given["Name"], given["Regex"]) for given in definitions}
        self.found: dict[str, float] = {}

    def read(self, line: str) -> None:
        """Takes note of what the line tells; a match that is no finite number tells nothing."""
        for name, pattern in self._patterns.items():
            for match in pattern.finditer(line):
                if (value := _number(match[1])) is not None:
                    self.found[name] = value


def _pattern(name: str, regex: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(regex)
    except re.error as error:
        raise CustomerError(f"the regular expression of the metric {name} cannot be read: {error}: {regex}") from error
    if pattern.groups < 1:
        raise CustomerError(f"the regular expression of the metric {name} has no group for the value: {regex}")
    return pattern


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
