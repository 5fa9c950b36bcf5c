"""The configuration files of a processing container."""

from __future__ import annotations

from refit.embedded_cloud.instance import processing_config

ARN = "arn:aws:sagemaker:us-west-2:000000000000:processing-job/check"


def test_what_the_request_does_not_have_is_null_or_awss_default() -> None:
    """The form is that of https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-config.html."""
    given = {
        "ProcessingJobName": "check",
        "AppSpecification": {"ImageUri": "image"},
        "RoleArn": "role",
        "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1}},
        "Tags": [{"Key": "run", "Value": "one"}],
    }
    assert processing_config.document(given, ARN) == {
        "ProcessingJobArn": ARN,
        "ProcessingJobName": "check",
        "AppSpecification": {"ImageUri": "image", "ContainerEntrypoint": None, "ContainerArguments": None},
        "Environment": {},
        "ProcessingInputs": [],
        "ProcessingOutputConfig": {"Outputs": [], "KmsKeyId": None},
        "ProcessingResources": {"ClusterConfig": {"InstanceCount": 1}},
        "RoleArn": "role",
        "StoppingCondition": {"MaxRuntimeInSeconds": 86_400},
    }
