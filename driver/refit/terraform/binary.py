"""Finds the terraform binary: `terraform` on the PATH, or the value of REFIT_TERRAFORM, such as OpenTofu's `tofu`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from refit.errors import TerraformError

VARIABLE = "REFIT_TERRAFORM"
MINIMUM = (1, 10)
"""`required_version` in terraform/versions.tf: the first version of both that locks S3 state without DynamoDB."""
INSTALL = "install Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install"
INSTALL_TOFU = "install OpenTofu 1.10 or later: https://opentofu.org/docs/intro/install"


def name(environment: Mapping[str, str] = os.environ) -> str:
    """The name or path of the binary."""
    return environment.get(VARIABLE) or "terraform"


def is_tofu(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the binary is OpenTofu, judging by its file name."""
    return "tofu" in Path(name(environment)).name


def install(environment: Mapping[str, str] = os.environ) -> str:
    """The instruction to install the binary or a newer version."""
    return INSTALL_TOFU if is_tofu(environment) else INSTALL


def find(environment: Mapping[str, str] = os.environ) -> str:
    """The path of the binary. Raises TerraformError if it is not on the PATH."""
    path = shutil.which(name(environment), path=environment.get("PATH"))
    if path:
        return path
    if environment.get(VARIABLE):
        raise TerraformError(f"{VARIABLE} is {name(environment)}, which is not on the PATH", install(environment))
    raise TerraformError("terraform is not on the PATH", install(environment))


def provider(environment: Mapping[str, str] = os.environ) -> Path:
    """The source address of the AWS provider, as a path: Terraform and OpenTofu have different default registries.

    https://opentofu.org/docs/language/providers/requirements
    """
    registry = "registry.opentofu.org" if is_tofu(environment) else "registry.terraform.io"
    return Path(registry, "hashicorp", "aws")
