"""The names that Step Functions gives to services, operations and members."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.step_functions.definition import service_models
from refit.embedded_cloud.step_functions.definition.integrations import INTEGRATIONS, UNSUPPORTED_SDK_ACTIONS

DOCUMENTED = """
account accessanalyzer acm acmpca amp apigateway apigatewayv2 applicationautoscaling applicationdiscovery athena
autoscaling batch cloudformation cloudwatch cloudwatchlogs codebuild cognitoidentityprovider config
costandusagereport costexplorer databasemigration directory dynamodb dynamodbstreams ebs ec2 ecr ecs efs eks
elasticache elasticloadbalancing elasticloadbalancingv2 elasticsearch emr emrcontainers eventbridge firehose fis
glue iam imagebuilder iot kafka kinesis kms lambda lexmodelbuilding lexruntime mwaa organizations pi pipes rds
rdsdata redshiftdata resourcegroupstaggingapi route53 s3 s3control s3outposts sagemaker sagemakera2iruntime
sagemakeredge sagemakerfeaturestoreruntime sagemakerruntime scheduler secretsmanager servicediscovery sesv2 sfn sns
sqs ssm sts swf wafv2 xray
"""
"""Services in the list of https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html."""


@pytest.mark.parametrize("name", DOCUMENTED.split())
def test_a_documented_service_is_known_by_its_name(name: str) -> None:
    assert service_models.services()[name]


@pytest.mark.parametrize("name", ["states", "stepfunctions", "logs", "events", "SageMaker", "cognito-idp", "elb"])
def test_other_names_of_services_are_not_known(name: str) -> None:
    assert name not in service_models.services()


@pytest.mark.parametrize(
    ("member", "name"),
    [
        ("DBInstanceIdentifier", "DbInstanceIdentifier"),
        ("ACL", "Acl"),
        ("SSEKMSKeyId", "SsekmsKeyId"),
        ("SSECustomerKeyMD5", "SseCustomerKeyMD5"),
        ("ContentMD5", "ContentMD5"),
        ("S3OutputPath", "S3OutputPath"),
        ("VpcConfig", "VpcConfig"),
        ("jobName", "JobName"),
        ("Equals", "EqualsValue"),
        ("A", "A"),
    ],
)
def test_members_have_the_names_of_the_sdk_for_java(member: str, name: str) -> None:
    """https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html: PascalCase, EqualsValue."""
    assert service_models.java_name(member) == name


def test_every_optimized_integration_names_an_operation_that_exists() -> None:
    for service, actions in INTEGRATIONS.items():
        for name, action in actions.items():
            if action.operation is not None:
                shapes = service_models.operation(*action.operation)
                assert shapes is not None, f"{service}:{name}"
                members = service_models.members(shapes.input_shape, service_models.capitalized)
                assert set(action.only or ()) <= set(members), f"{service}:{name}"


def test_every_unsupported_action_is_of_a_service_that_exists() -> None:
    assert UNSUPPORTED_SDK_ACTIONS.keys() <= service_models.services().keys()


def test_an_operation_that_streams_is_not_offered() -> None:
    assert service_models.operation("sagemaker-runtime", "InvokeEndpointWithResponseStream") is None
    assert service_models.operation("sagemaker-runtime", "InvokeEndpoint") is not None
    assert service_models.operation("sagemaker", "Nothing") is None
