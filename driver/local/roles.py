"""What a service may do with a role that it assumes, by the policies of the emulated IAM.

For the parts of the cloud that act for a role without sending a request: the state machine and the scheduler.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_region
from ministack.services import iam, sts


@dataclass(frozen=True)
class Actor:
    """A service (`states.amazonaws.com`) that acts with a role, on behalf of the resource `source_arn`."""

    principal: str
    role_arn: str
    session: str
    source_arn: str

    def denial(self, action: str, resource: str) -> str | None:
        """Why it may not do `action` on the ARN `resource`, in AWS's words; None when it may, or AUTH is off."""
        if not app.AUTH:
            return None
        if not self._is_trusted():
            return f"The role {self.role_arn} does not exist, or does not trust {self.principal}."
        key, secret = f"ASIA{secrets.token_hex(8).upper()}", secrets.token_hex(20)
        identity = {"Arn": self.arn, "UserId": f"{self._role}:{self.session}", "SecretAccessKey": secret}
        sts.register_session(key, {**identity, "SessionToken": secret})
        try:
            denied = iam_evaluator.enforce(key, action, action.partition(":")[0], get_region(), resource_arn=resource)
        finally:
            sts._sessions.pop(key, None)
        return denial_message(self.arn, action, resource, denied) if denied else None

    @property
    def arn(self) -> str:
        """The assumed role, as an answer of AWS names the caller."""
        return f"arn:aws:sts::{self._account}:assumed-role/{self._role}/{self.session}"

    @property
    def _account(self) -> str:
        return self.role_arn.split(":")[4]

    @property
    def _role(self) -> str:
        return self.role_arn.rsplit("/", 1)[-1]

    def _is_trusted(self) -> bool:
        role = iam._roles.get_scoped(self._account, None, self._role)
        document = (role or {}).get("AssumeRolePolicyDocument") or "{}"
        statements = (json.loads(document) if isinstance(document, str) else document).get("Statement", [])
        statements = [statements] if isinstance(statements, dict) else statements
        # ministack matches no service principal: a statement that names this one is made to name everybody.
        named = [{**each, "Principal": "*"} for each in statements if self._is_named(each.get("Principal"))]
        context = iam_evaluator.EvalContext(
            principal_arn=self.principal,
            principal_type="Service",
            principal_account=self._account,
            action="sts:AssumeRole",
            resource_arn=self.role_arn,
            region=get_region(),
            service_context={"aws:sourceaccount": self._account, "aws:sourcearn": self.source_arn},
        )
        return bool(iam_evaluator.evaluate_trust_policy({"Statement": named}, self.principal, context))

    def _is_named(self, principal: Any) -> bool:
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        return principal == "*" or self.principal in ([services] if isinstance(services, str) else services)


def denial_message(caller: str, action: str, resource: str, denied: Any) -> str:
    """What AWS says of ministack's refusal `denied`, with the resource, which ministack leaves out."""
    explicit = getattr(denied, "decision", "") == "Deny"
    reason = "with an explicit deny" if explicit else f"because no identity-based policy allows the {action} action"
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource} {reason}"
