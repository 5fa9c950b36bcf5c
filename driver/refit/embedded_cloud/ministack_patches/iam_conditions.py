"""IAM: the values that a policy's conditions and variables see, and how ARNs are compared."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from ministack.core import iam_evaluator
from ministack.services import iam

from refit.embedded_cloud.ministack_patches.patching import lookup, patch

VARIABLE = re.compile(r"\$\{([^}]*)\}")


@patch("core.iam_evaluator", "_resolve_condition_key")
def describe_the_caller(resolve: Any, key: str, context: Any) -> Any:
    """aws:PrincipalArn of a session is the ARN of its role, and aws:PrincipalIsAWSService is always present.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    name = key.lower()
    if name == "aws:principalarn" and context.principal_type == "AssumedRole":
        role_name = iam_evaluator._role_name_from_assumed_arn(context.principal_arn)
        role = iam._roles.get_scoped(context.principal_account, None, role_name)
        return role["Arn"] if role else context.principal_arn
    if name == "aws:principaltype" and context.principal_type == "Root":
        return "Account"
    if name == "aws:principalisawsservice":
        return str(context.principal_type == "Service").lower()
    if name == "aws:viaawsservice":
        return "false"
    return resolve(key, context)


def _is_arn_like(actual: str, expected: str) -> bool:
    """ArnLike and ArnEquals compare the six parts of an ARN one by one, so a wildcard does not match beyond a colon.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    given, wanted = actual.split(":", 5), expected.split(":", 5)
    if expected == "*":
        return True
    return len(given) == len(wanted) == 6 and all(map(iam_evaluator.fnmatch_iam_cs, given, wanted))


def _is_arn_not_like(actual: str, expected: str) -> bool:
    return not _is_arn_like(actual, expected)


lookup("ministack.core.iam_evaluator", "_CONDITION_OPS")
iam_evaluator._CONDITION_OPS.update(
    dict.fromkeys(("arnlike", "arnequals"), _is_arn_like),
    **dict.fromkeys(("arnnotlike", "arnnotequals"), _is_arn_not_like),
)


@patch("core.iam_evaluator", "_first_match")
def replace_variables(match: Any, context: Any, statements: Any, effect: str) -> Any:
    """Variables such as ${aws:username} are replaced by the request's values. Without a value, nothing matches.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    return match(context, [_expanded(each, context) for each in statements], effect)


def _expanded(statement: Any, context: Any) -> Any:
    parts = (statement.resources, statement.not_resources, statement.conditions)
    if "${" not in str(parts):
        return statement
    resources, not_resources, conditions = (_replaced(part, context) for part in parts)
    return dataclasses.replace(statement, resources=resources, not_resources=not_resources, conditions=conditions)


def _replaced(part: Any, context: Any) -> Any:
    if isinstance(part, dict):
        return {name: _replaced(value, context) for name, value in part.items()}
    if isinstance(part, list):
        return [_replaced(value, context) for value in part]
    return VARIABLE.sub(lambda found: _value(found, context), part) if isinstance(part, str) else part


def _value(found: re.Match[str], context: Any) -> str:
    name, _, default = (part.strip() for part in found[1].partition(","))
    if name == "$":
        return name
    value = iam_evaluator._resolve_condition_key(name, context)
    if isinstance(value, str):
        return value
    return default.strip("'") if default else found[0]
