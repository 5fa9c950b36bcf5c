"""SageMaker: a model or endpoint config that was just created may not be found, and metrics are late.

"Could not find model" and "Could not find endpoint configuration" right after their creation:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpointConfig.html and API_CreateEndpoint.html.
FinalMetricDataList has what the job "emitted to Amazon CloudWatch", which takes a moment:
https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
"""

from __future__ import annotations

from collections.abc import Callable

from refit.embedded_cloud.sagemaker import api, store
from refit.embedded_cloud.sagemaker.errors import missing
from refit.embedded_cloud.sagemaker.resources import EndpointConfig, Json, Model, Record, now
from refit.embedded_cloud.sagemaker.scope import Scope
from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.visibility import visible_after

SECONDS = 0.3
SHARE = 0.3

Operation = Callable[[Json, Scope], Json]


def late_metrics(describe: Operation, late: Chance) -> Operation:
    """DescribeTrainingJob, which some completed jobs at first answer without their metrics."""
    are_late: dict[str, bool] = {}

    def describing(request: Json, scope: Scope) -> Json:
        response = describe(request, scope)
        if "FinalMetricDataList" in response and not visible_after(response.get("TrainingEndTime", 0.0), SECONDS):
            arn = response["TrainingJobArn"]
            if are_late.setdefault(arn, late.occurs()):
                del response["FinalMetricDataList"]
        return response

    return describing


def late_names(create: Operation, names: Callable[[Json, Scope], list[Record]], late: Chance) -> Operation:
    """An operation that at first may not find one of the resources that `names` returns for a request."""
    was_late: set[str] = set()

    def creating(request: Json, scope: Scope) -> Json:
        for record in names(request, scope):
            if record.arn not in was_late and not visible_after(record.created, SECONDS, now()) and late.occurs():
                was_late.add(record.arn)
                raise missing(_WORDS[type(record)], record.arn)
        return create(request, scope)

    return creating


_WORDS: dict[type[Record], str] = {Model: "model", EndpointConfig: "endpoint configuration"}


def _models(request: Json, scope: Scope) -> list[Record]:
    variants = request.get("ProductionVariants") or []
    found = (store.find(Model, scope, str(each.get("ModelName"))) for each in variants)
    return [record for record in found if record]


def _config(request: Json, scope: Scope) -> list[Record]:
    record = store.find(EndpointConfig, scope, str(request.get("EndpointConfigName")))
    return [record] if record else []


def install() -> None:
    """Wraps the operations."""
    operations = dict(api.OPERATIONS)
    late = Chance("sagemaker names", SHARE)
    operations["CreateEndpointConfig"] = late_names(operations["CreateEndpointConfig"], _models, late)
    for operation in ("CreateEndpoint", "UpdateEndpoint"):
        operations[operation] = late_names(operations[operation], _config, late)
    metrics = Chance("sagemaker metrics", SHARE)
    operations["DescribeTrainingJob"] = late_metrics(operations["DescribeTrainingJob"], metrics)
    api.OPERATIONS = operations
