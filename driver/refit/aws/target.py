"""Routes a pipeline's AWS calls: to the embedded cloud for the environment `local`, otherwise to AWS.

A local pipeline can never reach AWS: if the embedded cloud is not running, it fails instead of falling back to AWS. A
leftover variable cannot route other pipelines to the embedded cloud.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from refit.aws import shell
from refit.aws.session import ATTEMPTS, ENDPOINT, Aws, configuring
from refit.embedded_cloud import client as embedded_cloud
from refit.embedded_cloud.client import Cloud
from refit.errors import AwsError, CloudError
from refit.loopback import leads_here
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef

ALLOWED = "REFIT_ALLOW_LOOPBACK_ENDPOINT"


def environment(ref: PipelineRef) -> Mapping[str, str]:
    """The AWS variables to add to the environment of a child process (terraform) for `ref`; empty for AWS.

    Raises CloudError if the pipeline is local and the embedded cloud is not running, or if it is not local and a
    variable points to this machine. Raises AwsError if the current credentials do not belong to the account that
    refit.toml declares for the environment.
    """
    variables = _environment(ref)
    if not variables:
        _refuse_other_account(ref)
    return variables


def for_terraform(ref: PipelineRef) -> Mapping[str, str]:
    """Like `environment`, and raises AwsError for AWS settings that Terraform could not use either.

    Terraform's own report of a missing region, an unknown profile or expired credentials is long, and names no command.
    """
    variables = environment(ref)
    if not variables:
        Aws().require_credentials()
    return variables


def require_region(ref: PipelineRef, pipeline: Pipeline) -> None:
    """Raises AwsError if neither the pipeline file nor the shell sets a region, or it is invalid. Does not call AWS."""
    if not ref.is_local:
        _ = Aws(pipeline.region).region


def connect(ref: PipelineRef, pipeline: Pipeline) -> Aws:
    """Clients for the account and region of `pipeline`. Raises like `environment`."""
    return clients(ref, pipeline.region)


def clients(ref: PipelineRef, region: str | None) -> Aws:
    """Clients for `region`, or for the region in the AWS variables. Raises like `environment`."""
    return _clients(environment(ref), region)


def clients_of_any_account(ref: PipelineRef, region: str | None) -> Aws:
    """Like `clients`, but without the account check, so that callers can look up the account. Raises CloudError."""
    return _clients(_environment(ref), region, attempts=2)


def _environment(ref: PipelineRef) -> Mapping[str, str]:
    if ref.is_local:
        return cloud(ref.project.state_dir).environment()
    _refuse_loopback(ref)
    return {}


def _clients(variables: Mapping[str, str], region: str | None, attempts: int = ATTEMPTS) -> Aws:
    if not variables:
        return Aws(region, attempts=attempts)
    return Aws(
        region or variables["AWS_REGION"],
        variables["AWS_ENDPOINT_URL"],
        (variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]),
        attempts=attempts,
    )


def cloud(state_dir: Path) -> Cloud:
    """The cloud that AWS_ENDPOINT_URL points to if it is on this machine; otherwise the one of `refit local up`.

    Raises CloudError if it is not running.
    """
    endpoint = os.environ.get(ENDPOINT, "")
    if not leads_here(endpoint):
        return embedded_cloud.required(state_dir)
    exported = _at(endpoint)
    if exported is None:
        raise CloudError(
            f"the embedded cloud is not running at {endpoint}, which {ENDPOINT} points to",
            'run: eval "$(refit local up)"',
        )
    return exported


def foreign_cloud(ref: PipelineRef) -> str | None:
    """The state folder of the embedded cloud that a local pipeline is on, if that cloud belongs to another project.

    Raises CloudError if it is not running.
    """
    if not ref.is_local:
        return None
    used, own = cloud(ref.project.state_dir).state_dir, ref.project.state_dir.resolve()
    return None if used == own else str(used)


def _at(endpoint: str) -> Cloud | None:
    try:
        port = urlsplit(endpoint).port
    except ValueError:  # not a valid port number
        return None
    return embedded_cloud.at_port(port) if port else None


def _refuse_loopback(ref: PipelineRef) -> None:
    """Raises CloudError if an endpoint is on this machine, so that its data is not mistaken for AWS's.

    Raises AwsError if the AWS settings of the shell are invalid.
    """
    with configuring():
        configured = {f"{name} in the AWS profile": url for name, url in shell.endpoints(shell.session())}
    exported = {name: url for name, url in sorted(os.environ.items()) if name.startswith(ENDPOINT)}
    set_here = {name: url for name, url in (exported | configured).items() if leads_here(url)}
    if not set_here or os.environ.get(ALLOWED) == "1":
        return
    name, url = next(iter(set_here.items()))
    unset = " ".join(one for one in set_here if one in exported)
    remedy = (
        f"open a new shell, or: unset {unset} AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY"
        if unset
        else "export AWS_PROFILE=<a profile without it>"
    )
    raise CloudError(
        f"{ref.key} is not local, but {name} points to this machine ({url})",
        f"{remedy}; if this is intended: export {ALLOWED}=1",
    )


def _refuse_other_account(ref: PipelineRef) -> None:
    """Raises AwsError if refit.toml declares a different account than that of the current credentials.

    If refit.toml does not declare an account, AWS is not called.
    """
    declared = ref.project.settings.environment(ref.environment)
    if declared.account is None:
        return
    in_force = frozenset((name, value) for name, value in os.environ.items() if name.startswith("AWS_"))
    actual = _account(in_force, declared.region)
    if actual != declared.account:
        raise AwsError(
            f"{ref.environment} is the AWS account {declared.account} (refit.toml), but these credentials belong to "
            f"the account {actual}; nothing has been changed",
            f"use credentials of the account {declared.account}, for example: export AWS_PROFILE=<its profile>",
        )


@lru_cache(maxsize=1)
def _account(variables: frozenset[tuple[str, str]], region: str | None) -> str:
    """The account of the current credentials; `variables`, those of AWS, make the cache notice other credentials."""
    return Aws(region).account_id()
