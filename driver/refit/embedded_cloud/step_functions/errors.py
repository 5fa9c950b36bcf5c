"""Errors of the Step Functions API, in AWS's words.

The words are those of answers recorded on AWS: test_sfn_api.snapshot.json in the
repository localstack/localstack. A constructor whose words are not recorded says so.
"""

from __future__ import annotations

from refit.embedded_cloud.aws_json.errors import ApiError


def invalid_arn(problem: str) -> ApiError:
    """The ARN is malformed, or names another kind of resource."""
    return ApiError("InvalidArn", f"Invalid Arn: '{problem}'")


def invalid_name(name: str) -> ApiError:
    """The name contains a character that names may not contain."""
    return ApiError("InvalidName", f"Invalid Name: '{name}'")


def invalid_input(problem: str) -> ApiError:
    """The input of an execution is not JSON."""
    return ApiError("InvalidExecutionInput", f"Invalid State Machine Execution Input: '{problem}'")


def invalid_output(problem: str) -> ApiError:
    """The output of a task is not JSON."""
    return ApiError("InvalidOutput", f"Invalid Output: '{problem}'")


def no_machine(arn: str) -> ApiError:
    """There is no state machine with this ARN."""
    return ApiError("StateMachineDoesNotExist", f"State Machine Does Not Exist: '{arn}'")


def machine_exists(arn: str) -> ApiError:
    """The name belongs to a state machine with other settings."""
    return ApiError("StateMachineAlreadyExists", f"State Machine Already Exists: '{arn}'")


def machine_deleting(arn: str) -> ApiError:
    """The state machine waits for the end of its executions. Terraform's provider retries this code."""
    return ApiError("StateMachineDeleting", f"State Machine is being deleted: '{arn}'")


def no_execution(arn: str) -> ApiError:
    """There is no execution with this ARN."""
    return ApiError("ExecutionDoesNotExist", f"Execution Does Not Exist: '{arn}'")


def execution_exists(arn: str) -> ApiError:
    """The name belongs to an execution that has ended or has another input."""
    return ApiError("ExecutionAlreadyExists", f"Execution Already Exists: '{arn}'")


def not_redrivable(arn: str, reason: str) -> ApiError:
    """RedriveExecution is not possible; `reason` is DescribeExecution's redriveStatusReason."""
    return ApiError("ExecutionNotRedrivable", f"Execution is not redrivable: '{arn}'. Reason: {reason}")


def invalid_token() -> ApiError:
    """The token is not one that this service has given out."""
    return ApiError("InvalidToken", "Invalid Token: 'Invalid token'")


def task_timed_out() -> ApiError:
    """The token's task has ended."""
    return ApiError("TaskTimedOut", "Task Timed Out: 'Provided task does not exist anymore'")


def no_resource(arn: str) -> ApiError:
    """Tags belong to state machines; there is none with this ARN."""
    return ApiError("ResourceNotFound", f"Resource not found: '{arn}'")


def access_denied(message: str) -> ApiError:
    """The role may not do what the state machine needs."""
    return ApiError("AccessDeniedException", message)
