"""Builds links to the AWS console, for messages to users. Pure."""

from __future__ import annotations

from typing import NamedTuple

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html: partitions. Each has its own console.
DOMAINS = {"cn-": "console.amazonaws.cn", "us-gov-": "console.amazonaws-us-gov.com"}


class Link(NamedTuple):
    """The label and the URL of a console page."""

    about: str
    url: str


def execution(region: str, arn: str) -> Link:
    return Link("Execution", f"{_home(region, 'states')}#/v2/executions/details/{arn}")


def training_job(region: str, name: str) -> Link:
    return Link("Training job", f"{_home(region, 'sagemaker')}#/jobs/{name}")


def endpoint(region: str, name: str) -> Link:
    return Link("Endpoint", f"{_home(region, 'sagemaker')}#/endpoints/{name}")


def _home(region: str, service: str) -> str:
    domain = next((domain for start, domain in DOMAINS.items() if region.startswith(start)), "console.aws.amazon.com")
    return f"https://{region}.{domain}/{service}/home?region={region}"
