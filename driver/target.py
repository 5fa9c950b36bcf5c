"""Where a pipeline's calls go: the embedded cloud for the environment `local`, else where AWS's own variables say.

A local pipeline can never reach AWS: without a running embedded cloud there is an error, not a fallback.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from driver.aws import Aws
from driver.errors import CloudError
from driver.pipeline import Pipeline
from driver.project import PipelineRef

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def environment(ref: PipelineRef) -> Mapping[str, str]:
    """The AWS variables to add to the environment of a child (terraform) that works on `ref`; empty for AWS.

    Raises CloudError when the pipeline is local and the embedded cloud is not running.
    """
    if not ref.is_local:
        return {}
    endpoint = os.environ.get("AWS_ENDPOINT_URL")
    if endpoint and urlsplit(endpoint).hostname in LOOPBACK:
        return _cloud_environment(endpoint, os.environ.get("AWS_REGION"))
    return _recorded(ref.project.state_dir)


def _cloud_environment(endpoint: str, region: str | None = None) -> dict[str, str]:
    """What makes terraform, boto3 and the AWS CLI talk to the embedded cloud at `endpoint`."""
    region = region or "us-west-2"
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
    }


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


def _recorded(state_dir: Path) -> dict[str, str]:
    """The variables of the cloud that `refit local up` started, from its cloud.json."""
    try:
        cloud = json.loads((state_dir / "cloud.json").read_text())
        return _cloud_environment(f"http://127.0.0.1:{cloud['port']}", cloud.get("region"))
    except (OSError, ValueError, KeyError):
        raise CloudError("the embedded cloud is not running", "run: refit local up") from None
