"""IAM: AWS's managed policies, with AWS's documents. Only policies that exist can be attached.

ministack has a few of AWS's policies, and attaches any other ARN without an error, although it then grants nothing.
"""

from __future__ import annotations

import json
import lzma
import re
from pathlib import Path
from typing import Any

from ministack.services import iam

from refit.embedded_cloud.ministack_patches.iam_requests import Parameters, Reply, check, rejection, value
from refit.embedded_cloud.ministack_patches.patching import lookup, patch

# The default versions of all 1,485 policies in May 2026, which the moto project (5.2.1, Apache License 2.0) exported
# from AWS: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/
FILE = Path(__file__).with_name("aws_managed_policies.json.xz")
SERVICE_ROLE_POLICIES = "arn:aws:iam::aws:policy/aws-service-role/"
ARN = re.compile(r"arn:aws[a-z-]*:iam::(aws|\d{12}):policy/[\w+=,.@/-]+")
ENTITIES = {"Role": iam._roles, "User": iam._users, "Group": iam._groups}
# PoliciesPerRole and so on: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MAX_ATTACHED = 10

lookup("ministack.services.iam", "_aws_managed_policies")
iam._aws_managed_policies.clear()


def load() -> None:
    """Reads AWS's managed policies, unless they are read already. A cloud that uses none of them starts sooner."""
    if iam._aws_managed_policies:
        return
    for name, policy in json.loads(lzma.decompress(FILE.read_bytes())).items():
        record = iam._make_aws_managed_record(name, json.dumps(policy["document"]))
        version, times = policy["version"], {"CreateDate": policy["created"], "UpdateDate": policy["updated"]}
        default = {**record["Versions"]["v1"], "VersionId": version, "CreateDate": policy["updated"]}
        record |= {**times, "DefaultVersionId": version, "Versions": {version: default}}
        iam._aws_managed_policies[record["Arn"]] = record


@patch("services.iam", "_seed_aws_managed_policies")
def read_again_when_needed(_: Any) -> None:
    """After a reset, `load` reads AWS's policies again; those of ministack are not used.

    https://docs.aws.amazon.com/aws-managed-policy/latest/reference/
    """


@patch("services.iam", "_lookup_policy")
def find_policy(find: Any, arn: str) -> Any:
    """The managed policy with this ARN, AWS's or the account's; None if it does not exist.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetPolicy.html
    """
    if iam._is_aws_managed_arn(arn):
        load()
    return find(arn)


@check("ListPolicies")
def list_policies_of_aws(_: Parameters) -> None:
    """ListPolicies returns AWS's policies too, unless the Scope is Local."""
    load()


@check("AttachRolePolicy", "AttachUserPolicy", "AttachGroupPolicy")
def check_attachment(parameters: Parameters) -> Reply | None:
    """AWS rejects policies that do not exist or that only a service's own role may have, and more than ten.

    https://docs.aws.amazon.com/IAM/latest/APIReference/API_AttachRolePolicy.html
    """
    arn = value(parameters, "PolicyArn")
    if not ARN.fullmatch(arn):
        return rejection(400, "InvalidInput", f"ARN {arn} is not valid.")
    policy = iam._lookup_policy(arn)
    if policy is None:
        return rejection(404, "NoSuchEntity", f"Policy {arn} does not exist or is not attachable.")
    if arn.startswith(SERVICE_ROLE_POLICIES):
        return rejection(400, "PolicyNotAttachable", "Cannot attach a Service Role Policy to a Customer Role.")
    for kind, entities in ENTITIES.items():
        attached = (entities.get(value(parameters, f"{kind}Name")) or {}).get("AttachedPolicies", ())
        if arn not in attached and len(attached) >= MAX_ATTACHED:
            return rejection(409, "LimitExceeded", f"Cannot exceed quota for PoliciesPer{kind}: {MAX_ATTACHED}")
    return None
