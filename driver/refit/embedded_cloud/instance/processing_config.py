"""Writes the configuration files of a processing container.

https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-config.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from refit.embedded_cloud.instance.processing_folders import mapped
from refit.embedded_cloud.script_mode.toolkit import HOST

MEMBERS = (
    "ProcessingJobName",
    "Environment",
    "ProcessingInputs",
    "ProcessingOutputConfig",
    "ProcessingResources",
    "RoleArn",
    "StoppingCondition",
)
"""The members of the request that the file repeats; the tags are not among them."""
DEFAULT_MAX_RUNTIME_SECONDS = 86_400


def write(request: Mapping[str, Any], arn: str, volume: Path) -> None:
    """Writes processingjobconfig.json and resourceconfig.json to /opt/ml/config."""
    folder = volume / "config"
    folder.mkdir()
    documents = {
        "processingjobconfig.json": mapped(document(request, arn), volume),
        "resourceconfig.json": {"current_host": HOST, "hosts": [HOST]},
    }
    for name, content in documents.items():
        (folder / name).write_text(json.dumps(content, indent=2))


def document(request: Mapping[str, Any], arn: str) -> dict[str, Any]:
    """The request as the container sees it: what it does not have is null, or has AWS's default."""
    defaults = {
        "Environment": {},
        "ProcessingInputs": [],
        "ProcessingOutputConfig": {"Outputs": [], "KmsKeyId": None},
        "StoppingCondition": {"MaxRuntimeInSeconds": DEFAULT_MAX_RUNTIME_SECONDS},
    }
    return {
        "ProcessingJobArn": arn,
        "AppSpecification": {"ContainerEntrypoint": None, "ContainerArguments": None, **request["AppSpecification"]},
        **{name: request.get(name, defaults.get(name)) for name in MEMBERS},
    }
