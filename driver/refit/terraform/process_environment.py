"""Computes the environment variables of a terraform process: the same AWS context as the driver's, and one stack."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from refit.aws.session import configured_region
from refit.project import PipelineRef
from refit.terraform import overrides, provider_mirror

NO_PROXY = ("NO_PROXY", "no_proxy")
LOOPBACK = "127.0.0.1,localhost"


def variables(
    ref: PipelineRef, cloud: Mapping[str, str], data_dir: Path, shell: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The variables for `ref`, based on those of the `shell`; `cloud` has those of the embedded cloud, empty for AWS.

    Raises AwsError if the AWS settings of the shell cannot be read.
    """
    ignored = overrides.ignored(shell)
    inherited = {name: value for name, value in shell.items() if name not in ignored}
    aws = _embedded(cloud, inherited) if cloud else _region()
    if cloud:
        # The embedded cloud must not get a profile, token or endpoint of the caller's AWS account.
        inherited = {name: value for name, value in inherited.items() if not name.startswith("AWS_")}
    project = ref.project
    merged: dict[str, str | None] = {
        **inherited,
        **provider_mirror.settings(project.build_root, inherited),
        **aws,
        "TF_DATA_DIR": str(data_dir),
        overrides.WORKSPACE: overrides.DEFAULT_WORKSPACE,  # also overrides what `workspace select` has stored
        "TF_IN_AUTOMATION": "1",  # no hints about commands that would not find this state
        "CHECKPOINT_DISABLE": "1",
        "TF_VAR_environment": ref.environment,
        "TF_VAR_embedded_cloud": "true" if cloud else "false",
        "TF_VAR_pipelines_dir": str(project.pipelines_dir),
        "TF_VAR_build_dir": str(project.build_root),
    }
    return {name: value for name, value in merged.items() if value is not None}


def _embedded(cloud: Mapping[str, str], inherited: Mapping[str, str]) -> dict[str, str]:
    """The cloud's variables; ~/.aws is not read, and a proxy is not used for this machine."""
    excluded = next((inherited[name] for name in NO_PROXY if inherited.get(name)), "")
    direct = f"{excluded},{LOOPBACK}" if excluded else LOOPBACK
    return {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        **cloud,
        **dict.fromkeys(NO_PROXY, direct),
    }


def _region() -> dict[str, str]:
    """The region that the driver uses for a pipeline file without `region`, so that Terraform uses the same."""
    region = configured_region()
    return {"AWS_REGION": region} if region else {}
