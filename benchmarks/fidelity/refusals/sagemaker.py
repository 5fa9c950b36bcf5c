"""SageMaker: the service model's constraints, the rules of its documentation, and answers that users have published.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Operations.html
"""

from __future__ import annotations

from benchmarks.fidelity.refusals.refusal import ACCOUNT, BUCKET, IMAGE, NAME, REGION, ROLE, STRANGER, Refusal

INVALID, IN_USE, EXCEEDED = "ValidationException", "ResourceInUse", "ResourceLimitExceeded"
DATA = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/data/"}}
NO_DATA = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/nothing/"}}
CHANNEL = {"ChannelName": "train", "ContentType": "text/csv", "DataSource": DATA}
INSTANCES = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 1}
JOB = {
    "TrainingJobName": "refused",
    "AlgorithmSpecification": {"TrainingImage": IMAGE, "TrainingInputMode": "File"},
    "RoleArn": ROLE,
    "HyperParameters": {"predictor_type": "regressor"},
    "InputDataConfig": [CHANNEL],
    "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models/"},
    "ResourceConfig": INSTANCES,
    "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
}
CONTAINER = {"Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/model.tar.gz"}
MODEL = {"ModelName": "refused", "PrimaryContainer": CONTAINER, "ExecutionRoleArn": ROLE}
VARIANT = {"VariantName": "all", "ModelName": NAME, "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
SERVERLESS = {
    "VariantName": "all",
    "ModelName": NAME,
    "ServerlessConfig": {"MemorySizeInMB": 1024, "MaxConcurrency": 1},
}
CONFIG = {"EndpointConfigName": "refused", "ProductionVariants": [VARIANT]}
ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}"
TAGS = [{"Key": f"key-{number}", "Value": ""} for number in range(51)]


def _job(title: str, words: str, code: str = INVALID, **changes: object) -> Refusal:
    return Refusal(title, "create_training_job", {**JOB, **changes}, code, words)


def _model(title: str, words: str, **changes: object) -> Refusal:
    return Refusal(title, "create_model", {**MODEL, **changes}, INVALID, words)


def _config(title: str, words: str, *variants: object, **changes: object) -> Refusal:
    request = {**CONFIG, "ProductionVariants": list(variants) or [VARIANT], **changes}
    return Refusal(title, "create_endpoint_config", request, INVALID, words)


REFUSALS = (
    _job(
        "job name with an underscore",
        "Value 'a_b' at 'trainingJobName' failed to satisfy constraint: Member must satisfy regular expression pattern",
        TrainingJobName="a_b",
    ),
    _job("job name of 64 characters", "Member must have length less than or equal to 63", TrainingJobName="a" * 64),
    _job(
        "job without a name",
        "Value null at 'trainingJobName' failed to satisfy constraint: Member must not be null",
        TrainingJobName=None,
    ),
    _job("job without an output", "Value null at 'outputDataConfig' failed", OutputDataConfig=None),
    _job("hyperparameter of 2,501 characters", "length less than or equal to 2500", HyperParameters={"a": "1" * 2501}),
    _job(
        "101 hyperparameters",
        "Member must have length less than or equal to 100",
        HyperParameters={f"a{n}": "1" for n in range(101)},
    ),
    _job("hyperparameter that is a number", "", "SerializationException", HyperParameters={"epochs": 1}),
    _job("no instance", "", ResourceConfig={**INSTANCES, "InstanceCount": 0}),
    _job(
        "unknown instance type",
        "Member must satisfy enum value set",
        ResourceConfig={**INSTANCES, "InstanceType": "ml.huge"},
    ),
    _job("29 days", "MaxRuntimeInSeconds", StoppingCondition={"MaxRuntimeInSeconds": 29 * 86400}),
    _job(
        "spot without a wait",
        "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds",
        EnableManagedSpotTraining=True,
    ),
    _job(
        "wait without spot",
        "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true",
        StoppingCondition={"MaxRuntimeInSeconds": 60, "MaxWaitTimeInSeconds": 60},
    ),
    _job("tag key twice", "Duplicate tag key", Tags=[{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]),
    _job("tag of AWS", "System prefix 'aws:' reserved for AWS usage", Tags=[{"Key": "aws:a", "Value": "1"}]),
    _job("51 tags", "", INVALID, Tags=TAGS),
    _job("channel name twice", "Channel names must be unique", InputDataConfig=[CHANNEL, CHANNEL]),
    _job(
        "role that cannot be assumed",
        f"Could not assume role {STRANGER}. Please ensure that the role exists and allows principal "
        "'sagemaker.amazonaws.com' to assume the role",
        RoleArn=STRANGER,
    ),
    _job(
        "no data",
        f'No S3 objects found under S3 URL "s3://{BUCKET}/nothing/" given in input data source',
        InputDataConfig=[{**CHANNEL, "DataSource": NO_DATA}],
    ),
    _job(
        "job name in use",
        "Training job names must be unique within an AWS account and region",
        IN_USE,
        TrainingJobName=NAME,
    ),
    Refusal(
        "job that does not exist",
        "describe_training_job",
        {"TrainingJobName": "nothing"},
        INVALID,
        "Requested resource not found.",
    ),
    Refusal(
        "stop of a job that does not exist",
        "stop_training_job",
        {"TrainingJobName": "nothing"},
        INVALID,
        "Requested resource not found.",
    ),
    _model(
        "artifact that is no archive",
        "",
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/data/day.csv"},
    ),
    _model(
        "artifact that does not exist",
        f"Could not find model data at s3://{BUCKET}/nothing.tar.gz.",
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": f"s3://{BUCKET}/nothing.tar.gz"},
    ),
    _model("primary container and containers", "", Containers=[CONTAINER]),
    _model("model name in use", f'Cannot create already existing model "{ARN}:model/{NAME}".', ModelName=NAME),
    _model("role of the model that cannot be assumed", STRANGER, ExecutionRoleArn=STRANGER),
    Refusal(
        "model that does not exist",
        "describe_model",
        {"ModelName": "nothing"},
        INVALID,
        f'Could not find model "{ARN}:model/nothing".',
    ),
    Refusal(
        "deletion of a model that does not exist",
        "delete_model",
        {"ModelName": "nothing"},
        INVALID,
        f'Could not find model "{ARN}:model/nothing".',
    ),
    _config(
        "model of a variant that does not exist",
        f'Could not find model "{ARN}:model/nothing".',
        {**VARIANT, "ModelName": "nothing"},
    ),
    _config("variant without instances", "", {"VariantName": "all", "ModelName": NAME}),
    _config("no variants", "Member must have length greater than or equal to 1", ProductionVariants=[]),
    _config(
        "serverless variant of 1,500 MB",
        "MemorySizeInMB",
        {**SERVERLESS, "ServerlessConfig": {"MemorySizeInMB": 1500, "MaxConcurrency": 1}},
    ),
    _config("two serverless variants", "", SERVERLESS, {**SERVERLESS, "VariantName": "other"}),
    _config(
        "config name in use",
        f'Cannot create already existing endpoint configuration "{ARN}:endpoint-config/{NAME}".',
        EndpointConfigName=NAME,
    ),
    Refusal(
        "config that does not exist",
        "describe_endpoint_config",
        {"EndpointConfigName": "nothing"},
        INVALID,
        f'Could not find endpoint configuration "{ARN}:endpoint-config/nothing".',
    ),
    Refusal(
        "endpoint of a config that does not exist",
        "create_endpoint",
        {"EndpointName": "refused", "EndpointConfigName": "nothing"},
        INVALID,
        f'Could not find endpoint configuration "{ARN}:endpoint-config/nothing".',
    ),
    Refusal(
        "endpoint name in use",
        "create_endpoint",
        {"EndpointName": NAME, "EndpointConfigName": NAME},
        INVALID,
        f'Cannot create already existing endpoint "{ARN}:endpoint/{NAME}".',
    ),
    Refusal(
        "endpoint that does not exist",
        "describe_endpoint",
        {"EndpointName": "nothing"},
        INVALID,
        f'Could not find endpoint "{ARN}:endpoint/nothing".',
    ),
    Refusal(
        "update of an endpoint that does not exist",
        "update_endpoint",
        {"EndpointName": "nothing", "EndpointConfigName": NAME},
        INVALID,
        f'Could not find endpoint "{ARN}:endpoint/nothing".',
    ),
    Refusal(
        "update of an endpoint that is being created",
        "update_endpoint",
        {"EndpointName": NAME, "EndpointConfigName": NAME},
        INVALID,
        f'Cannot update in-progress endpoint "{ARN}:endpoint/{NAME}".',
    ),
    Refusal(
        "page of 101", "list_models", {"MaxResults": 101}, INVALID, "Member must have value less than or equal to 100"
    ),
    Refusal("page that does not exist", "list_models", {"NextToken": "abc"}, INVALID, "Invalid pagination token"),
    Refusal("tags of what does not exist", "list_tags", {"ResourceArn": f"{ARN}:model/nothing"}, INVALID),
)
RUNTIME_REFUSALS = (
    Refusal(
        "invocation of an endpoint that does not exist",
        "invoke_endpoint",
        {"EndpointName": "nothing", "Body": b"1"},
        "ValidationError",
        f"Endpoint nothing of account {ACCOUNT} not found.",
    ),
)
