"""Reads and writes which commit a pipeline was last deployed from: an SSM parameter, which Terraform creates.

A deployment claims the pipeline for its commit before it applies the stack, and records the commit again when its run
has started. SSM has no compare-and-set, so two claims at the same time can both succeed: the workflow's concurrency
group lets one deployment of a pipeline work at a time.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from refit.aws.session import Aws, calling
from refit.domain.setting_values import NEVER
from refit.errors import NotFound, RefitError
from refit.git import HASH


@dataclass(frozen=True)
class CommitClaim:
    """The hash of the commit that claimed the pipeline last, and of the one whose run started last; "" for none."""

    claimed: str = ""
    started: str = ""


def read(aws: Aws, parameter: str) -> CommitClaim | None:
    """The value of `parameter`; None if it does not exist: the stack is not applied, or by an older version.

    Raises RefitError for a value that Refit has not written, AwsError.
    """
    try:
        with calling(f"read the deployed commit {parameter}"):
            value = aws.ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    except NotFound:
        return None
    if value == NEVER:
        return CommitClaim()
    try:
        document = json.loads(value)
        claim = CommitClaim(document["claimed"], document["started"])
        if not all(one == "" or HASH.fullmatch(one) for one in (claim.claimed, claim.started)):
            raise ValueError
    except (ValueError, TypeError, KeyError):
        message = f"the parameter {parameter} does not contain the deployed commit, but {value!r}"
        hint = f"reset it: aws ssm put-parameter --name {parameter} --value {NEVER} --overwrite"
        raise RefitError(message, hint) from None
    return claim


def write(aws: Aws, parameter: str, claim: CommitClaim) -> None:
    """Replaces the value of `parameter`. Raises AwsError."""
    with calling(f"write the deployed commit {parameter}"):
        aws.ssm.put_parameter(Name=parameter, Value=json.dumps(asdict(claim)), Type="String", Overwrite=True)
