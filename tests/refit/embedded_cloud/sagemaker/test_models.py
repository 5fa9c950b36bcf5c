"""CreateModel, DescribeModel and DeleteModel."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.embedded_cloud.customer import IMAGE, LEAST_PRIVILEGE, TRUST, Customer, refused


def test_a_model_is_described_until_it_is_deleted(customer: Customer) -> None:
    name = customer.new_model(customer.doubling)
    model = customer.sagemaker.describe_model(ModelName=name)
    assert model["PrimaryContainer"] == described(customer.doubling)
    assert model["ExecutionRoleArn"] == customer.role
    assert model["EnableNetworkIsolation"] is False
    assert "Containers" not in model
    container = {"Image": IMAGE, "ModelDataUrl": customer.doubling}
    request = {"ModelName": name, "PrimaryContainer": container, "ExecutionRoleArn": customer.role}
    assert refused(lambda: customer.sagemaker.create_model(**request)) == (
        "ValidationException",
        f'Cannot create already existing model "{model["ModelArn"]}".',
    )
    customer.sagemaker.delete_model(ModelName=name)
    assert refused(lambda: customer.sagemaker.describe_model(ModelName=name)) == (
        "ValidationException",
        f'Could not find model "{model["ModelArn"]}".',
    )


def test_a_model_needs_an_artifact_that_exists_and_an_image_that_can_run(customer: Customer) -> None:
    def create(**container: str) -> object:
        return customer.sagemaker.create_model(
            ModelName="never", PrimaryContainer=container, ExecutionRoleArn=customer.role
        )

    missing = "s3://homes/models/never.tar.gz"
    assert refused(lambda: create(Image=IMAGE, ModelDataUrl=missing)) == (
        "ValidationException",
        f"Could not find model data at {missing}.",
    )
    assert "cannot run the image" in refused(lambda: create(Image="own", ModelDataUrl=customer.doubling))[1]


def test_a_model_made_with_containers_is_described_with_containers(customer: Customer) -> None:
    name, vpc = customer.name("model"), {"SecurityGroupIds": ["sg-1"], "Subnets": ["subnet-1"]}
    container = {"Image": IMAGE, "ModelDataUrl": customer.doubling, "Environment": {"A": "1"}}
    customer.sagemaker.create_model(
        ModelName=name,
        Containers=[container],
        ExecutionRoleArn=customer.role,
        VpcConfig=vpc,
        EnableNetworkIsolation=True,
        InferenceExecutionConfig={"Mode": "Serial"},
    )
    model = customer.sagemaker.describe_model(ModelName=name)
    assert model["Containers"] == [described(customer.doubling) | {"Environment": {"A": "1"}}]
    assert "PrimaryContainer" not in model
    assert (model["VpcConfig"], model["EnableNetworkIsolation"]) == (vpc, True)
    assert model["InferenceExecutionConfig"] == {"Mode": "Serial"}


def test_the_artifact_may_be_named_by_a_model_data_source(customer: Customer) -> None:
    name = customer.name("model")
    source = {"S3Uri": customer.doubling, "S3DataType": "S3Object", "CompressionType": "Gzip"}
    container = {"Image": IMAGE, "ModelDataSource": {"S3DataSource": source}}
    customer.sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=customer.role)
    model = customer.sagemaker.describe_model(ModelName=name)
    assert model["PrimaryContainer"] == {**container, "Mode": "SingleModel", "Environment": {}}


def test_a_model_has_exactly_one_container_with_one_artifact(customer: Customer) -> None:
    def create(**request: Any) -> object:
        return customer.sagemaker.create_model(ModelName="never", ExecutionRoleArn=customer.role, **request)

    container = {"Image": IMAGE, "ModelDataUrl": customer.doubling}
    both = {"S3Uri": customer.doubling, "S3DataType": "S3Object", "CompressionType": "Gzip"}
    folder = {"S3Uri": "s3://homes/models/", "S3DataType": "S3Prefix", "CompressionType": "None"}
    rejected = {
        "PrimaryContainer or Containers must be specified.": {},
        "Only one of PrimaryContainer and Containers may be specified.": {
            "PrimaryContainer": container,
            "Containers": [container],
        },
        "the embedded cloud serves models of one container, with an Image and Mode SingleModel": {
            "Containers": [container, container]
        },
        "Only one of ModelDataUrl and ModelDataSource may be specified.": {
            "PrimaryContainer": {**container, "ModelDataSource": {"S3DataSource": both}}
        },
        "the embedded cloud loads models of S3DataType S3Object and CompressionType Gzip": {
            "PrimaryContainer": {"Image": IMAGE, "ModelDataSource": {"S3DataSource": folder}}
        },
        "Could not find model data at .": {"PrimaryContainer": {"Image": IMAGE}},
        "Could not find model data at https://homes/model.tar.gz.": {
            "PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": "https://homes/model.tar.gz"}
        },
        "Invalid model data at s3://homes/model.zip. It must be a single gzip compressed tar archive, with the suffix "
        ".tar.gz.": {"PrimaryContainer": {"Image": IMAGE, "ModelDataUrl": "s3://homes/model.zip"}},
    }
    for message, request in rejected.items():
        assert refused(lambda request=request: create(**request)) == ("ValidationException", message)


@pytest.mark.parametrize("exists", [True, False])
def test_a_role_that_sagemaker_cannot_assume_is_named(customer: Customer, exists: bool) -> None:
    other = {**TRUST, "Principal": {"Service": "lambda.amazonaws.com"}}
    role = customer.new_role(LEAST_PRIVILEGE, other) if exists else "arn:aws:iam::000000000000:role/never"
    container = {"Image": IMAGE, "ModelDataUrl": customer.doubling}
    create = customer.sagemaker.create_model
    assert refused(lambda: create(ModelName="never", PrimaryContainer=container, ExecutionRoleArn=role)) == (
        "ValidationException",
        f'The execution role ARN "{role}" is invalid. Please ensure that the role exists and that its trust '
        'relationship policy allows the action "sts:AssumeRole" for the service principal "sagemaker.amazonaws.com".',
    )


def described(artifact: str) -> dict[str, Any]:
    """The container of a model as AWS describes it."""
    source = {"S3Uri": artifact, "S3DataType": "S3Object", "CompressionType": "Gzip"}
    return {
        "Image": IMAGE,
        "Mode": "SingleModel",
        "ModelDataUrl": artifact,
        "ModelDataSource": {"S3DataSource": source},
        "Environment": {},
    }
