"""IAM: a new role, or a change of a role's trust policy or policies, is not in force at once.

https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id
from ministack.services import iam

from refit.embedded_cloud.ministack_patches.patching import Patch
from refit.embedded_cloud.strict.visibility import CURRENT, Changes

SECONDS = 1.0
CHANGING = (
    "CreateRole",
    "DeleteRole",
    "UpdateAssumeRolePolicy",
    "PutRolePolicy",
    "DeleteRolePolicy",
    "AttachRolePolicy",
    "DetachRolePolicy",
)

Handle = Callable[[Mapping[str, Any]], tuple[int, dict[str, str], bytes]]


class Role(NamedTuple):
    """A role as services see it: its trust policy, "" if it does not exist, and the statements of its policies."""

    trust: Any
    policies: list[Any]


changes = Changes(SECONDS)
_gather = iam_evaluator._gather_role_policies


def trust_policy(account: str, name: str) -> Any:
    """The role's trust policy that is in force; "" if the role does not exist, or is too new."""
    seen = changes.seen((account, name))
    return _trust(account, name) if seen is CURRENT else seen.trust


def _trust(account: str, name: str) -> Any:
    return (iam._roles.get_scoped(account, None, name) or {}).get("AssumeRolePolicyDocument") or ""


def _policies_in_force(gather: Any, name: str, account: str) -> Any:
    seen = changes.seen((account, name))
    return gather(name, account) if seen is CURRENT else seen.policies


def _remembering(handle: Handle) -> Handle:
    def handling(parameters: Mapping[str, Any]) -> tuple[int, dict[str, str], bytes]:
        name, account = str(iam._p(parameters, "RoleName") or ""), get_account_id()
        before = Role(_trust(account, name), _gather(name, account))
        reply = handle(parameters)
        if reply[0] == 200:
            changes.record((account, name), before)
        return reply

    return handling


def install() -> None:
    """Delays every change of a role."""
    for action in CHANGING:
        iam._IAM_HANDLERS[action] = _remembering(iam._IAM_HANDLERS[action])
    Patch("ministack.core.iam_evaluator", "_gather_role_policies", _policies_in_force).apply()
