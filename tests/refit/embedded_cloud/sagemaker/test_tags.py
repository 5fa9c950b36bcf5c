"""AddTags and ListTags on every kind of resource."""

from __future__ import annotations

import pytest

from tests.support.embedded_cloud.customer import Customer, refused


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


def test_tags_are_deleted_by_key_and_unknown_keys_are_ignored(customer: Customer) -> None:
    arn = customer.train(customer.put("1,2\n"))["TrainingJobArn"]
    customer.sagemaker.add_tags(ResourceArn=arn, Tags=[{"Key": key, "Value": ""} for key in "abc"])
    customer.sagemaker.delete_tags(ResourceArn=arn, TagKeys=["a", "c", "never"])
    assert customer.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": ""}]
    missing = arn + "-never"
    no_resource = ("ValidationException", f'Could not find resource "{missing}".')
    assert refused(lambda: customer.sagemaker.delete_tags(ResourceArn=missing, TagKeys=["a"])) == no_resource
    assert refused(lambda: customer.sagemaker.list_tags(ResourceArn=missing)) == no_resource


@pytest.mark.parametrize("key", ["aws:createdBy", "AWS:cloudformation"])
def test_tags_of_aws_can_be_neither_added_nor_deleted(customer: Customer, key: str) -> None:
    name = customer.new_model(customer.doubling)
    arn = customer.sagemaker.describe_model(ModelName=name)["ModelArn"]
    reserved = ("ValidationException", f"System prefix 'aws:' reserved for AWS usage in tag key: {key}")
    tags = [{"Key": key, "Value": ""}]
    assert refused(lambda: customer.sagemaker.add_tags(ResourceArn=arn, Tags=tags)) == reserved
    assert refused(lambda: customer.sagemaker.delete_tags(ResourceArn=arn, TagKeys=[key])) == reserved
    assert refused(lambda: customer.start_job(customer.put("1,2\n"), Tags=tags)) == reserved


def test_a_request_names_each_tag_once(customer: Customer) -> None:
    twice = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    config = customer.new_config(customer.doubling)
    create = customer.sagemaker.create_endpoint
    assert refused(lambda: create(EndpointName="never", EndpointConfigName=config, Tags=twice)) == (
        "ValidationException",
        "Duplicate tag key",
    )


def test_all_tags_come_in_one_page(customer: Customer) -> None:
    arn = customer.train(customer.put("1,2\n"))["TrainingJobArn"]
    tags = [{"Key": f"{number:02}", "Value": ""} for number in range(50)]
    customer.sagemaker.add_tags(ResourceArn=arn, Tags=tags)
    page = customer.sagemaker.list_tags(ResourceArn=arn, MaxResults=50)
    assert page["Tags"] == tags
    assert "NextToken" not in page
    small = refused(lambda: customer.without_checks.list_tags(ResourceArn=arn, MaxResults=49))[1]
    assert small.endswith("Member must have value greater than or equal to 50")
    assert refused(lambda: customer.sagemaker.list_tags(ResourceArn=arn, NextToken="next")) == (
        "ValidationException",
        'Invalid pagination token because "{0}".',
    )
