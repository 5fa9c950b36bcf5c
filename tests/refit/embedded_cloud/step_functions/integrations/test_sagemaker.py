"""The integration sagemaker:createTrainingJob: permissions, .sync, errors and stopped jobs.

https://docs.aws.amazon.com/step-functions/latest/dg/connect-sagemaker.html
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import pytest

from refit.embedded_cloud import faults
from tests.support.embedded_cloud.state_machine_rights import DATA_RIGHTS, TRAIN, fill, job, job_rights, task, without
from tests.support.waiting import until


@pytest.fixture(scope="module")
def cloud_settings(request: pytest.FixtureRequest) -> Mapping[str, str]:
    """The settings of `refit local up`, or those that a class is parametrized with."""
    return getattr(request, "param", {})


@pytest.fixture(scope="module")
def trainer(client, role):
    fill(client("s3"))
    return role("sagemaker", *DATA_RIGHTS)


@pytest.fixture(scope="module")
def able(role, trainer):
    return role("states", *job_rights(trainer))


@pytest.fixture(scope="module")
def sagemaker(client):
    return client("sagemaker")


@pytest.fixture
def script(cloud):
    yield lambda document: faults.set(cloud, document)
    faults.clear(cloud)


@pytest.fixture(scope="module")
def statuses(sagemaker):
    """The statuses of the training jobs whose name contains `name`: one, or none before the job exists."""

    def read(name):
        jobs = sagemaker.list_training_jobs(NameContains=name)["TrainingJobSummaries"]
        return [job["TrainingJobStatus"] for job in jobs]

    return read


class TestATaskThatWaitsForATrainingJob:
    def test_trains_and_answers_with_the_event_of_the_jobs_end(self, machine, outcome, able, trainer, sagemaker):
        request = job(trainer)
        began = time.time()
        described = outcome(machine(task(TRAIN, request), able))
        assert described["status"] == "SUCCEEDED", described
        answer = json.loads(described["output"])
        assert (answer["TrainingJobName"], answer["TrainingJobStatus"]) == (request["TrainingJobName"], "Completed")
        assert answer["ModelArtifacts"]["S3ModelArtifacts"].endswith("/output/model.tar.gz")
        assert not {"FinalMetricDataList", "BillableTimeInSeconds"} & answer.keys()
        assert began - 1 < answer["CreationTime"] / 1000 < time.time()
        tags = {tag["Key"]: tag["Value"] for tag in sagemaker.list_tags(ResourceArn=answer["TrainingJobArn"])["Tags"]}
        assert answer["Tags"] == tags
        assert tags == {
            "refit:pipeline": "homes",
            "MANAGED_BY_AWS": "STARTED_BY_STEP_FUNCTIONS",
            "AWS_STEP_FUNCTIONS_EXECUTION_ARN": described["executionArn"],
        }

    def test_answers_at_once_without_sync(self, machine, outcome, able, trainer):
        request = job(trainer)
        answer = json.loads(outcome(machine(task(TRAIN.removesuffix(".sync"), request), able))["output"])
        assert answer["TrainingJobArn"].endswith(f":training-job/{request['TrainingJobName']}")
        assert answer["SdkHttpMetadata"]["HttpStatusCode"] == 200
        assert list(answer) == ["SdkHttpMetadata", "SdkResponseMetadata", "TrainingJobArn"]

    @pytest.mark.parametrize(("mode", "status"), [("fail", "Failed"), ("stop", "Stopped")])
    def test_fails_when_the_job_does_not_complete(
        self, machine, outcome, able, trainer, script, mode: str, status: str
    ):
        script({"training": mode})
        described = outcome(machine(task(TRAIN, job(trainer)), able))
        assert described["error"] == "States.TaskFailed"
        assert json.loads(described["cause"])["TrainingJobStatus"] == status

    @pytest.mark.parametrize(
        ("missing", "needed"),
        [
            ("sagemaker:CreateTrainingJob", "sagemaker:CreateTrainingJob"),
            ("iam:PassRole", "iam:PassRole"),
            ("sagemaker:AddTags", "sagemaker:AddTags"),
            ("sagemaker:DescribeTrainingJob", "sagemaker:DescribeTrainingJob"),
            ("sagemaker:ListTags", "sagemaker:ListTags"),
        ],
    )
    def test_has_the_rights_of_the_machines_role_alone(
        self, machine, outcome, role, trainer, missing: str, needed: str
    ):
        unable = role("states", *without(job_rights(trainer), missing))
        described = outcome(machine(task(TRAIN, job(trainer)), unable))
        assert described["error"] == "SageMaker.AmazonSageMakerException"
        assert f"is not authorized to perform: {needed}" in described["cause"]
        assert "Error Code: AccessDeniedException;" in described["cause"]

    def test_fails_by_the_names_of_the_integration(self, machine, outcome, able, trainer, script):
        request = job(trainer)
        assert outcome(machine(task(TRAIN, request), able))["status"] == "SUCCEEDED"
        taken = outcome(machine(task(TRAIN, request), able))
        assert taken["error"] == "SageMaker.ResourceInUseException"
        assert "must be unique within an AWS account" in taken["cause"]
        refused = outcome(machine(task(TRAIN, job(trainer, StoppingCondition={"MaxRuntimeInSeconds": 0})), able))
        assert refused["error"] == "SageMaker.AmazonSageMakerException"
        assert "Error Code: ValidationException" in refused["cause"]
        script({"throttle": {"CreateTrainingJob": 1}})
        throttled = outcome(machine(task(TRAIN, job(trainer)), able))
        assert throttled["error"] == "SageMaker.AmazonSageMakerException"
        assert "Error Code: ThrottlingException" in throttled["cause"]

    def test_is_not_sent_without_what_the_operation_needs(self, machine, outcome, able, trainer):
        catch = [{"ErrorEquals": ["States.ALL"], "Next": "Task"}]
        given = task(TRAIN, "{% $states.input %}", Catch=catch)
        described = outcome(machine(given, able), job(trainer, RoleArn=None))
        assert described["error"] == "States.Runtime"
        assert "could not be used to start the Task: [The field 'RoleArn' is required but" in described["cause"]

    def test_stops_the_job_when_its_time_is_up(self, machine, outcome, able, trainer, statuses, script):
        script({"training": "hang"})
        request = job(trainer)
        described = outcome(machine(task(TRAIN, request, TimeoutSeconds=1), able))
        assert described["error"] == "States.Timeout"
        until(lambda: statuses(request["TrainingJobName"]) == ["Stopped"])

    def test_stops_the_job_when_the_execution_is_stopped(self, sfn, machine, able, trainer, statuses, script):
        script({"training": "hang"})
        request = job(trainer)
        name, retry = request["TrainingJobName"], [{"ErrorEquals": ["States.ALL"]}]
        arn = sfn.start_execution(stateMachineArn=machine(task(TRAIN, request, Retry=retry), able))["executionArn"]
        until(lambda: statuses(name))
        sfn.stop_execution(executionArn=arn)
        until(lambda: statuses(name) == ["Stopped"])
        assert sfn.describe_execution(executionArn=arn)["status"] == "ABORTED"

    def test_stops_the_job_when_the_executions_time_is_up(self, sfn, machine, ended, able, trainer, statuses, script):
        script({"training": "hang"})
        request = job(trainer)
        arn = sfn.start_execution(stateMachineArn=machine(task(TRAIN, request), able, TimeoutSeconds=5))["executionArn"]
        assert ended(arn)["status"] == "TIMED_OUT"
        until(lambda: statuses(request["TrainingJobName"]) == ["Stopped"])

    def test_does_not_keep_others_from_the_cloud(self, sfn, cloud, machine, ended, able, trainer, script, statuses):
        script({"training": "hang"})
        request = job(trainer)
        arn = sfn.start_execution(stateMachineArn=machine(task(TRAIN, request), able))["executionArn"]
        until(lambda: statuses(request["TrainingJobName"]))
        assert sfn.describe_execution(executionArn=arn)["status"] == "RUNNING"
        faults.clear(cloud)
        assert ended(arn)["status"] == "SUCCEEDED"


class TestAStateMachineThatWaitsForTrainingJobs:
    """https://docs.aws.amazon.com/step-functions/latest/dg/sagemaker-iam.html"""

    @pytest.mark.parametrize("missing", ["events:PutTargets", "events:PutRule", "events:DescribeRule"])
    def test_is_not_made_with_a_role_that_may_not_make_the_rule(self, sfn, role, trainer, able, refused, missing: str):
        unable = role("states", *without(job_rights(trainer), missing))
        definition = json.dumps({"StartAt": "Task", "States": task(TRAIN, job(trainer))})
        expected = ("AccessDeniedException", f"'{unable}' is not authorized to create managed-rule.")
        name = f"waits-{missing.partition(':')[2]}"
        assert refused(sfn.create_state_machine, name=name, definition=definition, roleArn=unable) == expected
        arn = sfn.create_state_machine(name=name, definition=definition, roleArn=able)["stateMachineArn"]
        assert refused(sfn.update_state_machine, stateMachineArn=arn, roleArn=unable) == expected


@pytest.mark.parametrize("cloud_settings", [{"REFIT_LOCAL_STOPPED_JOBS": "succeed"}], indirect=True, scope="module")
class TestWhereAStoppedJobSucceeds:
    """AWS does not document whether a stopped training job fails the task, so the cloud has a setting for it."""

    def test_a_stopped_job_succeeds_with_its_event(self, machine, outcome, able, trainer, script):
        script({"training": "stop"})
        described = outcome(machine(task(TRAIN, job(trainer)), able))
        assert json.loads(described["output"])["TrainingJobStatus"] == "Stopped"

    def test_a_failed_job_still_fails_the_task(self, machine, outcome, able, trainer, script):
        script({"training": "fail"})
        assert outcome(machine(task(TRAIN, job(trainer)), able))["error"] == "States.TaskFailed"
