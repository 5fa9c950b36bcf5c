"""CreateEndpointConfig and DescribeEndpointConfig."""

from __future__ import annotations

from typing import Any

from tests.support.embedded_cloud.customer import IMAGE, Customer, refused


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


def test_a_config_is_described_with_the_default_weights_of_its_variants(customer: Customer) -> None:
    name, model = customer.name("config"), customer.new_model(customer.doubling)
    capture = {
        "EnableCapture": True,
        "InitialSamplingPercentage": 50,
        "DestinationS3Uri": "s3://homes/capture",
        "CaptureOptions": [{"CaptureMode": "Input"}],
    }
    variant = {"VariantName": "A", "ModelName": model, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    customer.sagemaker.create_endpoint_config(
        EndpointConfigName=name, ProductionVariants=[variant], KmsKeyId="alias/homes", DataCaptureConfig=capture
    )
    found = customer.sagemaker.describe_endpoint_config(EndpointConfigName=name)
    assert found["ProductionVariants"] == [{**variant, "InitialVariantWeight": 1.0}]
    assert (found["KmsKeyId"], found["DataCaptureConfig"]) == ("alias/homes", capture)
    assert "Tags" not in found

    endpoint = customer.start_endpoint(name)
    assert customer.settled(endpoint)["DataCaptureConfig"] == {
        "EnableCapture": True,
        "CaptureStatus": "Started",
        "CurrentSamplingPercentage": 50,
        "DestinationS3Uri": "s3://homes/capture",
        "KmsKeyId": "",
    }


def test_a_variant_is_either_serverless_or_has_instances(customer: Customer) -> None:
    def create(*variants: dict[str, Any], **request: Any) -> object:
        return customer.sagemaker.create_endpoint_config(
            EndpointConfigName="never", ProductionVariants=list(variants), **request
        )

    model = customer.new_model(customer.doubling)
    named = {"VariantName": "A", "ModelName": model}
    serverless = {**named, "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 5}}
    odd = {**named, "ServerlessConfig": {"MemorySizeInMB": 1111, "MaxConcurrency": 5}}
    provisioned = {"MemorySizeInMB": 1024, "MaxConcurrency": 5, "ProvisionedConcurrency": 6}
    output = {"OutputConfig": {"S3OutputPath": "s3://homes/answers"}}
    rejected = {
        "A variant must have InstanceType and InitialInstanceCount, or ServerlessConfig.": lambda: create(named),
        "InstanceType cannot be specified together with ServerlessConfig.": lambda: create(
            {**serverless, "InstanceType": "ml.m5.large"}
        ),
        "MemorySizeInMB must be 1024, 2048, 3072, 4096, 5120 or 6144.": lambda: create(odd),
        "ProvisionedConcurrency must be less than or equal to MaxConcurrency.": lambda: create(
            {**named, "ServerlessConfig": provisioned}
        ),
        "A serverless endpoint supports only one production variant.": lambda: create(
            serverless, {**serverless, "VariantName": "B"}
        ),
        "A serverless endpoint does not support AsyncInferenceConfig.": lambda: create(
            serverless, AsyncInferenceConfig=output
        ),
        "on the embedded cloud a variant must have a ModelName": lambda: create(
            {"VariantName": "A", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
        ),
        "the embedded cloud does not support ShadowProductionVariants": lambda: create(
            customer.variant("A", model), ShadowProductionVariants=[customer.variant("B", model)]
        ),
    }
    for message, call in rejected.items():
        assert refused(call) == ("ValidationException", message)


def test_a_serverless_model_has_neither_a_vpc_nor_network_isolation(customer: Customer) -> None:
    model = customer.name("model")
    container = {"Image": IMAGE, "ModelDataUrl": customer.doubling}
    customer.sagemaker.create_model(
        ModelName=model, PrimaryContainer=container, ExecutionRoleArn=customer.role, EnableNetworkIsolation=True
    )
    serverless = {"MemorySizeInMB": 1024, "MaxConcurrency": 5}
    variant = {"VariantName": "A", "ModelName": model, "ServerlessConfig": serverless}
    create = customer.sagemaker.create_endpoint_config
    assert refused(lambda: create(EndpointConfigName="never", ProductionVariants=[variant])) == (
        "ValidationException",
        f"A serverless endpoint does not support EnableNetworkIsolation of the model {model}.",
    )
