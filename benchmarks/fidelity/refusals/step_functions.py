"""Step Functions: https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html

Words that the page does not have were recorded on AWS: localstack/localstack, tests/aws/services/stepfunctions.
"""

from __future__ import annotations

import json

from benchmarks.fidelity.refusals.refusal import ACCOUNT, NAME, REGION, ROLE, STRANGER, Refusal

ARN = f"arn:aws:states:{REGION}:{ACCOUNT}"
MACHINE = f"{ARN}:stateMachine:{NAME}"
ABSENT = f"{ARN}:stateMachine:nothing"
RUN = f"{ARN}:execution:{NAME}:nothing"
WAITS = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}}
PASSES = {"StartAt": "Go", "States": {"Go": {"Type": "Pass", "End": True}}}


def _definition(title: str, words: str, definition: object, **changes: object) -> Refusal:
    text = definition if isinstance(definition, str) else json.dumps(definition)
    request = {"name": "refused", "definition": text, "roleArn": ROLE, **changes}
    return Refusal(title, "create_state_machine", request, "InvalidDefinition", words)


def _create(title: str, code: str, words: str, **changes: object) -> Refusal:
    request = {"name": "refused", "definition": json.dumps(PASSES), "roleArn": ROLE, **changes}
    return Refusal(title, "create_state_machine", request, code, words)


def _start(title: str, code: str, words: str, **changes: object) -> Refusal:
    return Refusal(title, "start_execution", {"stateMachineArn": MACHINE, **changes}, code, words)


REFUSALS = (
    _definition("definition that is no JSON", "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION:", "{"),
    _definition("definition without StartAt", "SCHEMA_VALIDATION_FAILED", {"States": PASSES["States"]}),
    _definition("StartAt to nothing", "MISSING_TRANSITION_TARGET", {**PASSES, "StartAt": "Nothing"}),
    _definition(
        "Next to nothing",
        "MISSING_TRANSITION_TARGET",
        {"StartAt": "Go", "States": {"Go": {"Type": "Pass", "Next": "Nothing"}}},
    ),
    _definition(
        "state without Next and End", "SCHEMA_VALIDATION_FAILED", {"StartAt": "Go", "States": {"Go": {"Type": "Pass"}}}
    ),
    _definition(
        "unknown type of state",
        "SCHEMA_VALIDATION_FAILED",
        {"StartAt": "Go", "States": {"Go": {"Type": "Run", "End": True}}},
    ),
    _definition(
        "malformed JSONata",
        "INVALID_JSONATA_EXPRESSION",
        {
            "QueryLanguage": "JSONata",
            "StartAt": "Go",
            "States": {"Go": {"Type": "Pass", "Output": "{% $x( %}", "End": True}},
        },
    ),
    _definition(
        "malformed JSONPath",
        "SCHEMA_VALIDATION_FAILED",
        {"StartAt": "Go", "States": {"Go": {"Type": "Pass", "InputPath": "$.[", "End": True}}},
    ),
    _create("name of a machine with a space", "InvalidName", "Invalid Name: 'a b'", name="a b"),
    _create(
        "role of a machine that cannot be assumed",
        "AccessDeniedException",
        "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to assume the "
        "provided role.",
        roleArn=STRANGER,
    ),
    _create("role that is no ARN", "InvalidArn", "", roleArn="nothing"),
    _create(
        "machine name in use", "StateMachineAlreadyExists", f"State Machine Already Exists: '{MACHINE}'", name=NAME
    ),
    Refusal(
        "machine that does not exist",
        "describe_state_machine",
        {"stateMachineArn": ABSENT},
        "StateMachineDoesNotExist",
        f"State Machine Does Not Exist: '{ABSENT}'",
    ),
    Refusal(
        "ARN that is none",
        "describe_state_machine",
        {"stateMachineArn": "nothing"},
        "InvalidArn",
        "Invalid Arn: 'Invalid ARN prefix: nothing'",
    ),
    Refusal(
        "update with nothing",
        "update_state_machine",
        {"stateMachineArn": MACHINE},
        "MissingRequiredParameter",
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
    ),
    Refusal(
        "update to an invalid definition",
        "update_state_machine",
        {"stateMachineArn": MACHINE, "definition": "{}"},
        "InvalidDefinition",
        "SCHEMA_VALIDATION_FAILED",
    ),
    _start(
        "execution of a machine that does not exist",
        "StateMachineDoesNotExist",
        f"State Machine Does Not Exist: '{ABSENT}'",
        stateMachineArn=ABSENT,
    ),
    _start("execution name with a slash", "InvalidName", "Invalid Name: 'a/b'", name="a/b"),
    _start("input that is no JSON", "InvalidExecutionInput", "Invalid State Machine Execution Input: '", input="{"),
    _start(
        "execution name in use with another input",
        "ExecutionAlreadyExists",
        f"Execution Already Exists: '{ARN}:execution:{NAME}:{NAME}'",
        name=NAME,
        input='{"other": 1}',
    ),
    _start(
        "input of 262,145 bytes",
        "ValidationException",
        "at 'input' failed to satisfy constraint: Member must have length less than or equal to 262144",
        input=json.dumps("x" * 262143),
    ),
    Refusal(
        "execution that does not exist",
        "describe_execution",
        {"executionArn": RUN},
        "ExecutionDoesNotExist",
        f"Execution Does Not Exist: '{RUN}'",
    ),
    Refusal(
        "stop of an execution that does not exist",
        "stop_execution",
        {"executionArn": RUN},
        "ExecutionDoesNotExist",
        f"Execution Does Not Exist: '{RUN}'",
    ),
    Refusal(
        "history of an execution that does not exist",
        "get_execution_history",
        {"executionArn": RUN},
        "ExecutionDoesNotExist",
        f"Execution Does Not Exist: '{RUN}'",
    ),
    Refusal(
        "page of 1,001 executions",
        "list_executions",
        {"stateMachineArn": MACHINE, "maxResults": 1001},
        "ValidationException",
        "Value '1001' at 'maxResults' failed to satisfy constraint",
    ),
    Refusal(
        "page of executions that does not exist",
        "list_executions",
        {"stateMachineArn": MACHINE, "nextToken": "abc"},
        "InvalidToken",
        "Invalid Token",
    ),
    Refusal(
        "token that is unknown",
        "send_task_success",
        {"taskToken": "abc", "output": "{}"},
        "InvalidToken",
        "Invalid Token: 'Invalid token'",
    ),
    Refusal(
        "synchronous execution of a standard machine",
        "start_sync_execution",
        {"stateMachineArn": MACHINE},
        "StateMachineTypeNotSupported",
        "This operation is not supported by this type of state machine",
    ),
    Refusal(
        "redrive of a running execution",
        "redrive_execution",
        {"executionArn": f"{ARN}:execution:{NAME}:{NAME}"},
        "ExecutionNotRedrivable",
        "",
    ),
    Refusal(
        "tags of a machine that does not exist",
        "tag_resource",
        {"resourceArn": ABSENT, "tags": [{"key": "a", "value": "b"}]},
        "ResourceNotFound",
        f"Resource not found: '{ABSENT}'",
    ),
)
