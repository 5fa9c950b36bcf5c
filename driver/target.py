"""Where a pipeline's calls go: the embedded cloud for the environment `local`, else where AWS's own variables say.

A local pipeline can never reach AWS: without a running embedded cloud there is an error, not a fallback.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from driver import embedded_cloud
from driver.aws import Aws
from driver.embedded_cloud import Cloud
from driver.errors import CloudError
from driver.pipeline import Pipeline
from driver.project import PipelineRef

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def environment(ref: PipelineRef) -> Mapping[str, str]:
    """The AWS variables to add to the environment of a child (terraform) that works on `ref`; empty for AWS.

    Raises CloudError when the pipeline is local and the embedded cloud is not running.
    """
    return _cloud(ref.project.state_dir).environment() if ref.is_local else {}


def connect(ref: PipelineRef, pipeline: Pipeline) -> Aws:
    """Clients for the account and region that `pipeline` lives in. Raises CloudError as `environment` does."""
    variables = environment(ref)
    if not variables:
        return Aws(pipeline.region)
    return Aws(
        pipeline.region or variables["AWS_REGION"],
        variables["AWS_ENDPOINT_URL"],
        (variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]),
    )


def _cloud(state_dir: Path) -> Cloud:
    """The cloud that AWS_ENDPOINT_URL leads to, when that is on this machine; else that of `refit local up`."""
    address = urlsplit(os.environ.get("AWS_ENDPOINT_URL", ""))
    if address.hostname not in LOOPBACK:
        return embedded_cloud.required(state_dir)
    cloud = _at(address)
    if cloud is None:
        what = f"none answers at {address.geturl()}, where AWS_ENDPOINT_URL leads"
        raise CloudError(f"the embedded cloud is not running: {what}", 'run: eval "$(refit local up)"')
    return replace(cloud, region=os.environ.get("AWS_REGION") or cloud.region)


def _at(address: SplitResult) -> Cloud | None:
    try:
        port = address.port
    except ValueError:  # no number, or none that a port can have
        return None
    return embedded_cloud.at_port(port) if port else None
