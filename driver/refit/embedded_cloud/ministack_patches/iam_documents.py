"""IAM: malformed policies are rejected with AWS's messages, and so are policies that are too long.

ministack checks little of an identity-based policy, and nothing of a trust policy.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ministack.services import iam

from refit.embedded_cloud.ministack_patches import iam_grammar, iam_principals
from refit.embedded_cloud.ministack_patches.iam_requests import Parameters, Reply, check, rejection, value

MALFORMED = "MalformedPolicyDocument"
OLD_VERSION = "Policy document must be version 2012-10-17 or greater."
ASSUME = re.compile(
    r"sts:(AssumeRole|AssumeRoleWithSAML|AssumeRoleWithWebIdentity|SetContext|SetSourceIdentity|TagSession|\*)"
)
# In characters without white space: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MAX_MANAGED = 6144
MAX_TRUST = 2048
MAX_INLINE = {"Role": 10240, "User": 2048, "Group": 5120}


@check("CreateRole", "UpdateAssumeRolePolicy")
def check_trust_policy(parameters: Parameters) -> Reply | None:
    """A trust policy names principals that exist and actions of STS, and no resources.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
    """
    is_update = value(parameters, "Action") == "UpdateAssumeRolePolicy"
    if is_update and value(parameters, "RoleName") not in iam._roles:
        return None  # the role does not exist, which is reported first
    document = value(parameters, "PolicyDocument" if is_update else "AssumeRolePolicyDocument")
    try:
        json.loads(document)
    except (ValueError, RecursionError):
        return rejection(400, MALFORMED, "This policy contains invalid Json")  # AWS's words: AWSCookbook/Security#2
    return _rejection(document, _problems_of_trust) or _too_long(document, MAX_TRUST, "ACLSizePerRole")


@check("CreatePolicy", "CreatePolicyVersion")
def check_managed_policy(parameters: Parameters) -> Reply | None:
    """A managed policy has actions and resources, and no principal.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
    """
    document = value(parameters, "PolicyDocument")
    return _rejection(document, _problems_of_identity) or _too_long(document, MAX_MANAGED, "PolicySize")


@check("PutRolePolicy", "PutUserPolicy", "PutGroupPolicy")
def check_inline_policy(parameters: Parameters) -> Reply | None:
    """Like a managed policy; all inline policies of an entity together have a maximum length.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_PutRolePolicy.html
    """
    document, own = value(parameters, "PolicyDocument"), value(parameters, "PolicyName")
    for kind, limit in MAX_INLINE.items():
        name = value(parameters, f"{kind}Name")
        if not name:
            continue
        others = _inline_policies(kind, name)
        if others is None:
            return None  # the entity does not exist, which is reported first
        length = sum(_length(each) for key, each in others.items() if key != own) + _length(document)
        if length > limit:
            message = f"Maximum policy size of {limit} bytes exceeded for {kind.lower()} {name}"
            return _rejection(document, _problems_of_identity) or rejection(409, "LimitExceeded", message)
    return _rejection(document, _problems_of_identity)


def _inline_policies(kind: str, name: str) -> dict[str, Any] | None:
    if kind == "Role":
        role = iam._roles.get(name)
        return dict(role["InlinePolicies"]) if role else None
    entities, policies = (
        (iam._users, iam._user_inline_policies) if kind == "User" else (iam._groups, iam._group_inline_policies)
    )
    return dict(policies.get(name) or {}) if entities.get(name) else None


def _length(document: object) -> int:
    return len(re.sub(r"\s", "", str(document)))


def _too_long(document: str, limit: int, quota: str) -> Reply | None:
    if _length(document) <= limit:
        return None
    return rejection(409, "LimitExceeded", f"Cannot exceed quota for {quota}: {limit}")


def _rejection(document: str, problems: Any) -> Reply | None:
    statements = iam_grammar.statements(document)
    problem = next(problems(document, statements), None) if statements else iam_grammar.SYNTAX
    return rejection(400, MALFORMED, problem) if problem else None


def _problems_of_identity(document: str, statements: list[dict[str, Any]]) -> Iterator[str]:
    if iam_grammar.version(document) not in iam_grammar.VERSIONS[1:]:
        yield OLD_VERSION if iam_grammar.version(document) in (None, *iam_grammar.VERSIONS) else iam_grammar.SYNTAX
    if any("Principal" in each or "NotPrincipal" in each for each in statements):
        yield "Policy document should not specify a principal."
    yield from iam_grammar.problems(statements)
    if not all(iam_grammar.values(each, "Resource") for each in statements):
        yield "Policy statement must contain resources."


def _problems_of_trust(document: str, statements: list[dict[str, Any]]) -> Iterator[str]:
    if iam_grammar.version(document) not in (None, *iam_grammar.VERSIONS):
        yield iam_grammar.SYNTAX
    yield from iam_grammar.problems(statements)
    for statement in statements:
        if "Resource" in statement or "NotResource" in statement:
            yield "Has prohibited field Resource."
        if "Principal" not in statement and "NotPrincipal" not in statement:
            yield "Missing required field Principal"
        if not all(ASSUME.fullmatch(action) for action in iam_grammar.values(statement, "Action")):
            yield "AssumeRole policy may only specify STS AssumeRole actions."
        for kind, name in iam_principals.listed(statement):
            if not iam_principals.exists(kind, name):
                word = "SERVICE" if kind == "Service" else kind.upper()
                yield f'Invalid principal in policy: "{word}":"{name}"'
