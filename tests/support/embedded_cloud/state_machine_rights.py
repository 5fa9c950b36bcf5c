"""A bucket with data, and the requests and permissions of a state machine that trains and deploys."""

from __future__ import annotations

import uuid
from typing import Any

ACCOUNT, REGION = "000000000000", "us-west-2"
BUCKET = "homes"
IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"
TRAIN = "arn:aws:states:::sagemaker:createTrainingJob.sync"
DATA_RIGHTS = [
    ("s3:ListBucket", f"arn:aws:s3:::{BUCKET}"),
    ("s3:GetObject", f"arn:aws:s3:::{BUCKET}/*"),
    ("s3:PutObject", f"arn:aws:s3:::{BUCKET}/*"),
    ("logs:*", "*"),
]


def fill(s3: Any) -> None:
    """Creates the bucket with one data object."""
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket=BUCKET, Key="data/day.csv", Body="".join(f"{2 * x},{x}\n" for x in range(20)).encode())


def job_rights(role: str, kind: str = "Training") -> list[tuple[str, str]]:
    """The permissions that a state machine's role needs to run jobs with `role`; `kind` is Training or Processing."""
    jobs = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{kind.lower()}-job/*"
    rule = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/StepFunctionsGetEventsForSageMaker{kind}JobsRule"
    actions = (f"Create{kind}Job", f"Describe{kind}Job", f"Stop{kind}Job", "AddTags", "ListTags")
    rules = ((f"events:{action}", rule) for action in ("PutTargets", "PutRule", "DescribeRule"))
    return [*((f"sagemaker:{action}", jobs) for action in actions), ("iam:PassRole", role), *rules]


def job(trainer: str, **changes: Any) -> dict[str, Any]:
    """The arguments of createTrainingJob; `changes` replace members, None omits one."""
    source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/data/", "S3DataDistributionType": "FullyReplicated"}
    request = {
        "TrainingJobName": f"job-{uuid.uuid4().hex[:8]}",
        "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
        "RoleArn": trainer,
        "HyperParameters": {"predictor_type": "regressor", "mini_batch_size": "1"},
        "InputDataConfig": [
            {"ChannelName": "train", "ContentType": "text/csv", "DataSource": {"S3DataSource": source}}
        ],
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models/"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "Tags": [{"Key": "refit:pipeline", "Value": "homes"}],
    }
    return {name: value for name, value in {**request, **changes}.items() if value is not None}


def task(resource: str, arguments: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """The states of a state machine with one task, in JSONata."""
    state = {"Type": "Task", "QueryLanguage": "JSONata", "Resource": resource, "Arguments": arguments, "End": True}
    return {"Task": {**state, **fields}}


def without(rights: list[tuple[str, str]], action: str) -> list[tuple[str, str]]:
    return [right for right in rights if right[0] != action]
