"""What ministack gets wrong, where Refit relies on AWS: each fix names the symbol that it replaces and the AWS page.

`apply` puts them in place before the cloud serves. They know ministack from inside, so they hold for one version only.
"""

from __future__ import annotations

import importlib
import logging
from importlib.metadata import version

from refit.embedded_cloud.ministack_patches.patching import FIXES
from refit.errors import CloudError

VERSION = "1.5.33"
PARTS = (
    "cloudwatch",
    "stepfunctions_task_tokens",
    "eventbridge",
    "stepfunctions_executions",
    "stepfunctions_jsonata",
    "lambda_errors",
    "stepfunctions_role",
    "s3",
    "iam",
    "scheduler",
    "stepfunctions_sdk_tasks",
    "stepfunctions_training_tasks",
    "stepfunctions_waits",
)


def apply() -> None:
    """Replaces what is to be fixed. Raises CloudError when ministack is another version, or lacks a symbol."""
    found = version("ministack")
    if found != VERSION:
        raise CloudError(f"the embedded cloud needs ministack {VERSION}, and {found} is installed", "run: make setup")
    for part in PARTS:
        importlib.import_module(f"refit.embedded_cloud.ministack_patches.{part}")
    for fix in FIXES:
        fix.apply()
    logging.getLogger("refit").info("ministack %s with %d fixes", VERSION, len(FIXES))
