"""Slack messages: which notify the channel, how texts are escaped and cut, and their links."""

from __future__ import annotations

from typing import Any

import pytest

from lambdas.slack.phases import MAX_REASON
from refit.domain import console_links
from tests.support.lambdas.slack_messages import ARN, said, spoken
from tests.support.lambdas.stage import DEPLOYMENT, JOB_COMPLETED, TRAINING, run_document

LOUD = [
    {"failed": {"DeployModel": {"Error": "X"}}},
    {"status": {"state": "JobFailed", "reason": "x"}},
    {"status": {"state": "DeploymentFailed", "reason": "x"}},
    {"status": JOB_COMPLETED, "evaluation": {"decision": "Rejected", "reason": "x"}},
    {"status": JOB_COMPLETED},
]
QUIET = [{}, {"deployment": DEPLOYMENT}, {"status": JOB_COMPLETED, "parameters": {"watermark": None, "advanced": True}}]


@pytest.mark.parametrize(("sections", "loud"), [*((each, True) for each in LOUD), *((each, False) for each in QUIET)])
def test_the_channel_is_to_notice_what_failed_and_what_waits(sections: dict[str, Any], loud: bool) -> None:
    assert spoken(run_document(**sections), {"timeout_minutes": 60}).loud is loud


def test_nothing_that_a_run_meets_can_speak_slacks_markup() -> None:
    status = {"state": "JobFailed", "detail": "", "reason": "<!channel> a & b <https://evil.example|click>"}
    lines = said(run_document(training=TRAINING, status=status))
    assert lines[1] == "&lt;!channel&gt; a &amp; b &lt;https://evil.example|click&gt;"


def test_a_long_reason_is_cut() -> None:
    status = {"state": "JobFailed", "detail": "", "reason": "x" * 50_000}
    assert len(said(run_document(training=TRAINING, status=status))[1]) == MAX_REASON + 1


@pytest.mark.parametrize(
    ("region", "start"),
    [
        ("eu-west-1", "https://eu-west-1.console.aws.amazon.com/states/"),
        ("cn-north-1", "https://cn-north-1.console.amazonaws.cn/states/"),
        ("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/states/"),
    ],
)
def test_each_partition_has_its_own_console(region: str, start: str) -> None:
    assert console_links.execution(region, ARN).url.startswith(start)
