"""Where a pipeline's calls go: the embedded cloud for the environment `local`, else where AWS's own variables say.

A local pipeline can never reach AWS: without a running embedded cloud there is an error, not a fallback. No other can
reach the embedded cloud by a variable that was forgotten.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from refit.aws.session import Aws
from refit.embedded_cloud import client as embedded_cloud
from refit.embedded_cloud.client import Cloud
from refit.errors import AwsError, CloudError
from refit.loopback import leads_here
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef

ENDPOINT = "AWS_ENDPOINT_URL"
"""One for all services; with _S3 and the like behind it, for one.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
"""
ALLOWED = "REFIT_ALLOW_LOOPBACK_ENDPOINT"


def environment(ref: PipelineRef) -> Mapping[str, str]:
    """The AWS variables to add to the environment of a child (terraform) that works on `ref`; empty for AWS.

    Raises CloudError when the pipeline is local and the embedded cloud is not running, or when it is not local and a
    variable leads to this machine all the same. Raises AwsError when the credentials in force are not of the account
    that refit.toml names for the environment.
    """
    variables = _environment(ref)
    if not variables:
        _refuse_other_account(ref)
    return variables


def connect(ref: PipelineRef, pipeline: Pipeline) -> Aws:
    """Clients for the account and region that `pipeline` lives in. Raises CloudError as `environment` does."""
    return clients(ref, pipeline.region)


def clients(ref: PipelineRef, region: str | None) -> Aws:
    """The same for another region, or for the one that the variables say. Raises CloudError as `environment` does."""
    return _clients(environment(ref), region)


def clients_of_any_account(ref: PipelineRef, region: str | None) -> Aws:
    """As `clients`, but for whatever account the credentials are of: only to find out which one. Raises CloudError."""
    return _clients(_environment(ref), region)


def _environment(ref: PipelineRef) -> Mapping[str, str]:
    if ref.is_local:
        return _cloud(ref.project.state_dir).environment()
    _refuse_loopback(ref)
    return {}


def _clients(variables: Mapping[str, str], region: str | None) -> Aws:
    if not variables:
        return Aws(region)
    return Aws(
        region or variables["AWS_REGION"],
        variables["AWS_ENDPOINT_URL"],
        (variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]),
    )


def _cloud(state_dir: Path) -> Cloud:
    """The cloud that AWS_ENDPOINT_URL leads to, when that is on this machine; else that of `refit local up`."""
    endpoint = os.environ.get(ENDPOINT, "")
    if not leads_here(endpoint):
        return embedded_cloud.required(state_dir)
    cloud = _at(endpoint)
    if cloud is None:
        what = f"none answers at {endpoint}, where {ENDPOINT} leads"
        raise CloudError(f"the embedded cloud is not running: {what}", 'run: eval "$(refit local up)"')
    return replace(cloud, region=os.environ.get("AWS_REGION") or cloud.region)


def _at(endpoint: str) -> Cloud | None:
    try:
        port = urlsplit(endpoint).port
    except ValueError:  # no number, or none that a port can have
        return None
    return embedded_cloud.at_port(port) if port else None


def _refuse_loopback(ref: PipelineRef) -> None:
    """Whoever worked on the embedded cloud in this shell may take its answers for those of an account."""
    set_here = sorted(
        name for name, value in os.environ.items() if name.startswith(ENDPOINT) and value and leads_here(value)
    )
    if not set_here or os.environ.get(ALLOWED) == "1":
        return
    raise CloudError(
        f"{ref.key} is not local, but {set_here[0]} is {os.environ[set_here[0]]}, on this machine",
        "open a new shell, or: unset "
        f"{' '.join(set_here)} AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; if it is meant: export {ALLOWED}=1",
    )


def _refuse_other_account(ref: PipelineRef) -> None:
    """Compares the credentials' account with the one that refit.toml names; without one, AWS is not called."""
    declared = ref.project.settings.environment(ref.environment)
    if declared.account is None:
        return
    in_force = frozenset((name, value) for name, value in os.environ.items() if name.startswith("AWS_"))
    actual = _account(in_force, declared.region)
    if actual != declared.account:
        raise AwsError(
            f"{ref.environment} is the AWS account {declared.account} (refit.toml), and these credentials are of the "
            f"account {actual}; nothing has been done",
            f"use credentials of the account {declared.account}, for example: export AWS_PROFILE=<its profile>",
        )


@lru_cache(maxsize=1)
def _account(variables: frozenset[tuple[str, str]], region: str | None) -> str:
    """The account of the credentials in force. `variables` are AWS's, so that other credentials are looked up again."""
    return Aws(region).account_id()
