"""List operations: sorting, filters and pages."""

from __future__ import annotations

from typing import Any

import pytest

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


def test_a_list_is_sorted_by_time_newest_first_or_as_requested(customer: Customer, five: list[str]) -> None:
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
