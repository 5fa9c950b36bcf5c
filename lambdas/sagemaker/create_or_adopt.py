"""The model and the endpoint config of a run: made, or adopted when an earlier attempt of the run made them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.sagemaker import error_messages, requests
from refit.domain.errors import NameConflict
from refit.domain.run_document import Run


def model(run: Run, settings: Mapping[str, Any]) -> None:
    """Sees to it that the run's model exists. Raises NameConflict when the one that does is another request."""
    sagemaker, wanted = clients.sagemaker(), requests.model_request(run, settings)
    _make(sagemaker.create_model, wanted)
    _adopt(requests.model_identity, wanted, sagemaker.describe_model(ModelName=run["name"]))


def endpoint_config(run: Run, settings: Mapping[str, Any]) -> None:
    """Sees to it that the run's endpoint config exists. Raises NameConflict as `model` does."""
    sagemaker, wanted = clients.sagemaker(), requests.config_request(run, settings)
    _make(sagemaker.create_endpoint_config, wanted)
    _adopt(requests.config_identity, wanted, sagemaker.describe_endpoint_config(EndpointConfigName=run["name"]))


def _make(create: Callable[..., object], request: Mapping[str, Any]) -> None:
    try:
        create(**request)
    except ClientError as error:
        if not error_messages.already_exists(error):
            raise


def _adopt(identity: Callable[[Mapping[str, Any]], object], wanted: Mapping[str, Any], existing: Any) -> None:
    if identity(existing) != identity(wanted):
        kind = "a model" if "ModelName" in wanted else "an endpoint config"
        raise NameConflict(f"{kind} of this run's name exists, made by another request: {identity(existing)}")
