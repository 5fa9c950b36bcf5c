"""`refit drift --issue`: one issue per pipeline, with the plan in it, open while there is drift."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from refit.github import Api
from refit.live.drift import SHOWN_CHARACTERS, report
from refit.project import PipelineRef
from tests.support.checkout import write
from tests.support.github_server import REPOSITORY, TOKEN, GitHub, serving

PLAN = '  ~ schedule_expression = "rate(2 days)" -> "rate(1 day)"\n```\n@octocat\nPlan: 0 to add, 1 to change.\n'


@pytest.fixture
def server() -> Iterator[GitHub]:
    with serving() as running:
        yield running


@pytest.fixture
def api(server: GitHub) -> Api:
    return Api(server.url, REPOSITORY, TOKEN, pause=0.001)


@pytest.fixture
def ref(tmp_path: Path) -> PipelineRef:
    return write(tmp_path)


def test_drift_opens_an_issue_with_the_plan_as_an_indented_block(ref: PipelineRef, api: Api, server: GitHub) -> None:
    url = report(ref, PLAN, api)
    (issue,) = server.issues
    assert (issue["html_url"], issue["title"]) == (url, "prod/home-prices has drifted")
    assert [label["name"] if isinstance(label, dict) else label for label in issue["labels"]] == ["drift"]
    block = issue["body"].partition("\n\n")[2].rstrip("\n").splitlines()
    assert [line.removeprefix("    ") for line in block] == PLAN.splitlines()
    assert all(line.startswith("    ") for line in block)


def test_a_second_night_with_drift_updates_the_same_issue(ref: PipelineRef, api: Api, server: GitHub) -> None:
    assert report(ref, PLAN, api) == report(ref, "Plan: 2 to add.\n", api)
    (issue,) = server.issues
    assert "    Plan: 2 to add." in issue["body"]
    assert "schedule_expression" not in issue["body"]


def test_without_drift_the_issue_is_closed_with_a_comment(ref: PipelineRef, api: Api, server: GitHub) -> None:
    url = report(ref, PLAN, api)
    assert report(ref, "", api) == url
    assert server.issues[0]["state"] == "closed"
    assert server.comments[0]["body"] == "`prod/home-prices` no longer has drift."
    assert report(ref, "", api) is None


def test_a_long_plan_is_truncated(ref: PipelineRef, api: Api, server: GitHub) -> None:
    report(ref, "§" * (SHOWN_CHARACTERS + 1_000), api)
    assert server.issues[0]["body"].count("§") == SHOWN_CHARACTERS
