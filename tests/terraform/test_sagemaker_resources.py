"""Terraform's own SageMaker resources on the embedded cloud: apply, plan without changes, change, destroy.

Refit's stack has none of these resources. They are another client that knows what AWS returns.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest
import tftest

from refit.embedded_cloud import lifecycle
from refit.terraform import provider_mirror
from tests.support.embedded_cloud.customer import IMAGE, Customer, refused

CONFIGURATION = """
terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

provider "aws" {
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  default_tags {
    tags = { managed = "terraform" }
  }
}

variable "role" { type = string }
variable "image" { type = string }
variable "artifact" { type = string }
variable "tags" { type = map(string) }
variable "weight" { type = number }

resource "aws_sagemaker_model" "primary" {
  name               = "primary"
  execution_role_arn = var.role
  tags               = var.tags
  primary_container {
    image          = var.image
    model_data_url = var.artifact
    environment    = { A = "1" }
  }
}

resource "aws_sagemaker_model" "containers" {
  name                     = "containers"
  execution_role_arn       = var.role
  enable_network_isolation = true
  container {
    image          = var.image
    model_data_url = var.artifact
  }
}

resource "aws_sagemaker_model" "source" {
  name               = "source"
  execution_role_arn = var.role
  primary_container {
    image = var.image
    model_data_source {
      s3_data_source {
        s3_uri           = var.artifact
        s3_data_type     = "S3Object"
        compression_type = "Gzip"
      }
    }
  }
}

resource "aws_sagemaker_endpoint_configuration" "instances" {
  name_prefix = "instances-"
  tags        = var.tags
  lifecycle {
    create_before_destroy = true
  }
  production_variants {
    variant_name           = "primary"
    model_name             = aws_sagemaker_model.primary.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 2
    initial_variant_weight = var.weight
  }
  production_variants {
    variant_name           = "containers"
    model_name             = aws_sagemaker_model.containers.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 1
  }
}

resource "aws_sagemaker_endpoint_configuration" "serverless" {
  name = "serverless"
  production_variants {
    variant_name = "serverless"
    model_name   = aws_sagemaker_model.source.name
    serverless_config {
      max_concurrency   = 5
      memory_size_in_mb = 2048
    }
  }
}

resource "aws_sagemaker_endpoint_configuration" "asynchronous" {
  name = "asynchronous"
  production_variants {
    variant_name           = "asynchronous"
    model_name             = aws_sagemaker_model.primary.name
    instance_type          = "ml.m5.large"
    initial_instance_count = 1
  }
  async_inference_config {
    output_config {
      s3_output_path = "s3://homes/answers/"
    }
  }
}

resource "aws_sagemaker_endpoint" "instances" {
  name                 = "instances"
  endpoint_config_name = aws_sagemaker_endpoint_configuration.instances.name
  tags                 = var.tags
}

output "config" { value = aws_sagemaker_endpoint_configuration.instances.name }
"""


@pytest.fixture(scope="module")
def customer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Customer]:
    state_dir = tmp_path_factory.mktemp("sagemaker-resources") / ".refit"
    try:
        # Not in strict mode: the customer makes one attempt at each call.
        settings = {"REFIT_LOCAL_SECONDS_PER_STATUS": "0.1", "REFIT_LOCAL_STRICT": "0"}
        yield Customer(lifecycle.start(state_dir, port=0, extra_env=settings))
    finally:
        lifecycle.stop(state_dir)


@pytest.fixture(scope="module")
def terraform(customer: Customer, tmp_path_factory: pytest.TempPathFactory) -> tftest.TerraformTest:
    folder = tmp_path_factory.mktemp("configuration")
    (folder / "main.tf").write_text(CONFIGURATION)
    test = tftest.TerraformTest(str(folder))
    mirror = provider_mirror.settings(folder, {})
    settings = {name: value for name, value in mirror.items() if value}
    test.env = {"PATH": os.environ["PATH"], **customer.cloud.environment(), **settings}
    test.setup(cleanup_on_exit=False)
    return test


def variables(customer: Customer, tags: dict[str, str], weight: int = 1) -> dict[str, Any]:
    return {"role": customer.role, "image": IMAGE, "artifact": customer.doubling, "tags": tags, "weight": weight}


def test_the_resources_are_applied_changed_and_destroyed(customer: Customer, terraform: tftest.TerraformTest) -> None:
    before = variables(customer, {"team": "homes", "stage": "test"})
    terraform.apply(tf_vars=before)
    assert changes(terraform, before) == {}
    assert customer.score("instances") == 2
    arn = customer.endpoint("instances")["EndpointArn"]
    assert tags(customer, arn) == {"team": "homes", "stage": "test", "managed": "terraform"}

    after = variables(customer, {"team": "flats"})
    tagged = [
        f"aws_sagemaker_{name}" for name in ("endpoint.instances", "endpoint_configuration.instances", "model.primary")
    ]
    assert changes(terraform, after) == {name: ["update"] for name in tagged}
    terraform.apply(tf_vars=after)
    assert changes(terraform, after) == {}
    assert tags(customer, arn) == {"team": "flats", "managed": "terraform"}

    config = customer.endpoint("instances")["EndpointConfigName"]
    heavier = variables(customer, {"team": "flats"}, weight=3)
    assert changes(terraform, heavier) == {
        "aws_sagemaker_endpoint_configuration.instances": ["create", "delete"],
        "aws_sagemaker_endpoint.instances": ["update"],
    }
    terraform.apply(tf_vars=heavier)
    assert changes(terraform, heavier) == {}
    found = customer.endpoint("instances")
    assert found["EndpointConfigName"] == terraform.output()["config"] != config
    assert [variant["CurrentWeight"] for variant in found["ProductionVariants"]] == [3.0, 1.0]

    terraform.destroy(tf_vars=heavier)
    assert refused(lambda: customer.endpoint("instances"))[1] == f'Could not find endpoint "{arn}".'
    assert customer.sagemaker.list_endpoint_configs()["EndpointConfigs"] == []
    assert customer.sagemaker.list_models()["Models"] == []


def changes(terraform: tftest.TerraformTest, tf_vars: dict[str, Any]) -> dict[str, list[str]]:
    """The actions that a plan wants for each resource; those without actions are left out."""
    planned = terraform.plan(tf_vars=tf_vars, output=True)
    actions = {name: change["change"]["actions"] for name, change in planned.resource_changes.items()}
    return {name: wanted for name, wanted in actions.items() if wanted != ["no-op"]}


def tags(customer: Customer, arn: str) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in customer.sagemaker.list_tags(ResourceArn=arn)["Tags"]}
