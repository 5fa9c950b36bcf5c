"""Which errors a retrier or a catcher matches.

https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-error-representation
"""

from __future__ import annotations

from collections.abc import Sequence

from refit.embedded_cloud.step_functions.evaluation.errors import RUNTIME, TERMINAL, StatesError

ALL, TASK_FAILED, TIMEOUT, HEARTBEAT_TIMEOUT = (
    "States.ALL",
    "States.TaskFailed",
    "States.Timeout",
    "States.HeartbeatTimeout",
)


class TimedOut(StatesError):
    """A task ran longer than TimeoutSeconds, or sent no heartbeat for HeartbeatSeconds.

    AWS reports both as States.Timeout without a cause (LocalStack's recording
    test_heartbeats::test_heartbeat_timeout).
    """

    def __init__(self, heartbeat: bool) -> None:
        super().__init__(TIMEOUT)
        self.heartbeat = heartbeat


def matches(names: Sequence[str], error: StatesError) -> bool:
    """Whether ErrorEquals `names` matches `error`.

    States.Runtime is never handled, not even by its name (LocalStack's recording
    test_base_scenarios::test_catch_states_runtime). The other terminal errors are handled only by their own name: so
    says the documentation, while in the recording test_states_errors::…catch_state_all_data_limit_exceeded… AWS let
    States.ALL catch one; this is the stricter of the two. States.TaskFailed stands for every error but States.Timeout;
    a missed heartbeat is also States.HeartbeatTimeout.
    """
    if error.error == RUNTIME:
        return False
    wildcards = set() if error.error in TERMINAL else {ALL} if error.error == TIMEOUT else {ALL, TASK_FAILED}
    if isinstance(error, TimedOut) and error.heartbeat:
        wildcards.add(HEARTBEAT_TIMEOUT)
    return any(name == error.error or name in wildcards for name in names)
