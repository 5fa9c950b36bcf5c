"""InvokeEndpoint: media types, headers, variants, and the runtime API's errors."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest
from botocore.exceptions import ClientError

from refit.embedded_cloud import faults
from refit.embedded_cloud.sagemaker import loaded_models
from tests.support.embedded_cloud.customer import Customer, refused


@pytest.fixture(scope="module")
def doubling(account: Customer) -> str:
    """An endpoint that doubles its one feature."""
    return account.new_endpoint(account.doubling)


def test_rows_of_csv_are_answered_in_json(customer: Customer, doubling: str) -> None:
    answer = customer.invoke(doubling, "1\n2.5")
    assert answer["ContentType"] == "application/json"
    assert answer["InvokedProductionVariant"] == "AllTraffic"
    scores = [prediction["score"] for prediction in json.loads(answer["Body"])["predictions"]]
    assert scores == pytest.approx([2, 5])


def test_json_is_answered_in_csv_when_that_is_accepted(customer: Customer, doubling: str) -> None:
    body = json.dumps({"instances": [{"features": [1]}, {"features": [4]}]})
    answer = customer.invoke(doubling, body, ContentType="application/json; charset=utf-8", Accept="text/csv")
    assert answer["ContentType"] == "text/csv"
    assert [float(line) for line in answer["Body"].splitlines()] == pytest.approx([2, 8])


def test_a_classifier_adds_the_predicted_label(customer: Customer) -> None:
    rows = customer.put("0,1\n0,2\n1,2\n1,3\n")
    job = customer.train(rows, HyperParameters={"predictor_type": "binary_classifier", "mini_batch_size": "4"})
    endpoint = customer.new_endpoint(job["ModelArtifacts"]["S3ModelArtifacts"])
    low, high = json.loads(customer.invoke(endpoint, "1\n3")["Body"])["predictions"]
    assert (low["predicted_label"], high["predicted_label"]) == (0, 1)
    assert 0 < low["score"] < 0.5 < high["score"] < 1


def test_a_bad_row_is_the_models_error(customer: Customer, doubling: str) -> None:
    with pytest.raises(ClientError) as refusal:
        customer.invoke(doubling, "1,2")
    answer = refusal.value.response
    assert answer["Error"]["Code"] == "ModelError"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert answer["OriginalStatusCode"] == 400
    assert answer["OriginalMessage"] == "unable to evaluate payload provided: row 1 has 2 features, the model expects 1"
    assert answer["Error"]["Message"].startswith('Received client error (400) from primary with message "unable to')
    assert answer["LogStreamArn"].endswith(f"/aws/sagemaker/Endpoints/{doubling}")


def test_a_media_type_that_the_model_does_not_read_is_its_error_too(customer: Customer, doubling: str) -> None:
    with pytest.raises(ClientError) as refusal:
        customer.invoke(doubling, "1", ContentType="application/octet-stream")
    assert refusal.value.response["OriginalStatusCode"] == 415


def test_a_body_over_six_mebibytes_is_refused_and_one_of_six_is_not(customer: Customer, doubling: str) -> None:
    code, message = refused(lambda: customer.invoke(doubling, " " * (loaded_models.MAX_BYTES + 1)))
    assert code == "ValidationError"
    assert re.fullmatch(r"Request [0-9a-f-]{36} has oversize body\.", message)
    assert customer.invoke(doubling, "1" + " " * (loaded_models.MAX_BYTES - 1))["ContentType"] == "application/json"


def test_a_serverless_variant_takes_four_mebibytes(customer: Customer) -> None:
    config = customer.name("config")
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": customer.new_model(customer.doubling),
        "ServerlessConfig": {"MemorySizeInMB": 2048, "MaxConcurrency": 1},
    }
    customer.sagemaker.create_endpoint_config(EndpointConfigName=config, ProductionVariants=[variant])
    endpoint = customer.start_endpoint(config)
    customer.settled(endpoint)
    body = "1" + " " * (loaded_models.SERVERLESS_MAX_BYTES - 1)
    assert customer.invoke(endpoint, body)["ContentType"] == "application/json"
    assert "has oversize body" in refused(lambda: customer.invoke(endpoint, body + " "))[1]


def test_a_response_over_six_mebibytes_is_the_models_error(customer: Customer, doubling: str) -> None:
    with pytest.raises(ClientError) as refusal:
        customer.invoke(doubling, "\n".join(["1.25"] * 400_000))
    assert refusal.value.response["OriginalStatusCode"] == 500
    assert "more than 6,291,456" in refusal.value.response["OriginalMessage"]


def test_an_unknown_endpoint_is_a_validation_error(customer: Customer) -> None:
    assert refused(lambda: customer.invoke("never")) == (
        "ValidationError",
        "Endpoint never of account 000000000000 not found.",
    )


def test_requests_are_distributed_by_weight_or_go_to_their_target_variant(customer: Customer) -> None:
    config = customer.name("config")
    variants = [
        customer.variant("Heavy", customer.new_model(customer.doubling), weight=9),
        customer.variant("Light", customer.new_model(customer.tripling), weight=1),
        customer.variant("Off", customer.new_model(customer.tripling), weight=0),
    ]
    customer.sagemaker.create_endpoint_config(EndpointConfigName=config, ProductionVariants=variants)
    endpoint = customer.start_endpoint(config)
    customer.settled(endpoint)

    counts = Counter(customer.invoke(endpoint)["InvokedProductionVariant"] for _ in range(100))
    assert counts["Heavy"] > counts["Light"]
    assert counts["Off"] == 0
    assert customer.invoke(endpoint, TargetVariant="Off")["InvokedProductionVariant"] == "Off"
    code, message = refused(lambda: customer.invoke(endpoint, TargetVariant="None"))
    assert (code, message) == ("ValidationError", f"Variant None of endpoint {endpoint} not found.")


def test_invocations_can_be_throttled(customer: Customer, doubling: str) -> None:
    faults.set(customer.cloud, {"throttle": {"InvokeEndpoint": 1}})
    assert refused(lambda: customer.invoke(doubling))[0] == "ThrottlingException"
    assert customer.score(doubling) == 2
