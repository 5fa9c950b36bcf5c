"""What all resources have in common: lists, tags, and models and configs as such."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.support.embedded_cloud.customer import IMAGE, Customer, refused


@pytest.fixture(scope="module")
def five(account: Customer) -> list[str]:
    """The names of five models, in the order of their creation."""
    names = [f"listed-{letter}" for letter in "dacbe"]
    container = {"Image": IMAGE, "ModelDataUrl": account.doubling}
    for name in names:
        account.sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=account.role)
    return names


def listed(customer: Customer, **request: Any) -> list[str]:
    answer = customer.sagemaker.list_models(NameContains="listed", **request)
    return [model["ModelName"] for model in answer["Models"]]


def test_a_list_is_sorted_by_time_newest_first_or_as_asked(customer: Customer, five: list[str]) -> None:
    assert listed(customer) == five[::-1]
    assert listed(customer, SortOrder="Ascending") == five
    assert listed(customer, SortBy="Name") == sorted(five, reverse=True)


def test_a_list_comes_in_pages(customer: Customer, five: list[str]) -> None:
    pages = customer.sagemaker.get_paginator("list_models").paginate(
        NameContains="listed", SortBy="Name", SortOrder="Ascending", PaginationConfig={"PageSize": 2}
    )
    assert [[model["ModelName"] for model in page["Models"]] for page in pages] == [
        ["listed-a", "listed-b"],
        ["listed-c", "listed-d"],
        ["listed-e"],
    ]
    assert refused(lambda: customer.sagemaker.list_models(NextToken="!"))[0] == "ValidationException"


def test_a_list_is_filtered_by_time_of_creation(customer: Customer, five: list[str]) -> None:
    third = customer.sagemaker.describe_model(ModelName=five[2])["CreationTime"]
    assert listed(customer, CreationTimeAfter=third, SortOrder="Ascending") == five[2:]
    assert listed(customer, CreationTimeBefore=third, SortOrder="Ascending") == five[:3]


def test_jobs_and_endpoints_are_filtered_by_status(customer: Customer) -> None:
    bad = customer.train(customer.put("a,b\n"))["TrainingJobName"]
    good = customer.train(customer.put("1,2\n"))["TrainingJobName"]
    failed = customer.sagemaker.list_training_jobs(StatusEquals="Failed", MaxResults=100)["TrainingJobSummaries"]
    names = [job["TrainingJobName"] for job in failed]
    assert bad in names
    assert good not in names
    assert failed[names.index(bad)]["TrainingEndTime"]

    endpoint = customer.new_endpoint(customer.doubling)
    for status, expected in (("InService", [endpoint]), ("Failed", [])):
        found = customer.sagemaker.list_endpoints(StatusEquals=status, NameContains=endpoint)["Endpoints"]
        assert [each["EndpointName"] for each in found] == expected


def test_tags_are_added_and_replaced_on_every_kind_of_resource(customer: Customer) -> None:
    endpoint = customer.endpoint(customer.new_endpoint(customer.doubling))
    config = customer.sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
    model = customer.sagemaker.describe_model(ModelName=config["ProductionVariants"][0]["ModelName"])
    job = customer.train(customer.put("1,2\n"))
    arns = [endpoint["EndpointArn"], config["EndpointConfigArn"], model["ModelArn"], job["TrainingJobArn"]]
    for arn in arns:
        assert customer.sagemaker.list_tags(ResourceArn=arn)["Tags"] == []
        customer.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
        added = customer.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": "b", "Value": "3"}])["Tags"]
        assert added == [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "3"}]
        assert customer.sagemaker.list_tags(ResourceArn=arn)["Tags"] == added


def test_a_resource_has_at_most_50_tags(customer: Customer) -> None:
    arn = customer.train(customer.put("1,2\n"))["TrainingJobArn"]
    customer.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": str(n), "Value": ""} for n in range(50)])
    tag = {"Key": "one too many", "Value": ""}
    code, _ = refused(lambda: customer.sagemaker.add_tags(ResourceArn=arn, Tags=[tag]))
    assert code == "ResourceLimitExceeded"


def test_a_model_says_what_it_is_and_goes_when_deleted(customer: Customer) -> None:
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


def test_an_endpoint_config_is_made_of_models_that_exist_under_names_of_their_own(customer: Customer) -> None:
    def create(*variants: dict[str, Any]) -> object:
        return customer.sagemaker.create_endpoint_config(EndpointConfigName="never", ProductionVariants=variants)

    assert refused(lambda: create(customer.variant("A", "never")))[1].startswith('Could not find model "arn:aws:')
    model = customer.new_model(customer.doubling)
    assert "unique" in refused(lambda: create(customer.variant("A", model), customer.variant("A", model)))[1]
    config = customer.new_config(customer.doubling)
    found = customer.sagemaker.describe_endpoint_config(EndpointConfigName=config)
    request = {"EndpointConfigName": config, "ProductionVariants": found["ProductionVariants"]}
    assert refused(lambda: customer.sagemaker.create_endpoint_config(**request)) == (
        "ValidationException",
        f'Cannot create already existing endpoint configuration "{found["EndpointConfigArn"]}".',
    )


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


def test_an_operation_that_is_not_there_is_named(customer: Customer) -> None:
    code, message = refused(customer.sagemaker.list_notebook_instances)
    assert code == "UnknownOperationException"
    assert "ListNotebookInstances" in message
