"""Reads SSM parameters that a run has written."""

from __future__ import annotations

from refit.aws.session import Aws
from tests.support.waiting import until


def current(aws: Aws, name: str) -> str:
    """The value that was written last. SSM may still answer with the one before; its history has every write."""
    pages = aws.ssm.get_paginator("get_parameter_history").paginate(Name=name)
    newest = max(each["Version"] for page in pages for each in page["Parameters"])
    seen = until(lambda: aws.ssm.get_parameter(Name=name)["Parameter"], lambda found: found["Version"] == newest)
    return str(seen["Value"])
