"""Creates the model and the endpoint config of a run, or adopts those that an earlier attempt of the run created."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.sagemaker import error_messages, requests
from refit.domain import endpoint_config as endpoint_configs
from refit.domain.errors import NameConflict
from refit.domain.messages import ENDPOINT_CONFIG_CONFLICT, MODEL_CONFLICT
from refit.domain.run_document import Run


def model(run: Run, settings: Mapping[str, Any]) -> None:
    """Ensures that the run's model exists. Raises NameConflict if it exists with other parameters."""
    sagemaker, request = clients.sagemaker(), requests.model_request(run, settings)
    _create(sagemaker.create_model, request)
    existing = requests.model_identity(sagemaker.describe_model(ModelName=run["name"]))
    if existing != requests.model_identity(request):
        raise NameConflict(f"{MODEL_CONFLICT.format(name=run['name'])}: {existing}")


def endpoint_config(run: Run, settings: Mapping[str, Any]) -> None:
    """Ensures that the run's endpoint config exists. Raises NameConflict if it exists with other parameters."""
    sagemaker, request = clients.sagemaker(), requests.config_request(run, settings)
    _create(sagemaker.create_endpoint_config, request)
    existing = endpoint_configs.identity(sagemaker.describe_endpoint_config(EndpointConfigName=run["name"]))
    if existing != endpoint_configs.identity(request):
        served = "; ".join(f"{one.model} on {one}" for one in existing)
        raise NameConflict(f"{ENDPOINT_CONFIG_CONFLICT.format(name=run['name'])}: {served}")


def _create(create: Callable[..., object], request: Mapping[str, Any]) -> None:
    try:
        create(**request)
    except ClientError as error:
        if not error_messages.already_exists(error):
            raise
