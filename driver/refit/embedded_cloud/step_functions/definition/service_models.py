"""Finds the services, operations and parameters of AWS SDK integrations in botocore's models.

Step Functions calls the AWS SDK for Java 2.x and takes its names: a service's ID without spaces and "Service",
an operation that begins with a small letter, and members with `Db` where the API says `DB` (rds: DbInstanceIdentifier).
https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
https://github.com/aws/aws-sdk-java-v2, software.amazon.awssdk.codegen.naming.DefaultNamingStrategy
"""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape

Naming = Callable[[str], str]

HEAD = 4096
"""A model's metadata stands at its beginning; the whole of it is loaded only for a service that is used."""

OTHER_NAMES = {"Config Service": "config", "Cost Explorer": "costexplorer", "Directory Service": "directory"}


@functools.cache
def _session() -> botocore.session.Session:
    return botocore.session.Session()


@functools.cache
def model(service: str) -> ServiceModel:
    """The model of a service, by botocore's name."""
    return _session().get_service_model(service)


@functools.cache
def services() -> Mapping[str, str]:
    """botocore's names of the services, by the names that Step Functions gives them."""
    loader = _session().get_component("data_loader")
    names = {}
    for service in loader.list_available_services("service-2"):
        version = loader.determine_latest_version(service, "service-2")
        service_id = next(filter(None, (_service_id(Path(path) / service / version) for path in loader.search_paths)))
        names[sdk_name(service_id)] = service
    return names


def _service_id(folder: Path) -> str | None:
    for name in ("service-2.json.gz", "service-2.json"):
        file = folder / name
        if file.is_file():
            with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as content:
                found = re.search(rb'"serviceId"\s*:\s*"([^"]+)"', content.read(HEAD))
            return found[1].decode() if found else folder.parent.name
    return None


def sdk_name(service_id: str) -> str:
    """The name in arn:aws:states:::aws-sdk:<name>:…"""
    if service_id in OTHER_NAMES:
        return OTHER_NAMES[service_id]
    return re.sub(r"[\s-]", "", service_id).lower().removesuffix("service")


def operation(service: str, name: str) -> OperationModel | None:
    """The operation of a service by botocore's names; None if there is none, or if it streams events."""
    found = model(service)
    if name not in found.operation_names:
        return None
    shapes = found.operation_model(name)
    return None if shapes.has_event_stream_input or shapes.has_event_stream_output else shapes


def capitalized(member: str) -> str:
    """The name of a member for an optimized integration."""
    return member[:1].upper() + member[1:]


def java_name(member: str) -> str:
    """The name of a member for an AWS SDK integration: DBName → DbName, ACL → Acl, SSEKMSKeyId → SsekmsKeyId."""
    if member == "Equals":
        return "EqualsValue"
    capitals = re.match(r"[A-Z]*", member)
    leading = capitals.end() if capitals else 0
    if leading > 1:
        keep = leading if leading == len(member) or not member[leading].islower() else leading - 1
        member = member[:keep].lower() + member[keep:]
    return capitalized(member)


def members(shape: Any, naming: Naming) -> Mapping[str, Shape]:
    """The members of a structure, by the names that Step Functions gives them; none of an operation without input."""
    return {naming(name): member for name, member in shape.members.items()} if shape else {}


def required(shape: Any, naming: Naming) -> list[str]:
    """The members that a structure needs, without those that an SDK fills in: tokens that make a call idempotent."""
    if not shape:
        return []
    return [naming(name) for name in shape.required_members if not shape.members[name].metadata.get("idempotencyToken")]
