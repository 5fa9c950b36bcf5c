"""JSON text of inputs, outputs and results, at most 256 KiB each.

https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-task-executions
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions.evaluation.errors import DATA_LIMIT_EXCEEDED, StatesError
from refit.embedded_cloud.step_functions.evaluation.json_text import compact

MAXIMUM_BYTES = 262_144


def text_of(value: Any, owner: str) -> str:
    """`value` as JSON text. Raises StatesError States.DataLimitExceeded if it is larger than 256 KiB.

    `owner` is the name of the state, the service, or the function, in the words that AWS answered (LocalStack's
    recording test_states_errors::test_service_task_lambada_data_limit_exceeded_on_large_utf8_response).
    """
    text = compact(value)
    if 4 * len(text) > MAXIMUM_BYTES and len(text.encode()) > MAXIMUM_BYTES:
        raise StatesError(
            DATA_LIMIT_EXCEEDED,
            f"The state/task '{owner}' returned a result with a size exceeding the maximum number of bytes service"
            " limit.",
        )
    return text
