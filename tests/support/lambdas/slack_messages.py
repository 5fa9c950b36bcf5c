"""Builds the message of a run, and has the parts of it that several tests expect."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from lambdas.slack.message import Message, message
from tests.support.lambdas.stage import run_document

ARN = run_document()["execution_arn"]


NAME = run_document()["name"]


EARLIER = "home-prices-20261121-ffffffff"


ACCEPTED = {
    "decision": "Accepted",
    "reason": "validation:mse is 21.4: meets max = 60",
    "metric": "validation:mse",
    "challenger": 21.4,
    "champion": 22.918,
    "champion_model": EARLIER,
    "rows": 1000,
}


COMPARED = f"mse: challenger 21.4, champion 22.92 ({EARLIER}) on 1,000 held-out rows."


REJECTED = {"decision": "Rejected", "reason": "validation:mse is 70.3: above max = 60", "metric": "validation:mse"}


CONSOLE = "https://us-west-2.console.aws.amazon.com"


RUN_LINK = f"{CONSOLE}/states/home?region=us-west-2#/v2/executions/details/{ARN}"


JOB_LINK = f"{CONSOLE}/sagemaker/home?region=us-west-2#/jobs/{NAME}"


ENDPOINT_LINK = f"{CONSOLE}/sagemaker/home?region=us-west-2#/endpoints/home-prices"


NOW = datetime(2026, 11, 22, 6, 10, 30, tzinfo=UTC)


def spoken(run: dict[str, Any], approval: dict[str, int] | None = None) -> Message:
    settings = {"pipeline": "home-prices", "environment": "prod", "region": "us-west-2", "approval": approval}
    return message(run, ARN, settings, NOW)


def said(run: dict[str, Any], approval: dict[str, int] | None = None) -> list[str]:
    return spoken(run, approval).text.split("\n")
