"""The control plane: regions, and unknown operations."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from tests.support.embedded_cloud.customer import Customer, refused


def test_regions_do_not_see_each_other(customer: Customer) -> None:
    import boto3

    model = customer.new_model(customer.doubling)
    elsewhere = boto3.client(
        "sagemaker",
        endpoint_url=customer.cloud.endpoint_url,
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    with pytest.raises(ClientError, match="eu-west-1"):
        elsewhere.describe_model(ModelName=model)
    arn = customer.sagemaker.describe_model(ModelName=model)["ModelArn"]
    no_resource = ("ValidationException", f'Could not find resource "{arn}".')
    assert refused(lambda: elsewhere.list_tags(ResourceArn=arn)) == no_resource
    assert elsewhere.list_models()["Models"] == []


def test_an_operation_that_is_not_there_is_named(customer: Customer) -> None:
    code, message = refused(customer.sagemaker.list_notebook_instances)
    assert code == "UnknownOperationException"
    assert "ListNotebookInstances" in message
