"""The endpoint operations: create, describe, update and delete, and what each status rejects."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from refit.embedded_cloud import faults
from tests.support.embedded_cloud.customer import LEAST_PRIVILEGE, Customer, refused
from tests.support.waiting import until


def test_an_endpoint_is_created_and_answers(customer: Customer) -> None:
    config = customer.new_config(customer.doubling)
    faults.set(customer.cloud, {"endpoint": "hang"})
    name = customer.start_endpoint(config)
    creating = customer.endpoint(name)
    assert (creating["EndpointStatus"], creating["EndpointConfigName"]) == ("Creating", config)
    assert refused(lambda: customer.invoke(name)) == (
        "ValidationError",
        f"Endpoint {name} of account 000000000000 not found.",
    )

    faults.clear(customer.cloud)
    serving = customer.settled(name)
    assert serving["EndpointStatus"] == "InService"
    assert "FailureReason" not in serving
    (variant,) = serving["ProductionVariants"]
    assert (variant["VariantName"], variant["CurrentInstanceCount"], variant["CurrentWeight"]) == ("AllTraffic", 2, 1.0)
    assert variant["DeployedImages"][0]["SpecifiedImage"].endswith("linear-learner:1")
    assert customer.score(name) == 2


@pytest.mark.parametrize("operation", ["update_endpoint", "delete_endpoint"])
@pytest.mark.parametrize("status", ["Creating", "Updating"])
def test_an_endpoint_in_progress_accepts_no_change(customer: Customer, status: str, operation: str) -> None:
    config = customer.new_config(customer.doubling)
    name = customer.new_endpoint(customer.doubling) if status == "Updating" else ""
    faults.set(customer.cloud, {"endpoint": "hang"})
    if status == "Updating":
        customer.update(name, config)
    else:
        name = customer.start_endpoint(config)
    arguments = {"EndpointName": name, **({"EndpointConfigName": config} if operation == "update_endpoint" else {})}
    code, message = refused(lambda: getattr(customer.sagemaker, operation)(**arguments))
    assert code == "ValidationException"
    found = customer.endpoint(name)
    assert message == f'Cannot update in-progress endpoint "{found["EndpointArn"]}".'
    assert found["EndpointStatus"] == status
    faults.clear(customer.cloud)
    assert customer.settled(name)["EndpointStatus"] == "InService"


def test_a_failed_endpoint_accepts_deletion_alone(customer: Customer) -> None:
    faults.set(customer.cloud, {"endpoint": "fail_create"})
    name = customer.start_endpoint(customer.new_config(customer.doubling))
    failed = customer.settled(name)
    assert failed["EndpointStatus"] == "Failed"
    assert failed["FailureReason"] == "A scripted fault failed this endpoint (endpoint.fail_create)."
    assert refused(lambda: customer.update(name, failed["EndpointConfigName"]))[0] == "ValidationException"
    assert refused(lambda: customer.invoke(name))[0] == "ValidationError"

    customer.sagemaker.delete_endpoint(EndpointName=name)
    assert gone(customer, name)


def test_a_deleted_endpoint_answers_no_more_and_frees_its_name(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    config = customer.endpoint(name)["EndpointConfigName"]
    customer.sagemaker.delete_endpoint(EndpointName=name)
    assert refused(lambda: customer.invoke(name))[0] == "ValidationError"
    assert gone(customer, name)
    customer.sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    assert customer.settled(name)["EndpointStatus"] == "InService"


def test_an_endpoint_whose_config_was_deleted_serves_but_is_not_updated(customer: Customer) -> None:
    name, new = customer.new_endpoint(customer.doubling), customer.new_config(customer.tripling)
    old = customer.endpoint(name)["EndpointConfigName"]
    arn = customer.sagemaker.describe_endpoint_config(EndpointConfigName=old)["EndpointConfigArn"]
    customer.sagemaker.delete_endpoint_config(EndpointConfigName=old)
    assert refused(lambda: customer.update(name, new)) == (
        "ValidationException",
        f'Could not find endpoint configuration "{arn}".',
    )
    assert (customer.endpoint(name)["EndpointStatus"], customer.score(name)) == ("InService", 2)


def test_a_name_is_taken_while_the_endpoint_exists(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    found = customer.endpoint(name)
    request = {"EndpointName": name, "EndpointConfigName": found["EndpointConfigName"]}
    assert refused(lambda: customer.sagemaker.create_endpoint(**request)) == (
        "ValidationException",
        f'Cannot create already existing endpoint "{found["EndpointArn"]}".',
    )


def test_names_are_one_in_upper_and_lower_case_but_for_the_runtime(customer: Customer) -> None:
    name = customer.new_endpoint(customer.doubling)
    config = customer.endpoint(name)["EndpointConfigName"]
    assert customer.endpoint(name.upper())["EndpointName"] == name
    request = {"EndpointName": name.upper(), "EndpointConfigName": config}
    assert refused(lambda: customer.sagemaker.create_endpoint(**request))[1].startswith(
        "Cannot create already existing"
    )
    assert refused(lambda: customer.invoke(name.upper()))[0] == "ValidationError"


def test_what_does_not_exist_is_not_found(customer: Customer) -> None:
    sagemaker, arns = customer.sagemaker, f"arn:aws:sagemaker:{customer.cloud.region}:000000000000"
    no_endpoint = ("ValidationException", f'Could not find endpoint "{arns}:endpoint/never".')
    no_config = ("ValidationException", f'Could not find endpoint configuration "{arns}:endpoint-config/never".')
    name, config = customer.new_endpoint(customer.doubling), customer.new_config(customer.doubling)
    assert refused(lambda: sagemaker.describe_endpoint(EndpointName="never")) == no_endpoint
    assert refused(lambda: sagemaker.delete_endpoint(EndpointName="never")) == no_endpoint
    assert refused(lambda: customer.update("never", config)) == no_endpoint
    assert refused(lambda: customer.update(name, "never")) == no_config
    assert refused(lambda: customer.start_endpoint("never")) == no_config
    assert refused(lambda: sagemaker.describe_endpoint_config(EndpointConfigName="never")) == no_config
    assert refused(lambda: sagemaker.delete_endpoint_config(EndpointConfigName="never")) == no_config


def test_a_role_that_may_not_read_the_model_is_refused_with_the_permissions_it_needs(customer: Customer) -> None:
    role = customer.new_role(LEAST_PRIVILEGE[:1])
    container = {"Image": "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"}
    model = {"ModelName": customer.name("model"), "ExecutionRoleArn": role}
    container["ModelDataUrl"] = customer.doubling
    code, message = refused(lambda: customer.sagemaker.create_model(**model, PrimaryContainer=container))
    assert code == "ValidationException"
    assert message.startswith(f"Could not access model data at {customer.doubling}.")
    assert '"s3:GetObject"' in message


def gone(customer: Customer, name: str) -> bool:
    def look() -> str:
        try:
            return str(customer.endpoint(name)["EndpointStatus"])
        except ClientError as error:
            return str(error.response["Error"]["Message"])

    return bool(until(look, lambda seen: seen.startswith("Could not find endpoint")))
