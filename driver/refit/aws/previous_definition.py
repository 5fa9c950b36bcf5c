"""Detects and stops an execution that started with the previous definition of its state machine.

"Executions started immediately after calling UpdateStateMachine may use the previous state machine definition and
roleArn": https://docs.aws.amazon.com/step-functions/latest/apireference/API_UpdateStateMachine.html
"""

from __future__ import annotations

import time

from refit.aws.session import Aws, calling
from refit.aws.visibility import PAUSE_SECONDS, until_found
from refit.errors import AccessDenied

ERROR = "Refit.PreviousDefinition"
"""The error of an execution that was stopped for this reason."""
CAUSE = "The run started with the previous definition of the state machine; Refit starts it again."
READS = 5
"""How often the two revisions are compared: that of the state machine may also be read late."""


def started_with(aws: Aws, state_machine_arn: str, arn: str) -> bool:
    """Whether the execution `arn` uses another revision than the current one of its state machine.

    False if the caller may not call DescribeStateMachineForExecution: the roles of an older bootstrap do not allow it.
    Raises AwsError.
    """
    try:
        own = until_found(lambda: _revision_of(aws, arn))
    except AccessDenied:
        return False
    for read in range(READS):
        if read:
            time.sleep(PAUSE_SECONDS)
        with calling("describe the state machine"):
            described = aws.stepfunctions.describe_state_machine(
                stateMachineArn=state_machine_arn, includedData="METADATA_ONLY"
            )
        if described.get("revisionId") == own:
            return False
    return True


def stop(aws: Aws, arn: str) -> None:
    """Stops the execution, with ERROR as its error. Raises AwsError."""
    with calling("stop a run with the previous definition"):
        aws.stepfunctions.stop_execution(executionArn=arn, error=ERROR, cause=CAUSE)


def _revision_of(aws: Aws, arn: str) -> str | None:
    """The revision that the execution uses; None for the first one, which has no ID. Raises NotFound, AwsError."""
    with calling("describe the definition of the run"):
        described = aws.stepfunctions.describe_state_machine_for_execution(
            executionArn=arn, includedData="METADATA_ONLY"
        )
    return described.get("revisionId")
