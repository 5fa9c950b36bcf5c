"""SSM: a parameter that a role has just written may still have its old value, or not be found.

The Terraform provider therefore reads a new parameter again until it is found (hashicorp/terraform-provider-aws,
internal/service/ssm/parameter.go). What the root user writes is visible at once: it stands for people and Terraform.
"""

from __future__ import annotations

import copy
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import ssm

from refit.embedded_cloud.ministack_patches.patching import Patch
from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.visibility import CURRENT, Changes

SECONDS = 0.3
SHARE = 0.3

changes = Changes(SECONDS)


def install() -> None:
    """Delays some of the writes of roles."""
    late = Chance("parameters", SHARE)

    def put(original: Any, data: Any) -> Any:
        before = copy.deepcopy(ssm._parameters.get(data.get("Name")))
        reply = original(data)
        if reply[0] == 200 and ":assumed-role/" in iam_evaluator.caller_arn() and late.occurs():
            changes.record(_key(data["Name"]), before)
        return reply

    def select(original: Any, name: Any) -> Any:
        seen = changes.seen(_key(name))
        return original(name) if seen is CURRENT else (seen, None)

    Patch("ministack.services.ssm", "_put_parameter", put).apply()
    Patch("ministack.services.ssm", "_select_parameter", select).apply()


def _key(name: Any) -> tuple[str, str, str]:
    return get_account_id(), get_region(), str(name)
