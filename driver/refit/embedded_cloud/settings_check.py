"""Checks the settings of an embedded cloud before it starts: every REFIT_LOCAL_ variable of its environment."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Callable, Iterator, Mapping

from refit.embedded_cloud import faults, settings
from refit.embedded_cloud.strict import settings as strict
from refit.errors import CloudError

PREFIX = "REFIT_LOCAL_"

Rule = Callable[[str], str]
"""What a value must be, in words, if it is not; otherwise ""."""


def check(environment: Mapping[str, str]) -> None:
    """Raises CloudError with every setting in the environment of a cloud that is unknown or has an invalid value.

    An empty value means the default, as for the AWS CLI's variables.
    """
    problems = list(
        _problems({name: value for name, value in environment.items() if name.startswith(PREFIX) and value})
    )
    if problems:
        names = " ".join(name for name, _ in problems)
        raise CloudError("; ".join(problem for _, problem in problems), f"run: unset {names}")


def _problems(found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if name not in RULES:
            near = difflib.get_close_matches(name, RULES, n=1)
            yield (
                name,
                f"{name} is not a setting of the embedded cloud" + (f", did you mean {near[0]}?" if near else ""),
            )
        elif wanted := RULES[name](value):
            yield name, f"{name} must be {wanted}, got {value!r}"


def _number(low: float, high: float) -> Rule:
    def wanted(value: str) -> str:
        try:
            number = float(value) if value.isascii() else math.nan
        except ValueError:
            number = math.nan
        return "" if low <= number <= high else f"a number from {low:g} to {high:g}"

    return wanted


def _whole_number(low: int) -> Rule:
    def wanted(value: str) -> str:
        # 18 digits are more than anyone needs, and fewer than Python refuses to read.
        sound = value.isascii() and value.isdigit() and len(value) <= 18 and int(value) >= low
        return "" if sound else "a whole number" + (f" of at least {low}" if low else "")

    return wanted


def _one_of(*values: str) -> Rule:
    return lambda value: "" if value in values else " or ".join(values)


def _faults(value: str) -> str:
    try:
        faults.parse(json.loads(value))
    except (ValueError, RecursionError):
        return "a JSON object"
    except CloudError as error:
        return f"a script of faults ({error}; {error.hint})"
    return ""


RULES: Mapping[str, Rule] = {
    settings.SECONDS_PER_STATUS: _number(0, 3600),
    settings.SECONDS_SCALE: _number(0, 1),
    settings.STOPPED_JOBS: _one_of("fail", "succeed"),
    settings.AUTH: _one_of("true", "false"),
    settings.SAVE_SECONDS: _number(0.05, 86_400),
    settings.KEEP_DAYS: _number(0, 36_500),
    settings.KEEP_RUNS: _whole_number(1),
    strict.STRICT: _one_of(*strict.SWITCH),
    strict.SEED: _whole_number(0),
    faults.VARIABLE: _faults,
}
