"""A request that AWS refuses, and the names of what the requests refer to (benchmarks.fidelity.world creates it)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ACCOUNT = "000000000000"
REGION = "us-west-2"
BUCKET = "homes"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/worker"
STRANGER = f"arn:aws:iam::{ACCOUNT}:role/stranger"
"""A role that trusts no service."""
IMAGE = f"174872318107.dkr.ecr.{REGION}.amazonaws.com/linear-learner:1"
NAME = "homes"
"""The name of the role's model, endpoint config, endpoint, training job, state machine, function and so on."""


@dataclass(frozen=True)
class Refusal:
    """A request of `operation`, boto3's name of it, with AWS's error code and a part of AWS's message."""

    title: str
    operation: str
    request: Mapping[str, Any]
    code: str
    words: str = ""
