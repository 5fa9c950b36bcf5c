"""The local Slack, called with Slack's own client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler

from refit.embedded_cloud import faults
from refit.embedded_cloud.lifecycle import Cloud
from refit.embedded_cloud.slack import api as slack
from refit.embedded_cloud.slack import channels

CHANNEL = "ml-deployments"


@pytest.fixture
def web(cloud: Cloud) -> Iterator[WebClient]:
    """A client with the valid token; scripted faults are removed after the test."""
    yield WebClient(slack.TOKEN, base_url=cloud.endpoint_url + slack.API_PATH)
    faults.clear(cloud)


def header(text: str) -> dict:
    return {"type": "header", "text": {"type": "plain_text", "text": text}}


def refused(call, *arguments, **named) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(*arguments, **named)
    return str(caught.value.response["error"])


class TestMessages:
    def test_are_shown_in_the_order_in_which_they_were_posted(self, cloud, web):
        before = len(cloud.slack_messages())
        for text in ("first", "second", "third"):
            web.chat_postMessage(channel=CHANNEL, text=text)
        shown = cloud.slack_messages()[before:]
        assert [message["text"] for message in shown] == ["first", "second", "third"]
        assert {message["channel"] for message in shown} == {CHANNEL}
        assert [message["ts"] for message in shown] == sorted({message["ts"] for message in shown})

    def test_carry_their_blocks_their_thread_and_their_time(self, cloud, web):
        blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "*Deployed*"}}]
        first = web.chat_postMessage(channel=f"#{CHANNEL}", text="Deployed", blocks=blocks)
        web.chat_postMessage(channel=first["channel"], text="with details", thread_ts=first["ts"])
        posted, reply = cloud.slack_messages()[-2:]
        assert posted["blocks"] == blocks
        assert (posted["thread_ts"], reply["thread_ts"]) == (None, first["ts"])
        assert reply["channel"] == posted["channel"] == CHANNEL
        assert posted["time"].endswith("Z")
        assert [(each["broadcast"], each["edited"], each["before"]) for each in (posted, reply)] == [
            (False, None, []),
            (False, None, []),
        ]

    def test_are_answered_with_the_channels_id_the_ts_and_the_message(self, web):
        answer = web.chat_postMessage(channel=CHANNEL, text="hello")
        assert answer["ok"] is True
        assert answer["channel"].startswith("C")
        assert answer["message"]["text"] == "hello"
        assert answer["message"]["ts"] == answer["ts"]

    def test_can_be_updated_and_show_that_they_were(self, cloud, web):
        posted = web.chat_postMessage(channel=CHANNEL, text="training", blocks=[header("training")])
        answer = web.chat_update(channel=posted["channel"], ts=posted["ts"], text="deploying", blocks=[header("x")])
        assert (answer["text"], answer["ts"]) == ("deploying", posted["ts"])
        web.chat_update(channel=posted["channel"], ts=posted["ts"], text="deployed")
        shown = cloud.slack_messages()[-1]
        assert (shown["text"], shown["before"], shown["blocks"]) == ("deployed", ["training", "deploying"], [])
        assert shown["edited"] >= shown["time"]

    def test_a_reply_has_its_thread_and_whether_the_channel_shows_it(self, cloud, web):
        parent = web.chat_postMessage(channel=CHANNEL, text="training")
        place = {"channel": parent["channel"], "thread_ts": parent["ts"]}
        answer = web.chat_postMessage(**place, text="deployed")
        assert answer["message"]["thread_ts"] == parent["ts"]
        web.chat_postMessage(**place, text="failed", reply_broadcast=True)
        replies = cloud.slack_messages()[-2:]
        assert [(each["thread_ts"], each["broadcast"]) for each in replies] == [
            (parent["ts"], False),
            (parent["ts"], True),
        ]

    def test_a_reply_to_nothing_goes_to_the_channel_and_its_response_shows_it(self, cloud, web):
        answer = web.chat_postMessage(channel=CHANNEL, text="lost", thread_ts="1.000000", reply_broadcast=True)
        assert "thread_ts" not in answer["message"]
        shown = cloud.slack_messages()[-1]
        assert (shown["text"], shown["thread_ts"], shown["broadcast"]) == ("lost", None, False)

    def test_can_be_sent_as_a_form(self, cloud, web):
        web.api_call("chat.postMessage", data={"channel": CHANNEL, "text": "a form", "blocks": "[]"})
        assert cloud.slack_messages()[-1]["text"] == "a form"


class TestRefusals:
    def test_of_a_wrong_token_and_of_none(self, cloud):
        url = cloud.endpoint_url + slack.API_PATH
        assert refused(WebClient("xoxb-other", base_url=url).auth_test) == "invalid_auth"
        assert refused(WebClient(base_url=url).auth_test) == "not_authed"

    def test_of_what_slack_refuses(self, web):
        assert refused(web.api_call, "chat.postMessage", json={"channel": CHANNEL}) == "no_text"
        assert refused(web.api_call, "chat.postMessage", json={"text": "x"}) == "channel_not_found"
        assert refused(web.chat_postMessage, channel=CHANNEL, text="x" * 40_001) == "msg_too_long"
        posted = web.chat_postMessage(channel=CHANNEL, text="x")
        assert refused(web.chat_update, channel=posted["channel"], ts="1.000000", text="y") == "message_not_found"
        assert refused(web.api_call, "chat.update", json={"channel": CHANNEL}) == "no_text"
        assert refused(web.api_call, "chat.shout", json={}) == "unknown_method"

    def test_of_an_update_by_the_channels_name(self, web):
        posted = web.chat_postMessage(channel=CHANNEL, text="x")
        assert refused(web.chat_update, channel=CHANNEL, ts=posted["ts"], text="y") == "channel_not_found"

    def test_of_malformed_blocks_gives_the_reasons(self, cloud, web):
        before = cloud.slack_messages()
        with pytest.raises(SlackApiError) as caught:
            web.chat_postMessage(channel=CHANNEL, text="x", blocks=[header("x" * 151)])
        assert caught.value.response["error"] == "invalid_blocks"
        assert caught.value.response["response_metadata"]["messages"] == [
            "block 0: must be a text of 1 to 150 characters"
        ]
        assert refused(web.chat_postMessage, channel=CHANNEL, text="x", blocks="{") == "invalid_blocks_format"
        assert cloud.slack_messages() == before

    def test_record_nothing(self, cloud, web):
        before = cloud.slack_messages()
        refused(web.api_call, "chat.postMessage", json={"channel": CHANNEL})
        assert cloud.slack_messages() == before

    def test_the_right_token_is_known(self, web):
        assert web.auth_test()["team"] == "embedded cloud"


class TestFaults:
    def test_down_is_a_503_until_it_is_cleared(self, cloud, web):
        faults.set(cloud, {"slack": "down"})
        with pytest.raises(SlackApiError) as caught:
            web.chat_postMessage(channel=CHANNEL, text="lost")
        assert caught.value.response.status_code == 503
        faults.clear(cloud)
        web.chat_postMessage(channel=CHANNEL, text="arrives")
        assert cloud.slack_messages()[-1]["text"] == "arrives"

    def test_down_once_is_survived_by_a_client_that_retries(self, cloud, web):
        faults.set(cloud, {"slack": {"down": 1}})
        web.retry_handlers.append(ServerErrorRetryHandler(max_retry_count=1))
        assert web.chat_postMessage(channel=CHANNEL, text="again")["ok"]

    def test_ratelimited_gives_a_retry_after_as_often_as_scripted(self, cloud, web):
        faults.set(cloud, {"slack": {"ratelimited": 2}})
        with pytest.raises(SlackApiError) as caught:
            web.chat_postMessage(channel=CHANNEL, text="too fast")
        response = caught.value.response
        assert (response.status_code, response["error"], response.headers["retry-after"]) == (429, "ratelimited", "1")
        web.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
        assert web.chat_postMessage(channel=CHANNEL, text="slower")["ok"]

    def test_invalid_auth_refuses_the_right_token(self, cloud, web):
        faults.set(cloud, {"slack": "invalid_auth"})
        assert refused(web.chat_postMessage, channel=CHANNEL, text="x") == "invalid_auth"


def test_messages_that_were_saved_before_there_were_threads_are_shown():
    saved = {"channel": CHANNEL, "ts": "1.000000", "thread_ts": None, "text": "x", "blocks": [], "time": "…"}
    channels.load_persisted_state({"messages": [saved]})
    assert channels.shown() == [saved | {"broadcast": False, "edited": None, "before": []}]
    channels.reset()
    assert channels.shown() == []
