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


def test_a_page_neither_repeats_nor_skips_models_that_are_created_and_deleted_in_between(
    customer: Customer, five: list[str]
) -> None:
    first = customer.sagemaker.list_models(NameContains="listed", MaxResults=2)
    assert [model["ModelName"] for model in first["Models"]] == five[:2:-1]
    container = {"Image": IMAGE, "ModelDataUrl": customer.doubling}
    request = {"PrimaryContainer": container, "ExecutionRoleArn": customer.role}
    customer.sagemaker.create_model(ModelName="listed-newer", **request)
    customer.sagemaker.delete_model(ModelName="listed-newer")
    customer.sagemaker.create_model(ModelName="listed-newest", **request)
    second = listed(customer, MaxResults=2, NextToken=first["NextToken"])
    customer.sagemaker.delete_model(ModelName="listed-newest")
    assert second == five[2:0:-1]


@pytest.mark.parametrize("operation", ["list_models", "list_endpoints", "list_endpoint_configs", "list_training_jobs"])
def test_a_token_that_the_operation_has_not_returned_is_rejected(
    customer: Customer, five: list[str], operation: str
) -> None:
    of_models = customer.sagemaker.list_models(NameContains="listed", SortBy="Name", MaxResults=1)["NextToken"]
    call = getattr(customer.sagemaker, operation)
    for token in ("!", "bm8=", "W10=", of_models):
        assert refused(lambda token=token: call(NextToken=token)) == (
            "ValidationException",
            'Invalid pagination token because "{0}".',
        )


@pytest.mark.parametrize("operation", ["list_models", "list_endpoints", "list_endpoint_configs", "list_training_jobs"])
@pytest.mark.parametrize(("size", "limit"), [(0, "greater than or equal to 1"), (101, "less than or equal to 100")])
def test_a_page_has_1_to_100_items(customer: Customer, operation: str, size: int, limit: str) -> None:
    call = getattr(customer.without_checks, operation)
    assert refused(lambda: call(MaxResults=size)) == (
        "ValidationException",
        f"1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: "
        f"Member must have value {limit}",
    )


def test_jobs_come_newest_first_and_are_filtered_by_the_time_of_their_last_change(customer: Customer) -> None:
    older, newer = (customer.train(customer.put("1,2\n"))["TrainingJobName"] for _ in range(2))
    change = customer.job(newer)["LastModifiedTime"]

    def names(**request: Any) -> list[str]:
        found = customer.sagemaker.list_training_jobs(MaxResults=100, **request)["TrainingJobSummaries"]
        return [job["TrainingJobName"] for job in found if job["TrainingJobName"] in (older, newer)]

    assert names() == [newer, older]
    assert names(LastModifiedTimeAfter=change) == [newer]
    assert names(LastModifiedTimeBefore=change) == [older]
    assert names(NameContains=newer) == [newer]
    assert names(StatusEquals="Failed") == []
    assert names(WarmPoolStatusEquals="InUse") == []


def test_a_page_of_jobs_is_filtered_by_status_after_it_is_cut(customer: Customer) -> None:
    failed = customer.train(customer.put("a,b\n"))["TrainingJobName"]
    completed = customer.train(customer.put("1,2\n"))["TrainingJobName"]

    def names(**request: Any) -> tuple[list[str], bool]:
        found = customer.sagemaker.list_training_jobs(StatusEquals="Failed", **request)
        return [job["TrainingJobName"] for job in found["TrainingJobSummaries"]], "NextToken" in found

    assert customer.job(completed)["TrainingJobStatus"] == "Completed"
    assert names(MaxResults=1) == ([], True)
    assert names(MaxResults=2) == ([failed], True)
    assert names()[0][0] == failed


def test_a_list_is_filtered_by_time_of_creation(customer: Customer, five: list[str]) -> None:
    third = customer.sagemaker.describe_model(ModelName=five[2])["CreationTime"]
    assert listed(customer, CreationTimeAfter=third, SortOrder="Ascending") == five[2:]
    assert listed(customer, CreationTimeBefore=third, SortOrder="Ascending") == five[:2]


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
