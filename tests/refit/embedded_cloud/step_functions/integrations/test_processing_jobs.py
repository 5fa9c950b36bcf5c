"""The integration sagemaker:createProcessingJob: permissions, .sync, errors and stopped jobs.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
"""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pytest

from refit.embedded_cloud import faults
from tests.support.embedded_cloud import processing
from tests.support.embedded_cloud.state_machine_rights import BUCKET, DATA_RIGHTS, fill, job_rights, task, without
from tests.support.waiting import until

PROCESS = "arn:aws:states:::sagemaker:createProcessingJob.sync"
SDK = "arn:aws:states:::aws-sdk:sagemaker:"
PROGRAM = """
import sys
from pathlib import Path
Path(sys.argv[2]).write_text("row 7")
raise SystemExit(int(sys.argv[1]))
"""


@pytest.fixture(scope="module")
def checker(client, role):
    fill(client("s3"))
    client("s3").put_object(Bucket=BUCKET, Key="code/check.py", Body=PROGRAM.encode())
    return role("sagemaker", *DATA_RIGHTS)


@pytest.fixture(scope="module")
def able(role, checker):
    return role("states", *job_rights(checker, "Processing"))


@pytest.fixture(scope="module")
def sagemaker(client):
    return client("sagemaker")


@pytest.fixture
def script(cloud):
    yield lambda document: faults.set(cloud, document)
    faults.clear(cloud)


def job(checker: str, status: int = 0, **changes: Any) -> dict[str, Any]:
    """The arguments of createProcessingJob: a program that leaves an exit message and ends with `status`."""
    name, code = f"check-{uuid.uuid4().hex[:8]}", f"s3://{BUCKET}/code/check.py"
    return processing.request(name, checker, code, arguments=[str(status), "/opt/ml/output/message"], **changes)


def statuses(sagemaker, name: str) -> list[str]:
    jobs = sagemaker.list_processing_jobs(NameContains=name)["ProcessingJobSummaries"]
    return [job["ProcessingJobStatus"] for job in jobs]


class TestATaskThatWaitsForAProcessingJob:
    def test_answers_with_the_event_of_the_jobs_end(self, machine, outcome, able, checker, sagemaker):
        request = job(checker, Environment={"COLOUR": "red"}, Tags=[{"Key": "refit:pipeline", "Value": "homes"}])
        began = time.time()
        described = outcome(machine(task(PROCESS, request), able))
        assert described["status"] == "SUCCEEDED", described
        answer = json.loads(described["output"])
        name = request["ProcessingJobName"]
        assert (answer["ProcessingJobName"], answer["ProcessingJobStatus"]) == (name, "Completed")
        assert answer["AppSpecification"] == request["AppSpecification"]
        assert began - 1 < answer["CreationTime"] / 1000 < answer["ProcessingEndTime"] / 1000 < time.time()
        assert not {"Environment", "ExitMessage", "Tags"} & answer.keys()
        assert sagemaker.describe_processing_job(ProcessingJobName=name)["ExitMessage"] == "row 7"
        tags = {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=answer["ProcessingJobArn"])["Tags"]}
        assert tags == {
            "refit:pipeline": "homes",
            "MANAGED_BY_AWS": "STARTED_BY_STEP_FUNCTIONS",
            "AWS_STEP_FUNCTIONS_EXECUTION_ARN": described["executionArn"],
        }

    def test_answers_at_once_without_sync(self, machine, outcome, able, checker):
        request = job(checker)
        answer = json.loads(outcome(machine(task(PROCESS.removesuffix(".sync"), request), able))["output"])
        assert answer["ProcessingJobArn"].endswith(f":processing-job/{request['ProcessingJobName']}")
        assert list(answer) == ["ProcessingJobArn", "SdkHttpMetadata", "SdkResponseMetadata"]

    def test_fails_when_the_program_fails(self, machine, outcome, able, checker):
        described = outcome(machine(task(PROCESS, job(checker, status=3)), able))
        assert described["error"] == "States.TaskFailed"
        cause = json.loads(described["cause"])
        assert (cause["ProcessingJobStatus"], cause["FailureReason"]) == ("Failed", "AlgorithmError: , exit code: 3")

    def test_fails_when_the_job_is_stopped(self, machine, outcome, able, checker, script):
        script({"processing": "stop"})
        described = outcome(machine(task(PROCESS, job(checker)), able))
        assert described["error"] == "States.TaskFailed"
        assert json.loads(described["cause"])["ProcessingJobStatus"] == "Stopped"

    @pytest.mark.parametrize(
        "missing",
        [
            "sagemaker:CreateProcessingJob",
            "iam:PassRole",
            "sagemaker:AddTags",
            "sagemaker:DescribeProcessingJob",
            "sagemaker:ListTags",
        ],
    )
    def test_has_the_rights_of_the_machines_role_alone(self, machine, outcome, role, checker, missing: str):
        unable = role("states", *without(job_rights(checker, "Processing"), missing))
        described = outcome(machine(task(PROCESS, job(checker)), unable))
        assert described["error"] == "SageMaker.AmazonSageMakerException"
        assert f"is not authorized to perform: {missing}" in described["cause"]

    def test_fails_by_the_names_of_the_integration(self, machine, outcome, able, checker):
        request = job(checker)
        assert outcome(machine(task(PROCESS, request), able))["status"] == "SUCCEEDED"
        taken = outcome(machine(task(PROCESS, request), able))
        assert taken["error"] == "SageMaker.ResourceInUseException"
        refused = outcome(machine(task(PROCESS, job(checker, StoppingCondition={"MaxRuntimeInSeconds": 0})), able))
        assert refused["error"] == "SageMaker.AmazonSageMakerException"
        assert "Error Code: ValidationException" in refused["cause"]

    def test_stops_the_job_when_its_time_is_up(self, machine, outcome, able, checker, sagemaker, script):
        script({"processing": "hang"})
        request = job(checker)
        described = outcome(machine(task(PROCESS, request, TimeoutSeconds=1), able))
        assert described["error"] == "States.Timeout"
        until(lambda: statuses(sagemaker, request["ProcessingJobName"]) == ["Stopped"])

    def test_stops_the_job_when_the_execution_is_stopped(self, sfn, machine, able, checker, sagemaker, script):
        script({"processing": "hang"})
        request = job(checker)
        arn = sfn.start_execution(stateMachineArn=machine(task(PROCESS, request), able))["executionArn"]
        until(lambda: statuses(sagemaker, request["ProcessingJobName"]))
        sfn.stop_execution(executionArn=arn)
        until(lambda: statuses(sagemaker, request["ProcessingJobName"]) == ["Stopped"])
        assert sfn.describe_execution(executionArn=arn)["status"] == "ABORTED"


class TestTheSdkIntegration:
    def test_creates_and_describes_with_the_sdks_names(self, machine, outcome, able, checker, sagemaker):
        request = job(checker)
        created = outcome(machine(task(f"{SDK}createProcessingJob", request), able))
        assert list(json.loads(created["output"])) == ["ProcessingJobArn"]
        name = request["ProcessingJobName"]
        until(lambda: statuses(sagemaker, name) == ["Completed"])
        described = outcome(machine(task(f"{SDK}describeProcessingJob", {"ProcessingJobName": name}), able))
        answer = json.loads(described["output"])
        assert (answer["ExitMessage"], answer["ProcessingEndTime"][-1]) == ("row 7", "Z")

    def test_fails_by_the_sdks_names(self, machine, outcome, able):
        described = outcome(machine(task(f"{SDK}describeProcessingJob", {"ProcessingJobName": "never"}), able))
        assert described["error"] == "SageMaker.SageMakerException"
        assert described["cause"].startswith("Could not find requested job with name: never")


@pytest.mark.parametrize("missing", ["events:PutTargets", "events:PutRule", "events:DescribeRule"])
def test_a_state_machine_needs_the_rule_of_processing_jobs(sfn, role, checker, able, refused, missing: str):
    """https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html"""
    unable = role("states", *without(job_rights(checker, "Processing"), missing))
    definition = json.dumps({"StartAt": "Task", "States": task(PROCESS, job(checker))})
    expected = ("AccessDeniedException", f"'{unable}' is not authorized to create managed-rule.")
    name = f"processes-{missing.partition(':')[2]}"
    assert refused(sfn.create_state_machine, name=name, definition=definition, roleArn=unable) == expected
    arn = sfn.create_state_machine(name=name, definition=definition, roleArn=able)["stateMachineArn"]
    assert refused(sfn.update_state_machine, stateMachineArn=arn, roleArn=unable) == expected
