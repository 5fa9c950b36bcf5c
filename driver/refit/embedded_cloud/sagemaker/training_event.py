"""The detail of EventBridge's event "SageMaker Training Job State Change". Pure.

Step Functions waits for this event with `createTrainingJob.sync`, and returns its detail as the result of the task, or
as the Cause of its failure. It is not DescribeTrainingJob's response: it has neither FinalMetricDataList nor
BillableTimeInSeconds, its tags are an object, and its times are milliseconds since 1970.

https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-training
"""

from __future__ import annotations

from refit.embedded_cloud.sagemaker import training_statuses
from refit.embedded_cloud.sagemaker.resources import Json, TrainingJob, milliseconds

REQUEST_MEMBERS = (
    "HyperParameters",
    "RoleArn",
    "InputDataConfig",
    "OutputDataConfig",
    "ResourceConfig",
    "VpcConfig",
    "StoppingCondition",
)
"""The members of the request that the event repeats unchanged. AWS's schema of the event has no others."""
ALGORITHM_MEMBERS = ("TrainingImage", "TrainingInputMode")


def sync_tags(execution_arn: str) -> list[Json]:
    """The tags that Step Functions adds to a job that it waits for, which is why its role needs sagemaker:AddTags."""
    return [
        {"Key": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS"},
        {"Key": "AWS_STEP_FUNCTIONS_EXECUTION_ARN", "Value": execution_arn},
    ]


def detail(job: TrainingJob) -> Json:
    """The detail of the event that SageMaker sends when `job` has entered its current status."""
    request = job.request
    algorithm = request.get("AlgorithmSpecification", {})
    found = {
        "TrainingJobName": job.name,
        "TrainingJobArn": job.arn,
        "TrainingJobStatus": training_statuses.primary(job),
        "SecondaryStatus": job.secondary,
        "FailureReason": job.failure_reason or None,
        "AlgorithmSpecification": {name: algorithm[name] for name in ALGORITHM_MEMBERS if name in algorithm},
        **{name: request.get(name) for name in REQUEST_MEMBERS},
        "ModelArtifacts": {"S3ModelArtifacts": job.artifacts} if job.artifacts else None,
        "CreationTime": milliseconds(job.created),
        "TrainingStartTime": milliseconds(job.started),
        "TrainingEndTime": milliseconds(job.ended),
        "LastModifiedTime": milliseconds(job.modified),
        "SecondaryStatusTransitions": [_transition(each) for each in job.transitions],
        "Tags": {tag["Key"]: tag["Value"] for tag in job.tags},
    }
    return {name: value for name, value in found.items() if value is not None}


def _transition(transition: Json) -> Json:
    times = ("StartTime", "EndTime")
    return {name: milliseconds(value) if name in times else value for name, value in transition.items()}
