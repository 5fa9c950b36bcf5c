"""A run's thread in Slack, over real HTTP: a first message that is kept up to date, and a reply for each phase."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lambdas.aws import clients
from lambdas.notify_slack import handler
from lambdas.slack import token as slack_token
from refit.domain.errors import Throttled
from tests.support.lambdas.clock import Clock
from tests.support.lambdas.fakes import Fault
from tests.support.lambdas.slack_server import DROP, HANG, PASS, Slack, connected, event, refusal
from tests.support.lambdas.stage import DEPLOYMENT, JOB_COMPLETED, TRAINING, Context, run_document

STARTED = run_document(training=TRAINING)
DEPLOYING = STARTED | {"status": JOB_COMPLETED, "deployment": DEPLOYMENT}
DEPLOYED = DEPLOYING | {"parameters": {"watermark": "2026-11-22", "previous": None, "advanced": True}}
FAILED = STARTED | {"status": {"state": "JobFailed", "detail": "Failed/Failed", "reason": "row 7 has 12 columns"}}


@pytest.fixture
def slack(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    with connected(monkeypatch) as workspace:
        yield workspace


@pytest.fixture
def opened(slack: Slack, context: Context) -> dict[str, object]:
    """The result of NotifySlack for a run's first phase."""
    return handler(event(STARTED), context)


def said(slack: Slack) -> list[str]:
    """The first line of each message in the channel; replies have one arrow in front, broadcast replies two."""
    arrows = {(False, False): "", (True, False): "> ", (True, True): ">> "}
    return [
        arrows[message["thread_ts"] is not None, message["broadcast"]] + message["text"].partition("\n")[0]
        for message in slack.shown
    ]


def test_a_run_is_one_thread_whose_parent_says_how_it_stands(slack: Slack, context: Context) -> None:
    answer: dict[str, object] | None = None
    for run in (STARTED, DEPLOYING, DEPLOYED):
        answer = handler(event(run | ({"slack": answer} if answer else {})), context)
    assert said(slack) == ["home-prices: deployed", "> home-prices: deployment started", "> home-prices: deployed"]
    parent, *replies = slack.shown
    assert answer == {"posted": True, "reason": "ok", "channel": answer["channel"], "ts": parent["ts"]}
    assert {reply["thread_ts"] for reply in replies} == {parent["ts"]}
    assert parent["blocks"][0]["text"]["text"] == "prod/home-prices: deployed"
    assert [text.partition("\n")[0] for text in parent["before"]] == [
        "home-prices: training started",
        "home-prices: deployment started",
    ]


def test_an_update_names_the_channel_by_its_id_and_is_not_searched_for_links(
    slack: Slack, context: Context, opened: dict[str, object]
) -> None:
    handler(event(DEPLOYING | {"slack": opened}), context)
    update = slack.calls[1]
    assert (update["method"], update["channel"], update["ts"]) == ("chat.update", opened["channel"], opened["ts"])
    assert update["parse"] == "none"


def test_the_channel_notices_a_failure(slack: Slack, context: Context, opened: dict[str, object]) -> None:
    handler(event(FAILED | {"slack": opened}), context)
    assert said(slack) == ["home-prices: training failed", ">> home-prices: training failed"]


@pytest.mark.parametrize("lost", [{}, {"slack": {"posted": False, "reason": "timeout"}}, {"slack": {"Error": "X"}}])
def test_a_run_without_a_thread_opens_one(slack: Slack, context: Context, lost: dict[str, Any]) -> None:
    answer = handler(event(DEPLOYED | lost), context)
    assert said(slack) == ["home-prices: deployed"]
    assert (answer["reason"], answer["ts"]) == ("ok", slack.shown[0]["ts"])


@pytest.mark.parametrize("code", ["message_not_found", "cant_update_message", "edit_window_closed"])
def test_a_parent_that_cannot_be_updated_is_replaced(
    slack: Slack, context: Context, opened: dict[str, object], code: str
) -> None:
    slack.script = [refusal(code)]
    answer = handler(event(DEPLOYED | {"slack": opened}), context)
    assert said(slack) == ["home-prices: training started", "home-prices: deployed"]
    new = {"posted": True, "reason": f"new thread: {code}", "channel": opened["channel"], "ts": slack.shown[1]["ts"]}
    assert answer == new


def test_a_parent_that_was_deleted_is_replaced(slack: Slack, context: Context, opened: dict[str, object]) -> None:
    slack.shown.clear()
    answer = handler(event(DEPLOYING | {"slack": opened}), context)
    assert handler(event(DEPLOYED | {"slack": answer}), context)["reason"] == "ok"
    assert said(slack) == ["home-prices: deployed", "> home-prices: deployed"]


def test_a_thread_that_is_gone_when_it_is_replied_to_is_replaced(
    slack: Slack, context: Context, opened: dict[str, object]
) -> None:
    slack.script = [PASS, refusal("thread_not_found")]
    answer = handler(event(DEPLOYED | {"slack": opened}), context)
    assert said(slack) == ["home-prices: deployed", "home-prices: deployed"]
    assert (answer["reason"], answer["ts"]) == ("new thread: thread_not_found", slack.shown[1]["ts"])


def test_a_reply_that_slack_posts_into_the_channel_is_the_new_parent(
    slack: Slack, context: Context, opened: dict[str, object]
) -> None:
    slack.shown.clear()
    slack.script = [refusal("update_failed")]
    answer = handler(event(DEPLOYING | {"slack": opened}), context)
    assert said(slack) == ["home-prices: deployment started"]
    assert answer["ts"] == slack.shown[0]["ts"] != opened["ts"]
    handler(event(DEPLOYED | {"slack": answer}), context)
    assert said(slack) == ["home-prices: deployed", "> home-prices: deployed"]


def test_a_thread_that_could_not_be_replaced_is_opened_at_the_next_phase(
    slack: Slack, context: Context, opened: dict[str, object]
) -> None:
    slack.script = [refusal("message_not_found"), refusal("is_archived")]
    answer = handler(event(DEPLOYING | {"slack": opened}), context)
    assert answer == {"posted": False, "reason": "is_archived"}
    assert handler(event(DEPLOYED | {"slack": answer}), context)["posted"] is True


@pytest.mark.parametrize(
    ("script", "posted", "reason"),
    [
        ([PASS, refusal("restricted_action_non_threadable_channel")], True, "no reply: restricted_action_"),
        ([refusal("update_failed"), PASS], True, "not updated: update_failed"),
        ([refusal("is_inactive"), refusal("is_archived")], False, "not updated: is_inactive, no reply: is_archived"),
        ([refusal("not_in_channel"), refusal("not_in_channel")], False, "not_in_channel"),
    ],
)
def test_what_did_not_arrive_is_said_and_the_thread_stays_known(
    slack: Slack, context: Context, opened: dict[str, object], script: list[Any], posted: bool, reason: str
) -> None:
    slack.script = script
    answer = handler(event(DEPLOYED | {"slack": opened}), context)
    assert (answer["posted"], answer["channel"], answer["ts"]) == (posted, opened["channel"], opened["ts"])
    assert str(answer["reason"]).startswith(reason)


def test_a_token_that_may_not_be_read_leaves_the_thread_known(
    slack: Slack, context: Context, opened: dict[str, object]
) -> None:
    slack_token.forget()
    Fault(clients.ssm(), "GetParameter", "AccessDeniedException")
    answer = handler(event(DEPLOYED | {"slack": opened}), context)
    assert answer == opened | {"posted": False, "reason": "no token: AccessDeniedException"}


def test_an_attempt_after_one_that_reached_the_parent_alone_says_nothing_twice(
    slack: Slack, context: Context, opened: dict[str, object]
) -> None:
    slack.script = [PASS, refusal("token_revoked")]
    fault = Fault(clients.ssm(), "GetParameter", "ThrottlingException")
    with pytest.raises(Throttled):
        handler(event(DEPLOYED | {"slack": opened}), context)
    fault.left = 0
    assert handler(event(DEPLOYED | {"slack": opened}), context)["reason"] == "ok"
    assert said(slack) == ["home-prices: deployed", "> home-prices: deployed"]


def test_an_update_that_hangs_leaves_time_for_the_reply(slack: Slack, opened: dict[str, object], clock: Clock) -> None:
    slack.script = [HANG]
    answer = handler(event(DEPLOYED | {"slack": opened}), Context(5))
    assert 0 < clock.now < 5 / 2
    assert (answer["posted"], answer["reason"]) == (True, "not updated: timeout")
    assert said(slack) == ["home-prices: training started", "> home-prices: deployed"]


def test_a_slack_that_hangs_altogether_is_left_before_the_time_ends(
    slack: Slack, opened: dict[str, object], clock: Clock
) -> None:
    slack.script = [HANG, HANG]
    answer = handler(event(DEPLOYED | {"slack": opened}), Context(5))
    assert 5 / 2 < clock.now < 5
    assert answer == opened | {"posted": False, "reason": "timeout"}


def test_a_broken_connection_is_tried_again_in_both_calls(
    slack: Slack, context: Context, opened: dict[str, object]
) -> None:
    slack.script = [DROP, PASS, DROP, PASS]
    assert handler(event(DEPLOYED | {"slack": opened}), context)["reason"] == "ok"
    assert said(slack) == ["home-prices: deployed", "> home-prices: deployed"]
