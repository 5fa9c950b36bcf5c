"""IAM: the principals that a trust policy or a bucket policy can name. AWS rejects policies that name any other."""

from __future__ import annotations

import functools
import lzma
import re
from collections.abc import Iterator
from typing import Any

import botocore.session
from ministack.services import iam

from refit.embedded_cloud.ministack_patches.iam_managed_policies import FILE

KINDS = ("AWS", "Service", "Federated", "CanonicalUser")
ACCOUNT = re.compile(r"(?:arn:aws[a-z-]*:iam::)?(\d{12})(?::root)?")
ENTITY = re.compile(r"arn:aws[a-z-]*:iam::(\d{12}):(role|user)/(?:[\w+=,.@/-]+/)?([\w+=,.@-]+)")
SESSION = re.compile(r"arn:aws[a-z-]*:sts::\d{12}:(assumed-role|federated-user)/[\w+=,.@/-]+")
SERVICE = re.compile(r"([a-z0-9-]+(?:\.[a-z0-9-]+)*?)(?:\.([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com(?:\.cn)?")
# Services that AWS documents but that neither botocore nor a managed policy names.
MORE_SERVICES = frozenset(
    ("edgelambda", "replicator.lambda", "vpc-flow-logs", "monitoring.rds", "ops.apigateway", "logger.cloudfront")
)


def listed(statement: dict[str, Any], element: str = "Principal") -> Iterator[tuple[str, str]]:
    """The (kind, name) of each principal of a statement; "*" is ("AWS", "*")."""
    principal = statement.get(element) or {}
    for kind, names in ({"AWS": principal} if isinstance(principal, str) else dict(principal)).items():
        for name in [names] if isinstance(names, str) else names:
            yield kind, str(name)


def exists(kind: str, name: str) -> bool:
    """Whether AWS accepts the principal: IAM looks up users, roles and services when a policy is stored.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
    """
    if kind == "Service":
        return service_of(name) is not None
    if kind != "AWS" or name == "*" or ACCOUNT.fullmatch(name) or SESSION.fullmatch(name):
        return kind in KINDS
    found = ENTITY.fullmatch(name)
    if not found:
        return False
    entity = (iam._roles if found[2] == "role" else iam._users).get_scoped(found[1], None, found[3])
    return bool(entity) and entity["Arn"] == name


def service_of(name: str) -> tuple[str, str | None] | None:
    """The service and the region that a service principal names; None if there is no such service.

    `states.us-west-2.amazonaws.com` is Step Functions in us-west-2, `states.amazonaws.com` in every region.
    https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
    """
    found = SERVICE.fullmatch(name)
    return (found[1], found[2]) if found and found[1] in services() else None


@functools.cache
def services() -> frozenset[str]:
    """The names of all services: those of botocore's endpoints, and those that AWS's managed policies mention."""
    session = botocore.session.Session()
    partitions = session.get_component("data_loader").load_data("endpoints")["partitions"]
    text = lzma.decompress(FILE.read_bytes()).decode()
    return MORE_SERVICES.union(
        session.get_available_services(),
        *(partition["services"] for partition in partitions),
        re.findall(r'"([a-z0-9.-]+)\.amazonaws\.com"', text),
    )
