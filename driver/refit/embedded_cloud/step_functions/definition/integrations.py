"""The optimized integrations of Step Functions: services, actions and patterns, as data.

https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html and the page of each service.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

SYNC = ".sync"
SYNC_2 = ".sync:2"
TOKEN = ".waitForTaskToken"  # noqa: S105


@dataclass(frozen=True)
class Action:
    """An action: its patterns besides request and response, and the operation that takes its parameters.

    `operation` is botocore's (service, name), or None if Step Functions has its own parameters. `required` are fields
    that Step Functions needs although the API does not. `only` are the fields that it supports, if not all.
    """

    operation: tuple[str, str] | None
    patterns: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None


def _actions(service: str, names: str, *patterns: str) -> dict[str, Action]:
    return {name: Action((service, name[:1].upper() + name[1:]), patterns) for name in names.split()}


def _own(names: str, *patterns: str, required: tuple[str, ...] = ()) -> dict[str, Action]:
    return {name: Action(None, patterns, required) for name in names.split()}


INTEGRATIONS: Mapping[str, Mapping[str, Action]] = {
    "apigateway": _own("invoke", TOKEN, required=("ApiEndpoint", "Method")),
    "athena": {
        **_actions("athena", "startQueryExecution", SYNC),
        **_actions("athena", "stopQueryExecution getQueryExecution getQueryResults"),
    },
    "batch": _actions("batch", "submitJob", SYNC),
    "bedrock": {
        **_own("invokeModel", TOKEN, required=("ModelId",)),
        **_actions("bedrock", "createModelCustomizationJob", SYNC),
    },
    "bedrockagentcore": _own("invokeHarness", required=("HarnessArn",)),
    "codebuild": {
        **_actions("codebuild", "startBuild startBuildBatch retryBuildBatch", SYNC),
        **_actions("codebuild", "stopBuild batchDeleteBuilds batchGetReports stopBuildBatch deleteBuildBatch"),
    },
    "databrew": _actions("databrew", "startJobRun", SYNC),
    "dynamodb": _actions("dynamodb", "getItem putItem deleteItem updateItem"),
    "ecs": _actions("ecs", "runTask", SYNC, TOKEN),
    "eks": {
        **_actions("eks", "createCluster createNodegroup deleteCluster deleteNodegroup", SYNC),
        **_own("call", TOKEN),
        **_own("runJob", SYNC, TOKEN),
    },
    "elasticmapreduce": {
        **_own("createCluster terminateCluster addStep", SYNC),
        **_own("cancelStep setClusterTerminationProtection modifyInstanceFleetByName modifyInstanceGroupByName"),
    },
    "emr-containers": {
        **_actions("emr-containers", "createVirtualCluster"),
        **_actions("emr-containers", "deleteVirtualCluster startJobRun", SYNC),
    },
    "emr-serverless": _actions(
        "emr-serverless",
        "createApplication startApplication stopApplication deleteApplication startJobRun cancelJobRun",
        SYNC,
    ),
    "events": _actions("events", "putEvents", TOKEN),
    "glue": _actions("glue", "startJobRun", SYNC),
    "http": _own("invoke", required=("ApiEndpoint", "Method")),
    "lambda": {
        "invoke": Action(
            ("lambda", "Invoke"),
            (TOKEN,),
            only=("ClientContext", "FunctionName", "InvocationType", "Payload", "Qualifier"),
        )
    },
    "mediaconvert": _actions("mediaconvert", "createJob", SYNC),
    "sagemaker": {
        **_actions("sagemaker", "createEndpoint createEndpointConfig createModel updateEndpoint"),
        **_actions("sagemaker", "createHyperParameterTuningJob createLabelingJob createProcessingJob", SYNC),
        **_actions("sagemaker", "createTrainingJob createTransformJob", SYNC),
    },
    "sns": _actions("sns", "publish", TOKEN),
    "sqs": _actions("sqs", "sendMessage", TOKEN),
    "states": {
        "startExecution": Action(
            ("stepfunctions", "StartExecution"),
            (SYNC, SYNC_2, TOKEN),
            only=("Input", "Name", "StateMachineArn"),
        )
    },
}

UNSUPPORTED_SDK_ACTIONS: Mapping[str, tuple[str, ...]] = {
    "comprehendmedical": ("detectEntities",),
    "efs": ("createTags",),
    "emr": ("describeJobFlows",),
    "iotdeviceadvisor": ("listTestCases",),
    "kinesis": ("subscribeToShard",),
    "lambda": ("invokeAsync",),
    "lexruntimev2": ("startConversation",),
    "mediapackage": ("rotateChannelCredentials",),
    "rdsdata": ("executeSql",),
    "s3": ("selectObjectContent",),
    "s3control": ("selectObjectContent",),
    "shield": ("deleteSubscription",),
}
"""https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html (its list of 2022)"""
