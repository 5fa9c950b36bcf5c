"""Script mode: a program serves its model in its own process."""

from __future__ import annotations

import gzip
import json
import os
import tarfile
from typing import Any

import pytest

from refit.embedded_cloud.instance import artifact as artifact_of_cloud
from tests.support.embedded_cloud.customer import BUCKET, Customer, refused
from tests.support.embedded_cloud.programs import (
    MEAN,
    alive,
    new_config,
    new_model,
    put_source,
    start,
)
from tests.support.waiting import until


@pytest.fixture(scope="module")
def mean(account: Customer) -> tuple[str, str]:
    """The artifact of a model that always predicts 6, and its source."""
    source = put_source(account, MEAN)
    job = account.finished(start(account, source))
    return job["ModelArtifacts"]["S3ModelArtifacts"], source


def test_a_model_is_served_by_its_program_in_a_process_of_its_own(customer: Customer, mean: tuple[str, str]) -> None:
    name = customer.start_endpoint(new_config(customer, new_model(customer, *mean)))
    assert customer.settled(name)["EndpointStatus"] == "InService"
    answer = customer.invoke(name, "1\n2", Accept="application/json")
    assert answer["ContentType"] == "application/json"
    assert json.loads(answer["Body"]) == {"predictions": [{"score": 6.0}, {"score": 6.0}]}
    with pytest.raises(customer.runtime.exceptions.ModelError) as refusal:
        customer.invoke(name, "not a number,1\n1,1")
    error = refusal.value.response
    assert error["OriginalStatusCode"] == 500
    assert 'Received server error (500) from primary with message "ValueError' in error["Error"]["Message"]


def test_another_program_takes_over_and_its_process_goes(customer: Customer, mean: tuple[str, str]) -> None:
    telling = MEAN.replace('"score": model}', '"score": os.getpid()}')
    name = customer.start_endpoint(new_config(customer, new_model(customer, mean[0], put_source(customer, telling))))
    customer.settled(name)
    pid = int(customer.score(name))
    assert pid not in (0, customer.cloud.pid, os.getpid())
    customer.update(name, new_config(customer, new_model(customer, *mean)))
    customer.settled(name)
    until(lambda: customer.score(name), lambda score: score == 6)
    until(lambda: alive(pid), lambda running: not running)
    customer.sagemaker.delete_endpoint(EndpointName=name)


def test_a_program_that_cannot_load_the_model_rolls_the_update_back(customer: Customer, mean: tuple[str, str]) -> None:
    name = customer.start_endpoint(new_config(customer, new_model(customer, *mean)))
    old = customer.settled(name)["EndpointConfigName"]
    broken = put_source(customer, "def model_fn(model_dir): raise OSError('no weights')\n")
    customer.update(name, new_config(customer, new_model(customer, mean[0], broken)))
    found = customer.settled(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", old)
    assert "AllTraffic did not pass the ping health check" in found["FailureReason"]
    assert "train.py: OSError: no weights" in found["FailureReason"]
    assert customer.score(name) == 6


def test_an_image_whose_ping_ignores_the_model_comes_into_service_and_fails_every_request(
    customer: Customer, mean: tuple[str, str]
) -> None:
    """https://github.com/aws/deep-learning-containers/issues/2917"""
    name = customer.start_endpoint(new_config(customer, new_model(customer, *mean)))
    customer.settled(name)
    broken = put_source(customer, "def model_fn(model_dir): raise OSError('no weights')\n")
    image = {"Image": "763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-inference:2.3-cpu-py311"}
    config = new_config(customer, new_model(customer, mean[0], broken, container=image))
    customer.update(name, config)
    found = customer.settled(name)
    assert (found["EndpointStatus"], found["EndpointConfigName"]) == ("InService", config)
    with pytest.raises(customer.runtime.exceptions.ModelError) as refusal:
        customer.invoke(name, "1")
    assert refusal.value.response["OriginalStatusCode"] == 500
    assert refusal.value.response["OriginalMessage"] == "the model was not loaded: train.py: OSError: no weights"


def test_a_content_type_that_is_no_header_is_the_models_error(customer: Customer, mean: tuple[str, str]) -> None:
    program = MEAN.replace(
        "if __name__", "def output_fn(score, accept):\n    return 'x', 'text/\\n\u00fc'\n\nif __name__"
    )
    name = customer.start_endpoint(new_config(customer, new_model(customer, mean[0], put_source(customer, program))))
    customer.settled(name)
    with pytest.raises(customer.runtime.exceptions.ModelError) as refusal:
        customer.invoke(name, "1")
    assert refusal.value.response["OriginalMessage"] == "the response's content type cannot be sent: 'text/\\n\u00fc'"


def test_a_model_over_the_limit_fails_the_endpoint(customer: Customer, mean: tuple[str, str]) -> None:
    entry = tarfile.TarInfo("zeros")
    entry.size = artifact_of_cloud.MAX_BYTES + 1
    artifact = customer.put(gzip.compress(entry.tobuf()), "models/large.tar.gz")
    name = customer.start_endpoint(new_config(customer, new_model(customer, artifact, mean[1])))
    found = customer.settled(name)
    assert found["EndpointStatus"] == "Failed"
    assert "the model is larger than 1,073,741,824 bytes" in found["FailureReason"]


def test_a_source_that_is_gone_fails_the_endpoint(customer: Customer, mean: tuple[str, str]) -> None:
    gone = f"s3://{BUCKET}/code/gone.tar.gz"
    failed = customer.settled(customer.start_endpoint(new_config(customer, new_model(customer, mean[0], gone))))
    assert failed["EndpointStatus"] == "Failed"
    assert f"Unable to download object {gone} (NoSuchKey" in failed["FailureReason"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"container": {"Environment": {}}}, "cannot run the image"),
        ({"container": {"Environment": {"SAGEMAKER_PROGRAM": "a.py"}}}, "SAGEMAKER_SUBMIT_DIRECTORY is missing"),
        ({"EnableNetworkIsolation": True}, "would prevent the container from downloading its code"),
    ],
)
def test_a_model_that_cannot_be_served_here_is_refused(
    customer: Customer, mean: tuple[str, str], changes: dict[str, Any], expected: str
) -> None:
    code, message = refused(lambda: new_model(customer, *mean, **changes))
    assert code == "ValidationException"
    assert expected in message
