"""Whether a state is retried, and after how long.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from refit.embedded_cloud.step_functions.interpreter.error_names import matches

INTERVAL_SECONDS, MAX_ATTEMPTS, BACKOFF_RATE = 1, 3, 2.0


class Retriers:
    """The Retry of one visit to a state; each retrier counts its own attempts."""

    def __init__(self, retriers: Sequence[Mapping[str, Any]], rng: random.Random) -> None:
        self._retriers = retriers
        self._attempts = [0] * len(retriers)
        self._rng = rng

    def delay(self, error: StatesError) -> float | None:
        """The seconds until the next attempt after `error`; None if there is none.

        The first retrier that matches decides, also if its attempts are used up.
        """
        for place, retrier in enumerate(self._retriers):
            if matches(retrier["ErrorEquals"], error):
                if self._attempts[place] >= retrier.get("MaxAttempts", MAX_ATTEMPTS):
                    return None
                seconds = self._seconds(retrier, self._attempts[place])
                self._attempts[place] += 1
                return seconds
        return None

    def _seconds(self, retrier: Mapping[str, Any], attempts: int) -> float:
        interval = retrier.get("IntervalSeconds", INTERVAL_SECONDS)
        try:
            seconds = interval * float(retrier.get("BackoffRate", BACKOFF_RATE)) ** attempts
        except OverflowError:
            seconds = float("inf")
        # MaxDelaySeconds is less than 31,622,400: a year; https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
        seconds = min(seconds, retrier.get("MaxDelaySeconds", 31_622_400))
        return self._rng.uniform(0, seconds) if retrier.get("JitterStrategy") == "FULL" else seconds
