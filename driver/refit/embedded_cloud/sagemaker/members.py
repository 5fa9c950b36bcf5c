"""The members of requests: those that the embedded cloud emulates, and those that it only stores and returns.

All others are rejected: whoever sets them would get something else on AWS. docs/embedded-cloud.md is generated from
these tables.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from refit.embedded_cloud.aws_json import validation
from refit.embedded_cloud.sagemaker.errors import invalid

EMULATED: Mapping[str, tuple[str, ...]] = {
    "CreateTrainingJobRequest": (
        "TrainingJobName",
        "HyperParameters",
        "AlgorithmSpecification",
        "RoleArn",
        "InputDataConfig",
        "OutputDataConfig",
        "ResourceConfig",
        "StoppingCondition",
        "Tags",
        "EnableNetworkIsolation",
        "Environment",
    ),
    "AlgorithmSpecification": ("TrainingImage", "TrainingInputMode", "MetricDefinitions"),
    "Channel": ("ChannelName", "DataSource", "ContentType", "CompressionType", "RecordWrapperType", "InputMode"),
    "OutputDataConfig": ("S3OutputPath", "CompressionType"),
    "ResourceConfig": ("InstanceCount",),
    "StoppingCondition": ("MaxRuntimeInSeconds",),
    "CreateProcessingJobRequest": (
        "ProcessingJobName",
        "ProcessingInputs",
        "ProcessingOutputConfig",
        "ProcessingResources",
        "StoppingCondition",
        "AppSpecification",
        "Environment",
        "NetworkConfig",
        "RoleArn",
        "Tags",
    ),
    "ProcessingInput": ("InputName", "S3Input"),
    "ProcessingS3Input": ("S3Uri", "LocalPath", "S3DataType", "S3InputMode", "S3CompressionType"),
    "ProcessingOutputConfig": ("Outputs",),
    "ProcessingOutput": ("OutputName", "S3Output"),
    "ProcessingClusterConfig": ("InstanceCount",),
    "NetworkConfig": ("EnableNetworkIsolation",),
    "CreateModelInput": (
        "ModelName",
        "PrimaryContainer",
        "Containers",
        "ExecutionRoleArn",
        "Tags",
        "EnableNetworkIsolation",
    ),
    "ContainerDefinition": ("Image", "Mode", "ModelDataUrl", "ModelDataSource", "Environment"),
    "CreateEndpointConfigInput": ("EndpointConfigName", "ProductionVariants", "Tags", "AsyncInferenceConfig"),
    "ProductionVariant": (
        "VariantName",
        "ModelName",
        "InitialInstanceCount",
        "InitialVariantWeight",
        "ServerlessConfig",
    ),
}
"""By the names of the service model's structures. The members of other structures are all emulated."""
STORED: Mapping[str, tuple[str, ...]] = {
    "CreateTrainingJobRequest": (
        "VpcConfig",
        "EnableInterContainerTrafficEncryption",
        "EnableManagedSpotTraining",
        "CheckpointConfig",
        "DebugHookConfig",
        "DebugRuleConfigurations",
        "TensorBoardOutputConfig",
        "ExperimentConfig",
        "ProfilerConfig",
        "ProfilerRuleConfigurations",
        "RetryStrategy",
        "RemoteDebugConfig",
        "InfraCheckConfig",
    ),
    "AlgorithmSpecification": ("EnableSageMakerMetricsTimeSeries",),
    "Channel": ("ShuffleConfig",),
    "OutputDataConfig": ("KmsKeyId",),
    "ResourceConfig": ("InstanceType", "VolumeSizeInGB", "VolumeKmsKeyId", "KeepAlivePeriodInSeconds"),
    "StoppingCondition": ("MaxWaitTimeInSeconds", "MaxPendingTimeInSeconds"),
    "CreateProcessingJobRequest": ("ExperimentConfig",),
    "ProcessingS3Input": ("S3DataDistributionType",),
    "ProcessingOutputConfig": ("KmsKeyId",),
    "ProcessingClusterConfig": ("InstanceType", "VolumeSizeInGB", "VolumeKmsKeyId"),
    "NetworkConfig": ("EnableInterContainerTrafficEncryption", "VpcConfig"),
    "CreateModelInput": ("VpcConfig", "InferenceExecutionConfig"),
    "ContainerDefinition": ("ContainerHostname", "ImageConfig"),
    "CreateEndpointConfigInput": ("DataCaptureConfig", "KmsKeyId", "VpcConfig", "MetricsConfig"),
    "ProductionVariant": (
        "InstanceType",
        "AcceleratorType",
        "CoreDumpConfig",
        "VolumeSizeInGB",
        "ModelDataDownloadTimeoutInSeconds",
        "ContainerStartupHealthCheckTimeoutInSeconds",
        "VariantInstanceProvisionTimeoutInSeconds",
        "EnableSSMAccess",
        "RoutingConfig",
        "InferenceAmiVersion",
    ),
}


def check(operation: str, request: Mapping[str, Any]) -> None:
    """Raises ApiError if the request sets members that are neither emulated nor stored."""
    refused = list(_refused(validation.input_shape("sagemaker", operation), request))
    if refused:
        raise invalid(f"the embedded cloud does not support {', '.join(refused)}")


def _refused(shape: Any, value: Any) -> Iterator[str]:
    if shape.type_name == "list":
        for item in value:
            yield from _refused(shape.member, item)
    if shape.type_name != "structure":
        return
    known = {*EMULATED.get(shape.name, shape.members), *STORED.get(shape.name, ())}
    for name, inside in value.items():
        if name not in known:
            if inside is not False and inside != []:  # these say the same as nothing
                yield name
        else:
            yield from _refused(shape.members[name], inside)
