"""Exposes the constants of `refit.domain` to the templates and expressions in asl/, in UPPER_CASE. Pure.

The state machine and the Lambdas thus share one spelling of every outcome, status, error and message.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from refit.domain import (
    endpoint_config,
    endpoint_status,
    errors,
    messages,
    outcomes,
    run_request,
    sagemaker_errors,
    training_status,
)
from refit.domain.endpoint_actions import Action
from refit.domain.errors import StateError
from refit.version import VERSION


def _constants(module: object) -> Iterator[tuple[str, Any]]:
    return ((name, value) for name, value in vars(module).items() if name.isupper())


def _errors() -> Iterator[tuple[str, str]]:
    """EndpointBusy as ENDPOINT_BUSY_ERROR: the class name is what `ErrorEquals` matches."""
    for name, value in vars(errors).items():
        if isinstance(value, type) and issubclass(value, StateError):
            yield f"{re.sub('(?<!^)(?=[A-Z])', '_', name).upper()}_ERROR", name


WORDS: dict[str, Any] = {
    **dict(_constants(outcomes)),
    **dict(_constants(training_status)),
    **dict(_constants(endpoint_status)),
    **dict(_constants(endpoint_config)),
    **dict(_constants(sagemaker_errors)),
    **dict(_errors()),
    **{f"{action.name}_ACTION": action.value for action in Action},
    "ARRIVAL_SOURCE": run_request.ARRIVAL_SOURCE,
    "REFIT_VERSION": VERSION,
}
"""Outcomes, statuses, members of an endpoint config, SageMaker's texts, names of errors and actions, the version."""

MESSAGES: dict[str, str] = dict(_constants(messages))
"""Templates of messages, with fields as in `str.format`."""
