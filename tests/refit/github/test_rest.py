"""Requests to GitHub's REST API: bounded retries, rate limits, and a token that is in no message."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from refit import github
from tests.support.github_server import REPOSITORY, TOKEN, GitHub, Refusal, serving

MARKER = github.hidden_marker("plan")


@pytest.mark.parametrize("status", [500, 502, 503, 0])
def test_a_passing_fault_is_tried_again(api: github.Api, server: GitHub, status: int) -> None:
    server.refusals = [Refusal(status), Refusal(status)]
    assert github.upsert_comment(api, 7, MARKER, "will retrain")
    assert server.methods() == ["GET", "GET", "GET", "POST"]


def test_the_attempts_are_bounded(api: github.Api, server: GitHub) -> None:
    server.refusals = [Refusal(502)] * 20
    with pytest.raises(github.GitHubError, match=r"rejected GET issues/7/comments.*502 Server Error"):
        github.upsert_comment(api, 7, MARKER, "will retrain")
    assert len(server.requests) == api.attempts


@pytest.mark.parametrize("status", [502, 0])
def test_a_comment_that_may_have_been_written_is_not_sent_again(api: github.Api, server: GitHub, status: int) -> None:
    server.refusals = [Refusal(status, after_doing_it=True)]
    with pytest.raises(github.GitHubError):
        api.send("POST", "issues/7/comments", {"body": "once"})
    assert [comment["body"] for comment in server.comments] == ["once"]
    assert len(server.requests) == 1


def test_a_rate_limit_is_waited_for_and_then_the_comment_is_written(api: github.Api, server: GitHub) -> None:
    server.refusals = [
        Refusal(429, {"Retry-After": "0"}),
        Refusal(403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) - 5)}),
    ]
    assert github.upsert_comment(api, 7, MARKER, "will retrain")


def test_a_rate_limit_of_an_hour_is_not_waited_for(api: github.Api, server: GitHub) -> None:
    server.refusals = [Refusal(403, {"Retry-After": "3600"}, '{"message": "API rate limit exceeded"}')]
    with pytest.raises(github.GitHubError, match="403 API rate limit exceeded"):
        github.upsert_comment(api, 7, MARKER, "will retrain")
    assert len(server.requests) == 1


def test_a_missing_permission_is_answered_with_the_grant_to_write(api: github.Api, server: GitHub) -> None:
    server.refusals = [Refusal(403, body='{"message": "Resource not accessible by integration"}')]
    with pytest.raises(github.GitHubError, match="Resource not accessible by integration") as raised:
        github.upsert_comment(api, 7, MARKER, "will retrain")
    assert "pull-requests: write" in (raised.value.hint or "")
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed_with_the_token(api: github.Api, server: GitHub, status: int) -> None:
    with serving() as elsewhere:
        server.refusals = [Refusal(status, {"Location": f"{elsewhere.url}/repos/{REPOSITORY}/issues/7/comments"}, "")]
        with pytest.raises(github.GitHubError, match=f"{status}"):
            github.upsert_comment(api, 7, MARKER, "will retrain")
        assert elsewhere.requests == []


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(401, body=json.dumps({"message": f"Bad credentials {TOKEN}"})),
        Refusal(200, body=f"<html>{TOKEN}"),
        Refusal(0),
    ],
)
def test_no_message_holds_the_token(server: GitHub, refusal: Refusal) -> None:
    api = github.Api(server.url, REPOSITORY, TOKEN, attempts=1)
    server.refusals = [refusal]
    with pytest.raises(github.GitHubError) as raised:
        github.upsert_comment(api, 7, MARKER, "will retrain")
    assert TOKEN not in f"{raised.value!r} {raised.value} {raised.value.hint} {api!r} {raised.value.__cause__!r}"


def test_a_refused_connection_is_reported_plainly(server: GitHub) -> None:
    api = github.Api("http://127.0.0.1:9", REPOSITORY, TOKEN, attempts=2, pause=0.001)
    with pytest.raises(github.GitHubError, match=r"could not reach GitHub at http://127.0.0.1:9: .*refused"):
        github.upsert_comment(api, 7, MARKER, "will retrain")


def test_the_token_goes_to_no_address_without_tls() -> None:
    with pytest.raises(github.GitHubError, match="must start with https://"):
        github.Api("http://github.example.com/api/v3", REPOSITORY, TOKEN)


def test_the_api_of_the_workflows_repository_comes_from_the_environment(server: GitHub) -> None:
    environ = {"GITHUB_API_URL": server.url, "GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": TOKEN}
    assert github.upsert_comment(github.Api.from_environment(environ), 7, MARKER, "will retrain")


@pytest.mark.parametrize("missing", ["GITHUB_REPOSITORY", "GITHUB_TOKEN"])
def test_a_missing_variable_is_named(missing: str) -> None:
    environ = {"GITHUB_REPOSITORY": REPOSITORY, "GITHUB_TOKEN": TOKEN}
    del environ[missing]
    with pytest.raises(github.GitHubError, match=missing):
        github.Api.from_environment(environ)


def test_the_pull_requests_number_is_in_the_event(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text('{"pull_request": {"number": 12}}')
    assert github.pull_request_number({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}) == 12


def test_outside_github_actions_the_missing_variable_is_named() -> None:
    with pytest.raises(github.GitHubError, match="GITHUB_EVENT_PATH is not set") as raised:
        github.pull_request_number({})
    assert raised.value.hint == "--comment works in GitHub Actions only: leave it out"
    with pytest.raises(github.GitHubError, match="GITHUB_REPOSITORY is not set") as raised:
        github.Api.from_environment({"GITHUB_TOKEN": "t"})
    assert raised.value.hint == "run this in GitHub Actions, or export GITHUB_REPOSITORY=owner/name"


@pytest.mark.parametrize("event", ['{"after": "abc"}', "[]", "", '{"pull_request": null}'])
def test_another_event_has_no_pull_request(tmp_path: Path, event: str) -> None:
    (tmp_path / "event.json").write_text(event)
    with pytest.raises(github.GitHubError, match="does not belong to a pull request"):
        github.pull_request_number({"GITHUB_EVENT_PATH": str(tmp_path / "event.json")})
