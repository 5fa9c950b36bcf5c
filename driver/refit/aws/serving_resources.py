"""Lists and deletes what runs create in SageMaker: the endpoint, its endpoint configs and the models.

Terraform does not manage them, so a destroy leaves them behind. They are recognized by their names, and an endpoint by
the name of its endpoint config: an endpoint of someone else, which no run changes either, is never listed or deleted.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass

from refit.aws.endpoint import EndpointStatus
from refit.aws.endpoint import endpoint as described
from refit.aws.session import Aws, calling
from refit.domain.resource_names import is_of_a_run
from refit.errors import AwsError, NotFound

DELETION_SECONDS = 900
"""How long to wait for the deletion of an endpoint, which usually takes a few minutes."""
POLL_SECONDS = 5.0
POLL_SECONDS_EMBEDDED = 0.2


@dataclass(frozen=True)
class ServingResources:
    """The endpoint of a pipeline, None if there is none; the names of its endpoint configs and models, newest first."""

    endpoint: EndpointStatus | None
    configs: tuple[str, ...]
    models: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.endpoint or self.configs or self.models)


def found(aws: Aws, pipeline: str, endpoint: str) -> ServingResources:
    """What runs of `pipeline` created; `endpoint` is the name of its endpoint. Raises AwsError."""
    live = described(aws, endpoint)
    listing = {"NameContains": f"{pipeline}-", "SortBy": "CreationTime", "SortOrder": "Descending"}
    with calling("list the endpoint configs"):
        pages = aws.sagemaker.get_paginator("list_endpoint_configs").paginate(**listing)  # type: ignore[arg-type]
        configs = [one["EndpointConfigName"] for page in pages for one in page["EndpointConfigs"]]
    with calling("list the models"):
        listed = aws.sagemaker.get_paginator("list_models").paginate(**listing)  # type: ignore[arg-type]
        models = [one["ModelName"] for page in listed for one in page["Models"]]
    return ServingResources(
        live if live and is_of_a_run(live.config, pipeline) else None,
        tuple(name for name in configs if is_of_a_run(name, pipeline)),
        tuple(name for name in models if is_of_a_run(name, pipeline)),
    )


def delete(aws: Aws, resources: ServingResources) -> None:
    """Deletes the endpoint and waits until it is gone, then deletes the endpoint configs and the models.

    Keeps an endpoint config that another endpoint uses, and then the models too. The artifacts of models in S3 are not
    deleted. Raises AwsError.
    """
    if resources.endpoint:
        _delete_endpoint(aws, resources.endpoint.name)
    in_use = _configs_in_use(aws) & set(resources.configs)
    for config in resources.configs:
        if config not in in_use:
            with suppress(NotFound), calling(f"delete the endpoint config {config}"):
                aws.sagemaker.delete_endpoint_config(EndpointConfigName=config)
    if in_use:
        names = ", ".join(sorted(in_use))
        raise AwsError(
            f"the endpoint config {names} is used by another endpoint, so it and the models have not been deleted",
            "delete that endpoint, and run the command again",
        )
    for model in resources.models:
        with suppress(NotFound), calling(f"delete the model {model}"):
            aws.sagemaker.delete_model(ModelName=model)


def _delete_endpoint(aws: Aws, name: str) -> None:
    with calling(f"delete the endpoint {name}"):
        aws.sagemaker.delete_endpoint(EndpointName=name)
    deadline = time.monotonic() + DELETION_SECONDS
    while described(aws, name) is not None:
        if time.monotonic() > deadline:
            raise AwsError(
                f"the endpoint {name} is still being deleted after {DELETION_SECONDS // 60} minutes",
                "run the command again later",
            )
        time.sleep(POLL_SECONDS_EMBEDDED if aws.is_embedded else POLL_SECONDS)


def _configs_in_use(aws: Aws) -> set[str]:
    """The endpoint configs of all endpoints of the account in this region."""
    with calling("list the endpoints"):
        pages = aws.sagemaker.get_paginator("list_endpoints").paginate()
        names = [one["EndpointName"] for page in pages for one in page["Endpoints"]]
    configs = set()
    for name in names:
        try:
            with calling(f"describe the endpoint {name}"):
                configs.add(aws.sagemaker.describe_endpoint(EndpointName=name).get("EndpointConfigName", ""))
        except NotFound:
            continue
    return configs
