"""S3: malformed bucket policies are rejected with AWS's messages, and another account's policy is evaluated.

ministack stores any text as a policy.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.services import s3

from refit.embedded_cloud.ministack_patches import iam_principals
from refit.embedded_cloud.ministack_patches.iam_grammar import is_operator
from refit.embedded_cloud.ministack_patches.patching import patch
from refit.embedded_cloud.ministack_patches.s3_actions import ON_BUCKETS, ON_OBJECTS

# https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html
MAX_BYTES = 20 * 1024
VERSIONS = ("2008-10-17", "2012-10-17")


@patch("services.s3", "_put_bucket_policy")
def reject_malformed_policies(put: Any, bucket: str, body: bytes) -> Any:
    """AWS rejects policies that it cannot evaluate, or that name resources or principals which do not fit.

    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
    """
    if bucket in s3._buckets:
        if len(body) > MAX_BYTES:
            message = f"Policy exceeds the maximum allowed document size of {MAX_BYTES} bytes."
            return s3._error("PolicyTooLarge", message, 400)
        problem = next(_problems(body, bucket), None)
        if problem:
            return s3._error("MalformedPolicy", problem, 400)
    return put(bucket, body)


def _problems(body: bytes, bucket: str) -> Iterator[str]:
    try:
        document = json.loads(body)
    except ValueError:
        document = None
    if not isinstance(document, dict):
        yield "Policies must be valid JSON and the first byte must be '{'"
        return
    if document.get("Version", VERSIONS[0]) not in VERSIONS:
        yield "The policy must contain a valid version string"
    statements = document.get("Statement")
    if statements is None:
        yield "Missing required field Statement"
    elif statements == []:
        yield "Could not parse the policy: Statement is empty!"
    for statement in statements if isinstance(statements, list) else [statements]:
        if not isinstance(statement, dict):
            yield "Policies must be valid JSON and the first byte must be '{'"
            return
        yield from _problems_of(statement, bucket)


def _problems_of(statement: Mapping[str, Any], bucket: str) -> Iterator[str]:
    for element in ("Effect", "Principal", "Action", "Resource"):
        if element not in statement and (element == "Effect" or f"Not{element}" not in statement):
            yield f"Missing required field {element}"
    if statement.get("Effect") not in ("Allow", "Deny"):
        yield f"Invalid effect: {statement.get('Effect')}"
    for element in ("Principal", "NotPrincipal"):
        principals = list(iam_principals.listed(dict(statement), element))
        if element in statement and not (principals and all(iam_principals.exists(*each) for each in principals)):
            yield "Invalid principal in policy"
    for operator in statement.get("Condition") or ():
        if not is_operator(operator):
            yield f"Invalid Condition type : {operator}"
    actions = [_known(pattern) for pattern in _listed(statement, "Action")]
    if not all(actions):
        yield "Policy has invalid action"
    resources = _listed(statement, "Resource")
    own = f"arn:aws:s3:::{bucket}"
    if not all(each == own or each.startswith(f"{own}/") for each in resources):
        yield "Policy has invalid resource"
    fitting = (ON_OBJECTS if any("/" in each for each in resources) else frozenset()) | (
        ON_BUCKETS if own in resources else frozenset()
    )
    if any(not known & fitting for known in actions):
        yield "Action does not apply to any resource(s) in statement"


def _listed(statement: Mapping[str, Any], element: str) -> list[str]:
    """The values of an element or of its Not form."""
    found = statement.get(element, statement.get(f"Not{element}", ()))
    return [found] if isinstance(found, str) else [str(each) for each in found]


def _known(pattern: str) -> frozenset[str]:
    """The actions of S3 that a pattern such as s3:Get* matches."""
    return frozenset(each for each in ON_OBJECTS | ON_BUCKETS if iam_evaluator.fnmatch_iam(f"s3:{each}", pattern))


@patch("services.s3", "bucket_policy_for_arn")
def find_policies_of_other_accounts(find: Any, arn: str) -> Any:
    """The policy and the owner of a bucket of any account: across accounts, both policies must allow a request.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
    """
    found = find(arn)
    if found is not None or not arn.startswith("arn:aws:s3:::"):
        return found
    bucket = arn.removeprefix("arn:aws:s3:::").partition("/")[0]
    owner = s3._bucket_owner_account(bucket)
    return (s3._bucket_policies.get_scoped(owner, None, bucket) or "", owner) if owner else None


@patch("services.s3", "_foreign_bucket_allows")
def let_checked_callers_in(
    allows: Any, owner: str, bucket: str, key: str, method: str, query: Any, caller: str, headers: Any = None
) -> bool:
    """A user or role of another account reaches the bucket if both policies allow it, which `enforce` has checked.

    ministack evaluates the bucket's policy for the whole account of the caller, which it then does not name.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-walkthroughs-managing-access-example2.html
    """
    if allows(owner, bucket, key, method, query, caller, headers):
        return True
    policy = s3._bucket_policies.get_scoped(owner, None, bucket) or ""
    restricted = s3._public_access_blocked(owner, bucket, "RestrictPublicBuckets") and s3._policy_is_public(policy)
    is_checked = app.AUTH and bool(caller) and not iam_evaluator.caller_arn().endswith(":root")
    return bool(policy) and is_checked and not restricted
