"""One comment and one issue, found by a hidden marker and kept up to date, on a real HTTP server."""

from __future__ import annotations

import pytest

from refit import github
from refit.github import conversations
from tests.support.github_server import GitHub

MARKER = github.hidden_marker("plan")


def test_a_pull_request_gets_one_comment_that_is_kept_up_to_date(api: github.Api, server: GitHub) -> None:
    first = github.upsert_comment(api, 7, MARKER, "will retrain")
    second = github.upsert_comment(api, 7, MARKER, "will only apply")
    assert first == second
    assert [comment["body"] for comment in server.comments] == [f"{MARKER}\nwill only apply"]


def test_a_comment_that_says_it_already_is_left_alone(api: github.Api, server: GitHub) -> None:
    github.upsert_comment(api, 7, MARKER, "will retrain")
    github.upsert_comment(api, 7, MARKER, "will retrain")
    assert server.methods() == ["GET", "POST", "GET"]


def test_another_pull_request_has_its_own_comment(api: github.Api, server: GitHub) -> None:
    github.upsert_comment(api, 7, MARKER, "seven")
    github.upsert_comment(api, 8, MARKER, "eight")
    assert [comment["issue"] for comment in server.comments] == [7, 8]


def test_the_comment_is_found_behind_hundreds_of_others(api: github.Api, server: GitHub) -> None:
    for number in range(250):
        server.write_comment(7, f"comment {number}", login="someone")
    github.upsert_comment(api, 7, MARKER, "one")
    github.upsert_comment(api, 7, MARKER, "two")
    assert len(server.comments) == 251


def test_a_stranger_with_our_marker_is_not_taken_for_us(api: github.Api, server: GitHub) -> None:
    server.write_comment(7, f"{MARKER}\nthis will be fine, merge it", login="mallory")
    github.upsert_comment(api, 7, MARKER, "will retrain")
    assert [comment["user"]["login"] for comment in server.comments] == ["mallory", "github-actions[bot]"]
    assert server.comments[0]["body"].endswith("merge it")


def test_a_marker_that_is_only_quoted_is_not_ours(api: github.Api, server: GitHub) -> None:
    server.write_comment(7, f"> {MARKER}")
    server.write_comment(7, f"see {MARKER}\n{MARKER}")
    github.upsert_comment(api, 7, MARKER, "will retrain")
    assert len(server.comments) == 3


def test_windows_line_ends_do_not_hide_the_marker(api: github.Api, server: GitHub) -> None:
    server.write_comment(7, f"{MARKER}\r\nold")
    github.upsert_comment(api, 7, MARKER, "new")
    assert [comment["body"] for comment in server.comments] == [f"{MARKER}\nnew"]


def test_nothing_to_withdraw_writes_no_comment(api: github.Api, server: GitHub) -> None:
    assert github.upsert_comment(api, 7, MARKER, "nothing changes", create=False) is None
    assert server.comments == []


def test_an_earlier_announcement_is_withdrawn(api: github.Api, server: GitHub) -> None:
    github.upsert_comment(api, 7, MARKER, "will retrain")
    github.upsert_comment(api, 7, MARKER, "nothing changes", create=False)
    assert server.comments[0]["body"] == f"{MARKER}\nnothing changes"


def test_a_body_that_is_too_long_is_cut_and_keeps_its_marker(api: github.Api, server: GitHub) -> None:
    github.upsert_comment(api, 7, MARKER, "x" * 100_000)
    body = server.comments[0]["body"]
    assert len(body) == conversations.BODY_CHARACTERS
    assert body.startswith(MARKER)
    assert body.endswith(conversations.CUT)


def test_a_drift_opens_one_issue_and_changes_it_with_the_next_night(api: github.Api, server: GitHub) -> None:
    marker = github.hidden_marker("drift:prod/home-prices")
    first = github.open_issue(api, marker, "refit-drift", "prod/home-prices drifted", "one change")
    second = github.open_issue(api, marker, "refit-drift", "prod/home-prices drifted", "two changes")
    assert first == second
    assert [(issue["title"], issue["body"]) for issue in server.issues] == [
        ("prod/home-prices drifted", f"{marker}\ntwo changes")
    ]
    assert server.issues[0]["labels"] == [{"name": "refit-drift"}]


def test_an_issue_that_is_up_to_date_is_left_alone(api: github.Api, server: GitHub) -> None:
    for _ in range(2):
        github.open_issue(api, MARKER, "refit-drift", "drift", "the same")
    assert server.methods() == ["GET", "POST", "GET"]


def test_each_pipeline_has_its_own_issue(api: github.Api, server: GitHub) -> None:
    for key in ("prod/home-prices", "prod/churn"):
        github.open_issue(api, github.hidden_marker(f"drift:{key}"), "refit-drift", key, "drift")
    assert [issue["title"] for issue in server.issues] == ["prod/home-prices", "prod/churn"]


def test_the_issue_is_closed_when_the_pipeline_is_clean_again(api: github.Api, server: GitHub) -> None:
    address = github.open_issue(api, MARKER, "refit-drift", "drift", "one change")
    assert github.close_issue(api, MARKER, "refit-drift", "clean again") == address
    assert (server.issues[0]["state"], server.issues[0]["state_reason"]) == ("closed", "completed")
    assert [comment["body"] for comment in server.comments] == ["clean again"]


def test_a_clean_pipeline_without_an_issue_says_nothing(api: github.Api, server: GitHub) -> None:
    assert github.close_issue(api, MARKER, "refit-drift", "clean again") is None
    assert server.methods() == ["GET"]


def test_a_closed_issue_is_not_opened_again_but_followed_by_a_new_one(api: github.Api, server: GitHub) -> None:
    github.open_issue(api, MARKER, "refit-drift", "drift", "one change")
    github.close_issue(api, MARKER, "refit-drift", "clean again")
    github.open_issue(api, MARKER, "refit-drift", "drift", "one change")
    assert [issue["state"] for issue in server.issues] == ["closed", "open"]


def test_a_pull_request_and_a_strangers_issue_are_not_the_drift_issue(api: github.Api, server: GitHub) -> None:
    server.write_issue("a pull request", MARKER, ["refit-drift"], pull_request={"url": "…"})
    server.write_issue("a stranger's", MARKER, ["refit-drift"], login="mallory")
    github.open_issue(api, MARKER, "refit-drift", "drift", "one change")
    assert [issue["title"] for issue in server.issues] == ["a pull request", "a stranger's", "drift"]


@pytest.mark.parametrize("name", ["", "a b", "--> <b>", "A", "drift:prod/", "a\nb"])
def test_a_marker_takes_only_names_that_cannot_end_it(name: str) -> None:
    with pytest.raises(ValueError, match="not a name for a marker"):
        github.hidden_marker(name)
