"""Reads the AWS settings of the shell: variables and the files in ~/.aws.

Terraform and the driver must work with the same profile and in the same region, so the order is that of Terraform's
provider, where boto3's differs: https://registry.terraform.io/providers/hashicorp/aws/latest/docs#authentication-and-configuration
and https://github.com/aws/aws-sdk-go-v2/blob/main/config/env_config.go. Does not call AWS.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from botocore.configprovider import BOTOCORE_DEFAUT_SESSION_VARIABLES
from botocore.session import Session

REGION = ("AWS_REGION", "AWS_DEFAULT_REGION")
"""The variables of the region. boto3 does not read AWS_REGION."""
PROFILE = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE")
"""The variables of the profile. boto3 reads them in the opposite order."""


def session() -> Session:
    """A session with the settings of the shell. A variable that is set to "" counts as unset."""
    return Session(session_vars={"region": _variable("region", REGION), "profile": _variable(None, PROFILE)})


def isolated_session() -> Session:
    """A session without the settings of the shell, for the embedded cloud: neither variables nor ~/.aws are read."""
    defaults: dict[str, Any] = BOTOCORE_DEFAUT_SESSION_VARIABLES
    unset = {name: (None, None, default, convert) for name, (_, _, default, convert) in defaults.items()}
    files = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
    return Session(session_vars=unset | files)


def endpoints(settings: Session) -> Iterator[tuple[str, str]]:
    """The endpoints in the profile: the name of each setting with its URL. Raises BotoCoreError for invalid settings.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html
    """
    profile = settings.get_scoped_config()
    if "endpoint_url" in profile:
        yield "endpoint_url", profile["endpoint_url"]
    services = settings.full_config.get("services", {}).get(profile.get("services"), {})
    for name, values in services.items():
        if isinstance(values, dict) and "endpoint_url" in values:
            yield f"services.{name}.endpoint_url", values["endpoint_url"]


def _variable(setting: str | None, names: tuple[str, ...]) -> tuple[str | None, list[str], None, None]:
    return setting, [name for name in names if os.environ.get(name)], None, None
