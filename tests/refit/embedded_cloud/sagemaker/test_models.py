"""CreateModel, DescribeModel and DeleteModel."""

from __future__ import annotations

from tests.support.embedded_cloud.customer import IMAGE, Customer, refused


def test_a_model_is_described_until_it_is_deleted(customer: Customer) -> None:
    name = customer.new_model(customer.doubling)
    model = customer.sagemaker.describe_model(ModelName=name)
    assert model["PrimaryContainer"] == {"Image": IMAGE, "ModelDataUrl": customer.doubling}
    assert model["ExecutionRoleArn"] == customer.role
    request = {"ModelName": name, "PrimaryContainer": model["PrimaryContainer"], "ExecutionRoleArn": customer.role}
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
