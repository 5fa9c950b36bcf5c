"""AddTags and ListTags on every kind of resource."""

from __future__ import annotations

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
