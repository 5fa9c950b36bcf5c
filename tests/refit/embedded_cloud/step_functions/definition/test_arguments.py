"""The parameters of integrations against the models of their APIs.

Which fields AWS was seen to require: badmintoncryer/cdk-preflight, pf-sfn-asl-integration-parameters.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.state_machines import TRAINING, Finding, refusals, schema, single

HERE = "/States/S/Parameters"
SDK = "arn:aws:states:::aws-sdk:"
OPTIMIZED = "arn:aws:states:::"


def called(resource: str, parameters: Any) -> list[Finding]:
    return refusals(single("Task", Resource=resource, Parameters=parameters))


def missing(name: str) -> Finding:
    return schema(f"The field '{name}' is required but was missing", HERE)


def unknown(name: str, near: str | None = None) -> Finding:
    hint = f". Did you mean '{near}'?" if near else ""
    return schema(f'The field "{name}" is not supported by Step Functions{hint}', HERE)


@pytest.mark.parametrize(
    ("resource", "fields"),
    [
        ("lambda:invoke", ["FunctionName"]),
        ("sqs:sendMessage", ["QueueUrl", "MessageBody"]),
        ("sns:publish", ["Message"]),
        ("dynamodb:putItem", ["TableName", "Item"]),
        ("dynamodb:getItem", ["TableName", "Key"]),
        ("states:startExecution", ["StateMachineArn"]),
        ("events:putEvents", ["Entries"]),
        ("ecs:runTask", ["TaskDefinition"]),
        ("glue:startJobRun", ["JobName"]),
        ("http:invoke", ["ApiEndpoint", "Method"]),
        ("sagemaker:createModel", ["ModelName"]),
        ("emr-containers:startJobRun", ["VirtualClusterId"]),  # not ClientToken: an SDK makes one
    ],
)
def test_fields_that_an_optimized_integration_requires(resource: str, fields: list[str]) -> None:
    assert sorted(called(f"{OPTIMIZED}{resource}", {})) == sorted(map(missing, fields))
    assert called(f"{OPTIMIZED}{resource}", {f"{name}.$": "$.a" for name in fields}) == []


@pytest.mark.parametrize(
    ("resource", "parameters", "findings"),
    [
        (f"{OPTIMIZED}lambda:invoke", {"FunctionName": "f", "LogType": "Tail"}, [unknown("LogType")]),
        (f"{OPTIMIZED}lambda:invoke", {"FunctionName": "f", "TaskToken.$": "$$.Task.Token"}, [unknown("TaskToken")]),
        (f"{OPTIMIZED}lambda:invoke", {"functionName": "f"}, None),
        (f"{OPTIMIZED}states:startExecution", {"StateMachineArn": "m", "TraceHeader": "t"}, [unknown("TraceHeader")]),
        (f"{OPTIMIZED}batch:submitJob", {"jobName": "n", "JobQueue": "q", "JobDefinition": "d"}, None),
        (f"{SDK}ssm:putParameter", {"Name": "n"}, [missing("Value")]),
        (f"{SDK}s3:getObject", {"Bucket": "b"}, [missing("Key")]),
        (f"{SDK}s3:putObject", {"Bucket": "b", "Key": "k", "ACL": "private"}, [unknown("ACL", "Acl")]),
        (f"{SDK}rds:describeDBInstances", {"DBParameter": "d"}, [unknown("DBParameter")]),
        (f"{SDK}rds:deleteDBInstance", {"DbInstanceIdentifier": "d"}, []),
        (f"{SDK}ec2:describeInstances", {"Filter": []}, [unknown("Filter")]),
        (f"{SDK}batch:cancelJob", {"jobId": "j", "Reason": "r"}, None),
        (f"{SDK}sts:getCallerIdentity", {"Name": "n"}, [unknown("Name")]),
        (f"{SDK}sts:getCallerIdentity", {}, []),
    ],
)  # fmt: skip
def test_fields_that_an_integration_does_not_have(
    resource: str, parameters: dict[str, Any], findings: list[Finding] | None
) -> None:
    found = called(resource, parameters)
    if findings is None:
        wrong = next(iter(parameters))
        right = wrong[0].upper() + wrong[1:]
        findings = [missing(right), unknown(wrong, right)]
    assert found == findings


@pytest.mark.parametrize(
    ("change", "findings"),
    [
        ({"OutputDataConfig": {}}, [missing("S3OutputPath")]),
        ({"OutputDataConfig": {"S3OutputPath.$": "$.p"}}, []),
        ({"OutputDataConfig": {"S3OutputPath": "p", "Path": "x"}}, [unknown("Path")]),
        ({"InputDataConfig": [{"DataSource": {}}]}, [missing("ChannelName")]),
        ({"Tags": [{"Key": "k", "Value": "v"}, {"key": "k", "Value": "v"}]}, [missing("Key"), unknown("key", "Key")]),
        ({"HyperParameters": {"any name": "1", "path.$": "$.a"}}, []),
        ({"Environment": {"lower": "x"}}, []),
        ({"OutputDataConfig": "text"}, []),
    ],
)
def test_structures_inside_are_checked(change: dict[str, Any], findings: list[Finding]) -> None:
    assert called(f"{OPTIMIZED}sagemaker:createTrainingJob", TRAINING | change) == findings
    assert called(f"{SDK}sagemaker:createTrainingJob", TRAINING | change) == findings


def test_a_structure_that_is_evaluated_is_not_looked_into() -> None:
    parameters = {name: value for name, value in TRAINING.items() if name != "OutputDataConfig"}
    assert called(f"{SDK}sagemaker:createTrainingJob", parameters | {"OutputDataConfig.$": "$.output"}) == []


@pytest.mark.parametrize("arguments", ["{% $states.input %}", {"Bucket": "b", "Key": "{% 'k' %}"}])
def test_arguments_of_jsonata_are_checked_where_they_are_static(arguments: Any) -> None:
    resource = f"{SDK}s3:getObject"
    assert refusals(single("Task", language="JSONata", Resource=resource, Arguments=arguments)) == []
    wrong = {"Bucket": "b", "key": "{% 'k' %}"}
    found = refusals(single("Task", language="JSONata", Resource=resource, Arguments=wrong))
    assert [message for _, message, _ in found] == [
        "The field 'Key' is required but was missing",
        "The field \"key\" is not supported by Step Functions. Did you mean 'Key'?",
    ]
    assert {place for _, _, place in found} == {"/States/S/Arguments"}
