"""IAM: what a policy document may contain, and AWS's messages for what it may not.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

SYNTAX = "Syntax errors in policy."
ELEMENTS = frozenset({"Version", "Id", "Statement"})
STATEMENT_ELEMENTS = frozenset(
    {"Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"}
)
VERSIONS = ("2008-10-17", "2012-10-17")
_OPERATORS = """
StringEquals StringNotEquals StringEqualsIgnoreCase StringNotEqualsIgnoreCase StringLike StringNotLike
NumericEquals NumericNotEquals NumericLessThan NumericLessThanEquals NumericGreaterThan NumericGreaterThanEquals
DateEquals DateNotEquals DateLessThan DateLessThanEquals DateGreaterThan DateGreaterThanEquals
Bool BinaryEquals IpAddress NotIpAddress ArnEquals ArnLike ArnNotEquals ArnNotLike Null
"""
OPERATORS = frozenset(_OPERATORS.split())
SID = re.compile(r"[0-9A-Za-z]*")
CHECK_SID = "Check that your input satisfies the regular expression [0-9A-Za-z]*"
PARTITIONS = ("*", "aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc")
# Services whose ARNs have no region: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
WITHOUT_REGION = {"iam": "IAM resource {} cannot contain region information."}
IAM_PATHS = (
    "user/, federated-user/, role/, group/, instance-profile/, mfa/, server-certificate/, policy/, sms-mfa/, "
    "saml-provider/, oidc-provider/, report/, access-report/"
)


def statements(document: str) -> list[dict[str, Any]] | None:
    """The statements of a document; None if its syntax is not that of a policy."""
    try:
        policy = json.loads(document)
    except ValueError:
        return None
    if not isinstance(policy, dict) or policy.keys() - ELEMENTS:
        return None
    found = policy.get("Statement")
    listed: list[Any] = found if isinstance(found, list) else [found]
    return listed if listed and all(isinstance(each, dict) and _is_statement(each) for each in listed) else None


def version(document: str) -> Any:
    """The document's Version, or None."""
    return json.loads(document).get("Version")


def _is_statement(statement: Mapping[str, Any]) -> bool:
    if statement.keys() - STATEMENT_ELEMENTS or statement.get("Effect") not in ("Allow", "Deny"):
        return False
    for name in ("Action", "Resource"):
        if name in statement and f"Not{name}" in statement:
            return False
        for element in (name, f"Not{name}"):
            found = statement.get(element, [])
            if not isinstance(found, str) and not _are_strings(found):
                return False
    conditions = statement.get("Condition", {})
    return isinstance(statement.get("Sid", ""), str) and isinstance(conditions, dict) and _are_conditions(conditions)


def _are_strings(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(each, str) for each in found)


def _are_conditions(conditions: Mapping[str, Any]) -> bool:
    for operator, keys in conditions.items():
        if not is_operator(operator) or not isinstance(keys, dict):
            return False
        for value in keys.values():
            values = value if isinstance(value, list) else [value]
            if not all(isinstance(each, str | bool | int | float) for each in values):
                return False
    return True


def is_operator(name: str) -> bool:
    """Whether `name` is a condition operator, with its prefix for sets and its suffix IfExists."""
    plain = re.sub(r"^(ForAnyValue|ForAllValues):", "", name)
    return plain.removesuffix("IfExists") in OPERATORS and plain != "NullIfExists"


def problems(found: list[dict[str, Any]]) -> Iterator[str]:
    """AWS's messages for what is wrong in the statements of every kind of policy, the first first."""
    sids = [each["Sid"] for each in found if each.get("Sid")]
    if len(set(sids)) < len(sids):
        yield "Statement IDs (SID) in a single policy must be unique."
    for statement in found:
        if not SID.fullmatch(statement.get("Sid", "")):
            yield f"Statement IDs (SID) must be alpha-numeric. {CHECK_SID}"
        actions = values(statement, "Action")
        if not actions:
            yield "Policy statement must contain actions."
        for action in actions:
            yield from _problems_of_action(action)
        for resource in values(statement, "Resource"):
            yield from _problems_of_resource(resource)


def values(statement: Mapping[str, Any], element: str) -> list[str]:
    """The values of an element ("Action") or of its Not form."""
    found = statement.get(element, statement.get(f"Not{element}", ()))
    return [found] if isinstance(found, str) else list(found)


def _problems_of_action(action: str) -> Iterator[str]:
    vendor, colon, name = action.partition(":")
    if action == "*":
        return
    if not colon:
        yield "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc."
    elif ":" in name:
        yield "Actions/Condition can contain only one colon."
    elif not re.fullmatch(r"[a-zA-Z0-9.-]+", vendor):
        yield f"Vendor {vendor} is not valid"
    elif not re.fullmatch(r"[a-zA-Z0-9*?-]+", name):
        yield SYNTAX


def _problems_of_resource(resource: str) -> Iterator[str]:
    if resource == "*":
        return
    parts = resource.split(":", 5)
    if parts[0] != "arn" or len(parts) < 3:
        yield f'Resource {resource} must be in ARN format or "*".'
        return
    if parts[1] not in PARTITIONS and "$" not in parts[1]:
        padded = [part or "*" for part in parts[2:]] + ["*"] * (6 - len(parts))
        yield f'Partition "{parts[1]}" is not valid for resource "arn:{parts[1]}:{":".join(padded)}".'
    elif len(parts) < 6 or not parts[2]:
        yield "The policy failed legacy parsing"
    elif parts[2] in WITHOUT_REGION and parts[3]:
        yield WITHOUT_REGION[parts[2]].format(resource)
    elif parts[2] == "iam" and parts[5] != "*" and not parts[5].startswith(tuple(IAM_PATHS.split(", "))):
        yield f'IAM resource path must either be "*" or start with {IAM_PATHS}.'
