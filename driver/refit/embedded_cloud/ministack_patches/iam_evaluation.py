"""IAM: whom a policy names, what its wildcards match, and who is subject to a resource's policy."""

from __future__ import annotations

import dataclasses
import json
import re
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id

from refit.embedded_cloud.ministack_patches.patching import lookup, patch

# What the root user may always do, so that it can repair a policy that denies everything:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-policy-language-overview.html
REPAIRS = frozenset({"s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"})

lookup("ministack.core.iam_evaluator", "_resource_policy")


@patch("core.iam_evaluator", "_principal_matches")
def match_principals(match: Any, principal: Any, caller: str) -> bool:
    """A principal is "*", an account, or one user, role or session: its ARN has no wildcards, and no user is a service.

    ministack lets the root user pass for every service.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    if not isinstance(principal, dict):
        return bool(principal == "*")
    named = _listed(principal.get("AWS"))
    return bool(match({"AWS": [each for each in named if each == "*" or not set(each) & set("*?")]}, caller))


@patch("core.iam_evaluator", "_fnmatch_compile")
def match_every_character(compile_pattern: Any, pattern: str, ignore_case: bool) -> re.Pattern[str]:
    """A wildcard matches any character, and a pattern the whole value: line feeds, which S3's keys may have, included.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
    """
    compiled: re.Pattern[str] = compile_pattern(pattern, ignore_case)
    return re.compile(rf"{compiled.pattern.removesuffix('$')}\Z", compiled.flags | re.DOTALL)


@patch("core.iam_evaluator", "evaluate_resource_policy")
def evaluate_not_principal(evaluate: Any, document: Any, context: Any, *rest: Any, **options: Any) -> Any:
    """A statement with NotPrincipal applies to every caller that it does not name. ministack ignores such statements.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    statements = [_named(each, context.principal_arn) for each in _statements(document)]
    return evaluate({"Statement": statements}, context, *rest, **options)


def _named(statement: Any, caller: str) -> Any:
    if not isinstance(statement, dict) or "NotPrincipal" not in statement:
        return statement
    excepted = statement["NotPrincipal"]
    # An account among them is its root user, not everyone in the account.
    is_excepted = iam_evaluator._names_caller(excepted, caller) or (
        caller.endswith(":root") and iam_evaluator._principal_matches(excepted, caller)
    )
    return {**statement, "Principal": {} if is_excepted else "*"}


def _statements(document: Any) -> list[Any]:
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError:
            return []
    found = document.get("Statement", []) if isinstance(document, dict) else []
    return found if isinstance(found, list) else [found]


@patch("core.iam_evaluator", "enforce")
def deny_root_too(
    enforce: Any,
    key: str,
    action: str,
    service: str,
    region: str,
    resource_arn: str = "*",
    service_context: Any = None,
) -> Any:
    """A Deny in a resource's policy applies to the root user of its account, too, except for calls that repair it.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
    """
    denied = enforce(key, action, service, region, resource_arn=resource_arn, service_context=service_context)
    if denied or action in REPAIRS or not key or not iam_evaluator.is_root_access_key(key):
        return denied
    found = iam_evaluator._resource_policy(service, resource_arn)
    if not found or not found[0]:
        return None
    principal = iam_evaluator.resolve_principal(key, get_account_id())
    context = iam_evaluator.EvalContext(
        principal_arn=principal.arn,
        principal_type=principal.type,
        principal_account=principal.account,
        action=action,
        resource_arn=resource_arn,
        region=region,
        service_context={name.lower(): value for name, value in (service_context or {}).items()},
        principal_keys=principal.keys,
    )
    result = iam_evaluator.evaluate_resource_policy(found[0], context)
    return dataclasses.replace(result, resource_policy_arn=resource_arn) if result.decision == "Deny" else None


@patch("core.iam_evaluator", "_trust_principal_matches")
def never_trust_root(matches: Any, principal: Any, caller: str, federated: bool) -> bool:
    """The root user cannot assume a role, whatever the role's trust policy says.

    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
    """
    return (federated or not caller.endswith(":root")) and bool(matches(principal, caller, federated))


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())
