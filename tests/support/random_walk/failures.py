"""Random failures of tasks: errors that AWS's models declare, the undeclared ones, and causes as AWS words them."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from functools import cache

from botocore import loaders
from botocore.model import OperationModel, ServiceModel

from refit.domain import errors, sagemaker_errors
from refit.domain.errors import StateError
from refit.embedded_cloud.step_functions.evaluation.errors import StatesError
from tests.asl.test_retries import REPEATED, UNANSWERED
from tests.support.random_walk.shapes import TEXTS

NAME = "prices-20260101-0a1b2c3d"

QUOTA = (
    "The account-level service limit 'ml.m5.large for endpoint usage' is {} Instances, with current utilization of 1 "
    "Instances and a request delta of {} Instances. Please use AWS Service Quotas to request an increase."
)

MESSAGES = (
    f'{sagemaker_errors.ENDPOINT_NOT_FOUND}arn:aws:sagemaker:us-west-2:123456789012:endpoint/prices".',
    f'{sagemaker_errors.ENDPOINT_CONFIG_NOT_FOUND}arn:aws:sagemaker:us-west-2:123456789012:endpoint-config/{NAME}".',
    f'{sagemaker_errors.MODEL_NOT_FOUND}arn:aws:sagemaker:us-west-2:123456789012:model/{NAME}".',
    f'{sagemaker_errors.ALREADY_EXISTS}model "arn:aws:sagemaker:us-west-2:123456789012:model/{NAME}".',
    f'{sagemaker_errors.CHANGE_IN_PROGRESS} "arn:aws:sagemaker:us-west-2:123456789012:endpoint/prices".',
    f"{sagemaker_errors.JOB_HAS_ENDED}Completed.",
    "Requested resource not found.",
    "Rate exceeded",
    "User: arn:aws:sts::123456789012:assumed-role/r/s is not authorized to perform: sagemaker:DescribeEndpoint",
    "Access Denied",
    "We encountered an internal error. Please try again.",
)

(NO_ENDPOINT, NO_CONFIG, NO_MODEL, EXISTS, CHANGING, ENDED, *_) = MESSAGES
QUOTAS = (QUOTA.format(0, 1), QUOTA.format(2, 1), "Limit exceeded.")
LIKELY: Mapping[str, tuple[str, ...]] = {
    "describeEndpoint": (NO_ENDPOINT,),
    "describeModel": (NO_MODEL,),
    "describeEndpointConfig": (NO_CONFIG,),
    "createModel": (EXISTS,),
    "createEndpointConfig": (EXISTS, NO_MODEL),
    "createEndpoint": (EXISTS, NO_CONFIG),
    "updateEndpoint": (CHANGING, NO_CONFIG, NO_ENDPOINT),
    "stopTrainingJob": (ENDED,),
}
"""What SageMaker most often says to a request that it refuses."""

LAMBDA_SERVICE = (
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
    "Lambda.ResourceNotFoundException",
    "Lambda.KMSAccessDeniedException",
)
"""Errors of the Lambda service itself: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_Errors"""

STATE_ERRORS = tuple(
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, StateError) and value is not StateError
)
PYTHON_ERRORS = ("ClientError", "KeyError", "TypeError", "EndpointConnectionError", "Exception")


@cache
def operation(service: str, action: str) -> OperationModel:
    """The model of `action`, in the spelling of a Resource: createModel is CreateModel."""
    model = ServiceModel(loaders.Loader().load_service_model(service, "service-2"))
    return model.operation_model(action[0].upper() + action[1:])


def of_service(service: str, action: str, rng: random.Random, optimized: bool = False) -> StatesError:
    """An error of a task that calls an AWS service: one that the model declares, or one without a name of its own.

    `optimized`: of the optimized integration, which names errors as the SDK for Java 1 does.
    https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
    """
    prefix = {"sagemaker": "SageMaker", "s3": "S3", "ssm": "Ssm"}[service]
    declared = [shape.name.removesuffix("Exception") for shape in operation(service, action).error_shapes]
    undeclared = f"Amazon{prefix}" if optimized else prefix
    name = rng.choice((*declared, undeclared, undeclared, "SdkClient"))
    status = rng.choice((400, 400, 403, 404, 500, 503))
    likely = QUOTAS if name == "ResourceLimitExceeded" else LIKELY.get(action, ("Rate exceeded",))
    message = rng.choice(likely if rng.random() < 0.6 else (*MESSAGES, *TEXTS))
    request = f"(Service: {prefix}, Status Code: {status}, Request ID: 5a9e)"
    cause = message if name == "SdkClient" else f"{message} {request} (SDK Attempt Count: {rng.choice((1, 4))})"
    return StatesError(f"{prefix}.{name}Exception", _cut(cause, rng))


def of_function(rng: random.Random) -> StatesError:
    """An error of a task that calls a Lambda function: of its code, of its process, or of the Lambda service."""
    kind = rng.randrange(4)
    message = rng.choice((*TEXTS, *MESSAGES))
    if kind == 0:
        return StatesError(rng.choice(LAMBDA_SERVICE), _cut(f"{message} (Service: Lambda, Status Code: 500)", rng))
    if kind == 1:
        return StatesError("Lambda.Unknown", _unknown(message))
    if kind == 2:
        names = sorted((UNANSWERED | REPEATED.keys()) - {"States.Timeout", "Lambda.Unknown"})
        name = rng.choice(names)
        return StatesError(name, json.dumps({"errorType": name, "errorMessage": f"RequestId: 5a9e Error: {message}"}))
    name = rng.choice((*STATE_ERRORS, *PYTHON_ERRORS))
    told = {"errorMessage": message, "errorType": name, "requestId": "5a9e", "stackTrace": ['  File "/var/task/x.py"']}
    return StatesError(name, _cut(json.dumps(told), rng))


def of_token(rng: random.Random) -> StatesError:
    """An error that SendTaskFailure reports: its error and cause are optional, and any text."""
    return StatesError(rng.choice((None, "Refused", *TEXTS[2:6])), rng.choice((None, *TEXTS)))


def _unknown(message: str) -> str:
    """The cause of Lambda.Unknown on AWS: text that ends in JSON, and is not JSON itself."""
    unknown = "The cause could not be determined because Lambda did not return an error type. Returned payload: "
    return unknown + json.dumps({"errorMessage": message})


def _cut(cause: str, rng: random.Random) -> str:
    """Sometimes cut short, as AWS cuts a long cause, or absent."""
    cuts = (cause, cause[: len(cause) // 2], f"{cause[:20]}}}", "")
    return rng.choices(cuts, (17, 1, 1, 1))[0]
