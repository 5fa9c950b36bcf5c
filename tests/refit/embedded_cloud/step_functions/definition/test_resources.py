"""Which resources a Task may have: functions, activities, integrations with their patterns; and Credentials.

The words and places were measured on AWS: badmintoncryer/cdk-preflight, pf-sfn-asl-resource-arn,
pf-sfn-asl-integration-parameters, pf-sfn-asl-credentials, pf-sfn-express-unsupported.
"""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.definition import check
from tests.support.state_machines import (
    ACTIVITY,
    FUNCTION,
    TRAINING,
    Finding,
    refusals,
    schema,
    single,
    unsupported,
)

SDK = "arn:aws:states:::aws-sdk:"
SAGEMAKER = "arn:aws:states:::sagemaker:"


def unrecognized(resource: str) -> tuple[str, list[Finding]]:
    words = f"The resource provided {resource} is not recognized. The value is not a valid resource ARN, "
    finding = schema(f"{words}or the resource is not available in this region.", "/States/S/Resource")
    return single("Task", Resource=resource, Parameters={}), [finding]


PROCESSING = {
    "ProcessingJobName": "p",
    "AppSpecification": {"ImageUri": "i", "ContainerEntrypoint": ["python3", "check.py"]},
    "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}},
    "RoleArn": "r",
}
TRAINED = {"Resource": f"{SAGEMAKER}createTrainingJob.sync"}


CASES: dict[str, tuple[str, list[Finding]]] = {
    "Resource is no ARN": (
        single("Task", Resource="my-function"),
        [schema("Value is not a valid resource ARN", "/States/S/Resource")],
    ),
    "no such integration": unrecognized("arn:aws:states:::toaster:toast"),
    "no such SDK service": unrecognized(f"{SDK}toaster:toast"),
    "no such SDK operation": unrecognized(f"{SDK}s3:toast"),
    "SDK operation in PascalCase": unrecognized(f"{SDK}s3:ListBuckets"),
    ".sync where there is none": unrecognized("arn:aws:states:::lambda:invoke.sync"),
    "sagemaker:createModel.sync": unrecognized(f"{SAGEMAKER}createModel.sync"),
    "unknown parameter of createTrainingJob": (
        single("Task", **TRAINED, Parameters=TRAINING | {"key": 1}),
        [schema('The field "key" is not supported by Step Functions', "/States/S/Parameters")],
    ),
    "required parameter of createTrainingJob missing": (
        single("Task", **TRAINED, Parameters={name: value for name, value in TRAINING.items() if name != "RoleArn"}),
        [schema("The field 'RoleArn' is required but was missing", "/States/S/Parameters")],
    ),
    "sagemaker:createProcessingJob.waitForTaskToken": unrecognized(f"{SAGEMAKER}createProcessingJob.waitForTaskToken"),
    "required parameter of createProcessingJob missing": (
        single(
            "Task",
            Resource=f"{SAGEMAKER}createProcessingJob.sync",
            Parameters={name: value for name, value in PROCESSING.items() if name != "AppSpecification"},
        ),
        [schema("The field 'AppSpecification' is required but was missing", "/States/S/Parameters")],
    ),
    "unknown parameter of an SDK call": (
        single("Task", Resource=f"{SDK}s3:getObject", Parameters={"Bucket": "b", "Key": "k", "Path": "p"}),
        [schema('The field "Path" is not supported by Step Functions', "/States/S/Parameters")],
    ),
}


@pytest.mark.parametrize(("definition", "findings"), CASES.values(), ids=CASES)
def test_it_is_refused(definition: str, findings: list[Finding]) -> None:
    assert refusals(definition) == findings


@pytest.mark.parametrize(
    "resource",
    [
        FUNCTION,
        f"{FUNCTION}:live",
        "arn:aws-cn:lambda:cn-north-1:123456789012:function:f",
        ACTIVITY,
    ],
)
def test_a_function_or_an_activity_needs_no_parameters(resource: str) -> None:
    assert refusals(single("Task", Resource=resource)) == []


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:lambda:f",
        "arn:aws:lambda:us-east-1:12:function:f",
        "arn:aws:swf:us-east-1:123456789012:task:x",
        "arn:aws:s3:::bucket",
        "arn:aws:states:us-east-1:123456789012:stateMachine:m",
        "arn:aws:states:::sagemaker",
        "arn:aws:states:aws-sdk:s3:putObject",
        "${check_data_arn}",
        "",
    ],
)
def test_other_arns_are_refused(resource: str) -> None:
    assert refusals(single("Task", Resource=resource)) == [
        schema("Value is not a valid resource ARN", "/States/S/Resource")
    ]


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:states:::lambda:invoke.sync:2",
        "arn:aws:states:::sqs:sendMessage.sync",
        "arn:aws:states:::dynamodb:putItem.waitForTaskToken",
        "arn:aws:states:::glue:startJobRun.sync:2",
        "arn:aws:states:::glue:startJobRun.waitForTaskToken",
        f"{SAGEMAKER}createTrainingJob.waitForTaskToken",
        f"{SAGEMAKER}createTrainingJob.async",
        f"{SAGEMAKER}describeTrainingJob",
        f"{SAGEMAKER}CreateTrainingJob",
        f"{SDK}sagemaker:createTrainingJob.sync",
        f"{SDK}SageMaker:createTrainingJob",
        f"{SDK}s3:selectObjectContent",
        f"{SDK}lambda:invokeAsync",
        f"{SDK}sagemakerruntime:invokeEndpointWithResponseStream",
        f"{SDK}states:startExecution",
        "arn:aws:states:::lambda:invoke:2",
    ],
)
def test_integrations_that_do_not_exist_are_refused(resource: str) -> None:
    definition, findings = unrecognized(resource)
    assert refusals(definition) == findings


@pytest.mark.parametrize(
    ("resource", "parameters"),
    [
        ("arn:aws:states:::lambda:invoke", {"FunctionName": "f", "Payload": {"any": [{"thing": 1}]}}),
        ("arn:aws:states:::lambda:invoke.waitForTaskToken", {"FunctionName": "f", "Payload.$": "$"}),
        ("arn:aws-us-gov:states:::sqs:sendMessage", {"QueueUrl": "q", "MessageBody": {"an": "object"}}),
        ("arn:aws:states:::sns:publish.waitForTaskToken", {"TopicArn": "t", "Message": {"token.$": "$$.Task.Token"}}),
        ("arn:aws:states:::events:putEvents", {"Entries": [{"Detail": {"a": 1}, "DetailType": "t", "Source": "s"}]}),
        ("arn:aws:states:::states:startExecution.sync:2", {"StateMachineArn": "m", "Input": {"a": 1}}),
        ("arn:aws:states:::states:startExecution.sync", {"StateMachineArn": "m"}),
        ("arn:aws:states:::batch:submitJob.sync", {"JobName": "n", "JobQueue": "q", "JobDefinition": "d"}),
        ("arn:aws:states:::dynamodb:putItem", {"TableName": "t", "Item": {"id": {"S.$": "$.id"}}}),
        ("arn:aws:states:::http:invoke", {"ApiEndpoint": "https://e", "Method": "GET", "Authentication": {}}),
        ("arn:aws:states:::ecs:runTask.waitForTaskToken", {"TaskDefinition": "d"}),
        (f"{SAGEMAKER}createTrainingJob.sync", TRAINING),
        (f"{SAGEMAKER}createProcessingJob", PROCESSING),
        (f"{SAGEMAKER}createProcessingJob.sync", PROCESSING),
        (f"{SDK}sagemaker:createProcessingJob", PROCESSING),
        (f"{SDK}sagemaker:describeProcessingJob", {"ProcessingJobName": "p"}),
        (f"{SAGEMAKER}createModel", {"ModelName": "m", "PrimaryContainer": {"Image": "i"}}),
        (f"{SAGEMAKER}updateEndpoint", {"EndpointName": "e", "EndpointConfigName": "c"}),
        (f"{SDK}sfn:startExecution", {"StateMachineArn": "m"}),
        (f"{SDK}cloudwatchlogs:describeLogGroups", {"LogGroupNamePrefix": "l"}),
        (f"{SDK}rds:describeDBInstances", {"DbInstanceIdentifier.$": "$.id"}),
        (f"{SDK}s3:putObject.waitForTaskToken", {"Bucket": "b", "Key": "k", "Body.$": "$$.Task.Token"}),
        (f"{SDK}ec2:describeInstances", {"Filters": [{"Name": "n", "Values": ["v"]}]}),
        (f"{SDK}s3:listBuckets", {}),
        ("arn:aws:states:::emr-serverless:startJobRun.sync", {"ApplicationId": "a", "ExecutionRoleArn": "r"}),
        (f"{SDK}emrcontainers:startJobRun", {"VirtualClusterId": "v"}),
    ],
)
@pytest.mark.parametrize("language", ["JSONPath", "JSONata"])
def test_integrations_with_their_parameters_are_accepted(
    resource: str, parameters: dict[str, Any], language: str
) -> None:
    if language == "JSONata":
        parameters = {name.removesuffix(".$"): "{% $states.input %}" for name in parameters}
    field = "Parameters" if language == "JSONPath" else "Arguments"
    assert check(single("Task", language=language, Resource=resource, **{field: parameters})) == []


@pytest.mark.parametrize(
    "resource",
    [
        "arn:aws:states:::lambda:invoke",
        f"{SDK}neptune:describeDBClusters",
        f"{SAGEMAKER}createModel",
        "arn:aws:states:::http:invoke",
    ],
)
@pytest.mark.parametrize(("language", "field"), [("JSONPath", "Parameters"), ("JSONata", "Arguments")])
def test_an_integration_needs_parameters(resource: str, language: str, field: str) -> None:
    assert refusals(single("Task", language=language, Resource=resource)) == [
        schema(f"{field} field is required for resource ARN: {resource}", "/States/S/Resource")
    ]


@pytest.mark.parametrize(
    ("language", "credentials", "findings"),
    [
        ("JSONPath", {"RoleArn": "arn:aws:iam::1:role/r"}, []),
        ("JSONPath", {"RoleArn.$": "$.role"}, []),
        ("JSONata", {"RoleArn": "{% $states.input.role %}"}, []),
        ("JSONPath", {}, [schema("The field 'RoleArn' is required but was missing", "/States/S/Credentials")]),
        (
            "JSONata",
            {"RoleArn.$": "$.role"},
            [
                schema("The field 'RoleArn' is required but was missing", "/States/S/Credentials"),
                unsupported("RoleArn.$", "/States/S/Credentials"),
            ],
        ),
        ("JSONPath", "arn", [schema("Expected value of type [OBJECT]", "/States/S/Credentials")]),
        ("JSONata", "{% $x %}", [schema("Expected value of type [OBJECT]", "/States/S/Credentials")]),
        (
            "JSONPath",
            {"RoleArn.$": "role"},
            [
                schema(
                    "The value for the field 'RoleArn.$' must be a valid JSONPath or a valid intrinsic function call",
                    "/States/S/Credentials",
                )
            ],
        ),
    ],
)
def test_credentials_name_a_role(language: str, credentials: Any, findings: list[Finding]) -> None:
    assert refusals(single("Task", language=language, Credentials=credentials)) == findings


def test_an_activity_takes_no_credentials() -> None:
    assert refusals(single("Task", Resource=ACTIVITY, Credentials={"RoleArn": "r"})) == [
        schema("The field 'Credentials' is not supported for activities", "/States/S/Credentials")
    ]
