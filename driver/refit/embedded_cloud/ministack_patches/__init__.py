"""Patches ministack where it differs from AWS and Refit relies on AWS's behaviour.

Each patch names the ministack symbol that it replaces and the AWS page that it follows. `apply` installs all of them
before the cloud serves requests. They depend on ministack's internals, so they work with one version only.
"""

from __future__ import annotations

import importlib
import logging
from importlib.metadata import version

from refit.embedded_cloud.client import INSTALL
from refit.embedded_cloud.ministack_patches.patching import PATCHES
from refit.errors import CloudError

VERSION = "1.5.33"
PARTS = (
    "cloudwatch",
    "eventbridge",
    "lambda_process",
    "lambda_code",
    "lambda_errors",
    "lambda_layers",
    "lambda_validation",
    "lambda_requests",
    "s3",
    "s3_bucket_policies",
    "s3_encryption",
    "s3_keys",
    "s3_owner",
    "s3_versions",
    "iam_requests",
    "iam_managed_policies",
    "iam_documents",
    "iam_conditions",
    "iam_names",
    "iam_evaluation",
    "iam",
    "iam_request_keys",
    "iam_retries",
    "scheduler",
    "ssm",
    "kms",
    "states",
)


def apply() -> None:
    """Installs every patch. Raises CloudError if ministack has another version or lacks a symbol."""
    found = version("ministack")
    if found != VERSION:
        raise CloudError(f"the embedded cloud needs ministack {VERSION}, but {found} is installed", f"run: {INSTALL}")
    # The first line of the log: some of ministack's services write warnings as soon as they are imported.
    logging.getLogger("refit").info("ministack %s with patches from %d modules", VERSION, len(PARTS))
    for part in PARTS:
        importlib.import_module(f"refit.embedded_cloud.ministack_patches.{part}")
    for patch in PATCHES:
        patch.apply()
