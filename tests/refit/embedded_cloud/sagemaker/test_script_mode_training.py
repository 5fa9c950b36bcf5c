"""Script mode: a program trains, reports its metrics, and fails with its own message."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.embedded_cloud.customer import BUCKET, LEAST_PRIVILEGE, Customer, channel, needs_proc, refused
from tests.support.embedded_cloud.programs import (
    IMAGE,
    MEAN,
    METRICS,
    children,
    hyperparameters,
    put_source,
    start,
)
from tests.support.waiting import until

FAILING = (
    "import sys\nprint('starting')\nprint('reading the data', file=sys.stderr)\nraise ValueError('no weights today')\n"
)


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


def test_objects_of_a_manifest_are_found_only_by_walking_the_channels_folder(customer: Customer) -> None:
    """The manifest's prefix is part of the path: https://github.com/aws/sagemaker-python-sdk/issues/723"""
    listing = """
import os
from pathlib import Path
for channel in ("TRAIN", "VALIDATION"):
    folder = Path(os.environ["SM_CHANNEL_" + channel])
    print(channel, sorted(os.listdir(folder)), sorted(str(file.relative_to(folder)) for file in folder.rglob("*.csv")))
"""
    job = train(customer, listing)
    printed = [line for line in lines(customer, job["TrainingJobName"]) if line.startswith(("TRAIN", "VALIDATION"))]
    day = printed[1].split("'")[1]
    assert printed == [
        "TRAIN ['days'] ['days/1/a.csv', 'days/2/b.csv']",
        f"VALIDATION ['{day}'] ['{day}']",
    ]
    assert day.startswith("day-")


READS_FAST_FILES = """
import json, os, stat
from pathlib import Path
folder = Path(os.environ["SM_CHANNEL_TRAIN"])
modes = {oct(stat.S_IMODE(path.stat().st_mode)) for path in (folder, *folder.rglob("*"))}
described = json.loads(os.environ["SM_INPUT_DATA_CONFIG"])
written = json.loads(Path(os.environ["SM_INPUT_CONFIG_DIR"], "inputdataconfig.json").read_text())
print("FOUND", sorted(modes), described["train"], written == described)
"""


def test_a_program_knows_the_format_of_its_channels_and_cannot_change_fast_files(customer: Customer) -> None:
    uri = customer.put("3,1\n", "fast/1/a.parquet")
    fast = channel("train", uri.removesuffix("1/a.parquet"), "S3Prefix") | {
        "ContentType": "application/x-parquet",
        "InputMode": "FastFile",
    }
    job = train(customer, READS_FAST_FILES, InputDataConfig=[fast])
    assert job["TrainingJobStatus"] == "Completed", job.get("FailureReason")
    (printed,) = [line for line in lines(customer, job["TrainingJobName"]) if line.startswith("FOUND")]
    described = {
        "ContentType": "application/x-parquet",
        "RecordWrapperType": "None",
        "S3DistributionType": "FullyReplicated",
        "TrainingInputMode": "FastFile",
    }
    assert printed == f"FOUND ['0o444', '0o555'] {described} True"


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


def test_a_long_error_keeps_its_end_and_the_command(customer: Customer) -> None:
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
    assert job["FailureReason"] == f"ClientError: {source} does not contain fit.py"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"HyperParameters": {"depth": "3"}}, "cannot run the image"),
        ({"HyperParameters": {"depth": "3"}}, "set training.source in the pipeline file"),
        ({"HyperParameters": {"sagemaker_program": "train.py"}}, "sagemaker_submit_directory is missing"),
        ({"EnableNetworkIsolation": True}, "would prevent the container from downloading its code"),
        (
            {
                "AlgorithmSpecification": {
                    "TrainingImage": IMAGE,
                    "TrainingInputMode": "File",
                    "MetricDefinitions": [{"Name": "mse", "Regex": "mse=("}],
                }
            },
            "the regular expression of the metric mse is invalid",
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
    (trainer,) = until(customer.job_processes, bool)
    program = until(lambda: children(trainer), bool)
    customer.sagemaker.stop_training_job(TrainingJobName=name)
    assert customer.finished(name)["TrainingJobStatus"] == "Stopped"
    until(lambda: [pid for pid in program if Path(f"/proc/{pid}").exists()], lambda left: not left)
