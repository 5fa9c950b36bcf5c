"""Own images in script mode: a program trains, tells its metrics, fails with its own words, and serves."""

from __future__ import annotations

import io
import json
import os
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.embedded_cloud.customer import BUCKET, LEAST_PRIVILEGE, Customer, channel, needs_proc, refused, until
from tests.support.embedded_cloud.programs import (
    IMAGE,
    alive,
    children,
    hyperparameters,
    new_config,
    new_model,
    put_source,
)

METRICS = [{"Name": "validation:mse", "Regex": "validation:mse=([0-9.]+)"}, {"Name": "rows", "Regex": "(\\d+) rows"}]
MEAN = """
import argparse, json, os, sys
from pathlib import Path

def labels(channel):
    files = sorted(Path(os.environ["SM_CHANNEL_" + channel]).rglob("*.csv"))
    return [float(line.split(",")[0]) for file in files for line in file.read_text().splitlines()]

def model_fn(model_dir):
    return json.loads(Path(model_dir, "mean.json").read_text())

def predict_fn(rows, model):
    return {"predictions": [{"score": model} for _ in rows.reshape(-1)]}

if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--shift", type=float)
    shift = options.parse_args().shift
    train = labels("TRAIN")
    mean = sum(train) / len(train) + shift
    print(f"{len(train)} rows, validation:mse=99", file=sys.stderr)
    Path(os.environ["SM_MODEL_DIR"], "mean.json").write_text(json.dumps(mean))
    Path(os.environ["SM_OUTPUT_DATA_DIR"], "notes.txt").write_text(os.environ["COLOUR"])
    held_out = labels("VALIDATION")
    print(f"validation:mse={sum((label - mean) ** 2 for label in held_out) / len(held_out)}")
"""
FAILING = (
    "import sys\nprint('starting')\nprint('reading the data', file=sys.stderr)\nraise ValueError('no weights today')\n"
)


def start(customer: Customer, source: str, **changes: Any) -> str:
    """A job of three channels: one object, a manifest, and a prefix."""
    customer.put("3,1\n5,1\n", "days/1/a.csv")
    customer.put("7,1\n", "days/2/b.csv")
    manifest = customer.put_manifest({"prefix": f"s3://{BUCKET}/days/"}, "1/a.csv", "2/b.csv")
    given = hyperparameters(source) | {"shift": "1"}
    request = {
        "AlgorithmSpecification": {
            "TrainingImage": IMAGE,
            "TrainingInputMode": "File",
            "MetricDefinitions": METRICS,
        },
        "HyperParameters": given | changes.pop("HyperParameters", {}),
        "Environment": {"COLOUR": "red"},
        "InputDataConfig": [
            channel("train", manifest, "ManifestFile"),
            channel("validation", customer.put("6,1\n8,1\n"), "S3Prefix"),
        ],
    }
    return customer.start_job(manifest, **(request | changes))


def train(customer: Customer, program: str, **changes: Any) -> dict[str, Any]:
    return customer.finished(start(customer, put_source(customer, program), **changes))


def lines(customer: Customer, job: str) -> list[str]:
    events = customer.logs.get_log_events(logGroupName="/aws/sagemaker/TrainingJobs", logStreamName=f"{job}/algo-1")
    return [event["message"] for event in events["events"]]


def unpacked(customer: Customer, uri: str) -> dict[str, str]:
    body = customer.s3.get_object(Bucket=BUCKET, Key=uri.removeprefix(f"s3://{BUCKET}/"))["Body"].read()
    with tarfile.open(fileobj=io.BytesIO(body)) as tar:
        return {name: tar.extractfile(name).read().decode() for name in tar.getnames()}  # type: ignore[union-attr]


def test_a_program_trains_on_its_channels_and_leaves_a_model(customer: Customer) -> None:
    job = train(customer, MEAN)
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    artifact = job["ModelArtifacts"]["S3ModelArtifacts"]
    assert unpacked(customer, artifact) == {"mean.json": "6.0"}
    assert unpacked(customer, artifact.replace("model.tar.gz", "output.tar.gz")) == {"notes.txt": "red"}
    assert "Invoking script with the following command: python train.py --shift 1" in lines(
        customer, job["TrainingJobName"]
    )


def test_the_last_metrics_in_its_log_are_the_jobs(customer: Customer) -> None:
    job = train(customer, MEAN)
    found = {metric["MetricName"]: metric["Value"] for metric in job["FinalMetricDataList"]}
    assert found == {"validation:mse": 2.0, "rows": 3.0}
    assert job["AlgorithmSpecification"]["MetricDefinitions"] == METRICS


def test_a_program_that_fails_fails_the_job_in_its_own_words(customer: Customer) -> None:
    job = train(customer, FAILING)
    assert (job["TrainingJobStatus"], job["SecondaryStatusTransitions"][-2]["Status"]) == ("Failed", "Training")
    reason = job["FailureReason"]
    assert reason.startswith('AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "reading the data\n')
    assert "ValueError: no weights today" in reason
    assert reason.endswith('Command "python train.py --shift 1"')
    assert {"starting", "ValueError: no weights today"} < set(lines(customer, job["TrainingJobName"]))


def test_a_long_lament_keeps_its_end_and_the_command(customer: Customer) -> None:
    job = train(customer, "import sys\nfor n in range(2000): print('line', n, file=sys.stderr)\nsys.exit(9)\n")
    assert "ExitCode 9" in job["FailureReason"]
    assert 'line 1999"' in job["FailureReason"]
    assert job["FailureReason"].endswith('Command "python train.py --shift 1"')
    assert len([line for line in lines(customer, job["TrainingJobName"]) if line.startswith("line ")]) == 2000


def test_a_source_that_the_role_may_not_read_fails_the_job(customer: Customer) -> None:
    secret = put_source(customer, MEAN, f"secret/{customer.name('source')}.tar.gz")
    denied = {"Effect": "Deny", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/secret/*"}
    job = customer.finished(start(customer, secret, RoleArn=customer.new_role([*LEAST_PRIVILEGE, denied])))
    assert f"ClientError: Data download failed:Unable to download object {secret} (AccessDenied" in job["FailureReason"]


def test_a_source_without_the_program_fails_the_job(customer: Customer) -> None:
    source = put_source(customer, MEAN)
    job = customer.finished(start(customer, source, HyperParameters={"sagemaker_program": "fit.py"}))
    assert job["FailureReason"] == f"ClientError: {source} holds no fit.py"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"HyperParameters": {"depth": "3"}}, "cannot run the image"),
        ({"HyperParameters": {"depth": "3"}}, "write training.source in the pipeline file"),
        ({"HyperParameters": {"sagemaker_program": "train.py"}}, "there is no sagemaker_submit_directory"),
        ({"EnableNetworkIsolation": True}, "keeps the container from S3"),
        (
            {
                "AlgorithmSpecification": {
                    "TrainingImage": IMAGE,
                    "TrainingInputMode": "File",
                    "MetricDefinitions": [{"Name": "mse", "Regex": "mse=("}],
                }
            },
            "the regular expression of the metric mse cannot be read",
        ),
    ],
)
def test_a_job_that_cannot_run_here_is_refused(customer: Customer, changes: dict[str, Any], expected: str) -> None:
    algorithm = {"TrainingImage": IMAGE, "TrainingInputMode": "File"}
    given = hyperparameters(f"s3://{BUCKET}/code.tar.gz")
    request = {"AlgorithmSpecification": algorithm, "HyperParameters": given} | changes
    code, message = refused(lambda: customer.start_job(customer.put("1,2\n"), **request))
    assert code == "ValidationException"
    assert expected in message


def test_a_built_in_algorithm_brings_its_own_metrics(customer: Customer) -> None:
    algorithm = {
        "TrainingImage": "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1",
        "TrainingInputMode": "File",
        "MetricDefinitions": METRICS,
    }
    _, message = refused(lambda: customer.start_job(customer.put("1,2\n"), AlgorithmSpecification=algorithm))
    assert message.startswith("You can't override the metric definitions for Amazon SageMaker algorithms.")


@needs_proc
def test_stopping_a_job_ends_its_program(customer: Customer) -> None:
    name = start(customer, put_source(customer, "import os, time\nprint('pid', os.getpid())\ntime.sleep(600)\n"))
    customer.reached(name, "Training")
    (trainer,) = until(customer.training_processes, bool)
    program = until(lambda: children(trainer), bool)
    customer.sagemaker.stop_training_job(TrainingJobName=name)
    assert customer.finished(name)["TrainingJobStatus"] == "Stopped"
    until(lambda: [pid for pid in program if Path(f"/proc/{pid}").exists()], lambda left: not left)


@pytest.fixture(scope="module")
def mean(account: Customer) -> tuple[str, str]:
    """The artifact of a model that answers 6, and its source."""
    source = put_source(account, MEAN)
    job = account.finished(start(account, source))
    return job["ModelArtifacts"]["S3ModelArtifacts"], source


def test_a_model_is_served_by_its_program_in_a_process_of_its_own(customer: Customer, mean: tuple[str, str]) -> None:
    name = customer.start_endpoint(new_config(customer, new_model(customer, *mean)))
    assert customer.settled(name)["EndpointStatus"] == "InService"
    answer = customer.ask(name, "1\n2\n", Accept="application/json")
    assert answer["ContentType"] == "application/json"
    assert json.loads(answer["Body"]) == {"predictions": [{"score": 6.0}, {"score": 6.0}]}
    with pytest.raises(customer.runtime.exceptions.ModelError) as refusal:
        customer.ask(name, "not a number,1\n1,1")
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


def test_a_source_that_is_gone_fails_the_endpoint(customer: Customer, mean: tuple[str, str]) -> None:
    gone = f"s3://{BUCKET}/code/gone.tar.gz"
    failed = customer.settled(customer.start_endpoint(new_config(customer, new_model(customer, mean[0], gone))))
    assert failed["EndpointStatus"] == "Failed"
    assert f"Unable to download object {gone} (NoSuchKey" in failed["FailureReason"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"container": {"Environment": {}}}, "cannot run the image"),
        ({"container": {"Environment": {"SAGEMAKER_PROGRAM": "a.py"}}}, "there is no SAGEMAKER_SUBMIT_DIRECTORY"),
        ({"EnableNetworkIsolation": True}, "keeps the container from S3"),
    ],
)
def test_a_model_that_cannot_be_served_here_is_refused(
    customer: Customer, mean: tuple[str, str], changes: dict[str, Any], expected: str
) -> None:
    code, message = refused(lambda: new_model(customer, *mean, **changes))
    assert code == "ValidationException"
    assert expected in message
