"""Assumes IAM roles on behalf of AWS services, and checks what the role's policies allow.

Used by the services of this cloud that act with a role: Step Functions, EventBridge Scheduler and SageMaker.
"""

from __future__ import annotations

import json
import secrets
import string
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_region
from ministack.services import iam, sts

from refit.embedded_cloud.ministack_patches import iam_principals
from refit.embedded_cloud.strict import roles

CALL_SECONDS = 900.0


class CannotAssumeRole(Exception):
    """The role does not exist, or does not trust the service."""


@dataclass(frozen=True)
class Actor:
    """A service principal (`states.amazonaws.com`) that uses a role on behalf of the resource `source_arn`."""

    principal: str
    role_arn: str
    session: str
    source_arn: str

    def denial(self, action: str, resource: str) -> str | None:
        """AWS's message if `action` on the ARN `resource` is denied; None if it is allowed, or AUTH is off."""
        if not app.AUTH:
            return None
        try:
            with self.temporary_credentials() as credentials:
                key, service = credentials["AWS_ACCESS_KEY_ID"], action.partition(":")[0]
                denied = iam_evaluator.enforce(key, action, service, get_region(), resource_arn=resource)
        except CannotAssumeRole as error:
            return str(error)
        return denial_message(self.arn, action, resource, denied) if denied else None

    @contextmanager
    def temporary_credentials(self) -> Iterator[dict[str, str]]:
        """Credentials like those of `assume`, valid until the context ends. Raises CannotAssumeRole."""
        credentials = self.assume(CALL_SECONDS)
        try:
            yield credentials
        finally:
            sts._sessions.pop(credentials["AWS_ACCESS_KEY_ID"], None)

    def assume(self, seconds: float) -> dict[str, str]:
        """The role's credentials for `seconds`, as the environment variables of SDKs. Raises CannotAssumeRole."""
        if not app.AUTH:
            return {"AWS_ACCESS_KEY_ID": self._account, "AWS_SECRET_ACCESS_KEY": "test"}
        if not self.is_trusted():
            raise CannotAssumeRole(f"The role {self.role_arn} does not exist, or does not trust {self.principal}.")
        key, secret, token = f"ASIA{secrets.token_hex(8).upper()}", secrets.token_hex(20), secrets.token_hex(32)
        identity = {
            "Arn": self.arn,
            "UserId": f"{(self._record() or {}).get('RoleId', '')}:{self.session}",
            "IssuedAt": time.time(),
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": time.time() + seconds,
        }
        sts.register_session(key, identity)
        return {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}

    @property
    def arn(self) -> str:
        """The ARN of the assumed-role session, as AWS reports the caller."""
        return f"arn:aws:sts::{self._account}:assumed-role/{self._role}/{self.session}"

    @property
    def _account(self) -> str:
        return self.role_arn.split(":")[4]

    @property
    def _role(self) -> str:
        return self.role_arn.rsplit("/", 1)[-1]

    def is_trusted(self) -> bool:
        """Whether the trust policy allows the service to assume the role, under its conditions on source and session.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html
        """
        document = roles.trust_policy(self._account, self._role) or "{}"
        statements = (json.loads(document) if isinstance(document, str) else document).get("Statement", [])
        statements = [statements] if isinstance(statements, dict) else statements
        # ministack does not match service principals, so a statement that names this one is changed to name everyone.
        named = [{**each, "Principal": "*"} for each in statements if self._is_named(each.get("Principal"))]
        context = iam_evaluator.EvalContext(
            principal_arn=self.principal,
            principal_type="Service",
            principal_account=self._account,
            action="sts:AssumeRole",
            resource_arn=self.role_arn,
            region=get_region(),
            service_context={
                "aws:sourceaccount": self._account,
                "aws:sourcearn": self.source_arn,
                "sts:rolesessionname": self.session,
            },
        )
        return bool(iam_evaluator.evaluate_trust_policy({"Statement": named}, self.principal, context))

    def _record(self) -> dict[str, Any] | None:
        role: dict[str, Any] | None = iam._roles.get_scoped(self._account, None, self._role)
        return role

    def _is_named(self, principal: Any) -> bool:
        """Whether a trust policy's principal is the service, in every region or in the current one."""
        services = principal.get("Service", []) if isinstance(principal, dict) else []
        named = [iam_principals.service_of(each) for each in ([services] if isinstance(services, str) else services)]
        own = self.principal.removesuffix(".amazonaws.com")
        return principal == "*" or (own, None) in named or (own, get_region()) in named


def random_session() -> str:
    """A session name as Step Functions chooses it: 32 random letters."""
    return "".join(secrets.choice(string.ascii_letters) for _ in range(32))


def denial_message(caller: str, action: str, resource: str, denied: Any) -> str:
    """AWS's message for ministack's denial `denied`, with the resource, which ministack omits."""
    explicit = getattr(denied, "decision", "") == "Deny"
    reason = "with an explicit deny" if explicit else f"because no identity-based policy allows the {action} action"
    return f"User: {caller} is not authorized to perform: {action} on resource: {resource} {reason}"
