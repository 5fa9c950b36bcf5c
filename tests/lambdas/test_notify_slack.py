"""NotifySlack over real HTTP, with the token in a real SSM or Secrets Manager."""

from __future__ import annotations

import json
import logging
import socket
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from lambdas.aws import clients
from lambdas.notify_slack import handler
from lambdas.slack.api import ATTEMPT_SECONDS, MARGIN_SECONDS
from refit.domain.errors import Throttled
from tests.support.lambdas import slack_server
from tests.support.lambdas.clock import Clock
from tests.support.lambdas.fakes import Fault
from tests.support.lambdas.slack_server import DROP, HANG, PARAMETER, Slack, connected, refusal
from tests.support.lambdas.stage import TRAINING, Context, run_document

MALFORMED = [
    '{\n  "token": "xoxb-CANARY"\n}',
    '{"token":"xoxb-CANARY"}',
    "\u200bxoxb-CANARY",
    '"xoxb-CANARY"',
    "xoxb-CANARY xoxb-CANARY",
    "xoxb-CANARY\r\nX-Other: 1",
    "Bearer xoxb-CANARY",
    "xoxb-CANARÝ",
]
"""Values that were stored instead of a token (https://github.com/slackapi/java-slack-sdk/issues/566)."""


@pytest.fixture
def slack(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Slack]:
    with connected(monkeypatch) as workspace:
        yield workspace


def event(**slack: Any) -> dict[str, Any]:
    return slack_server.event(run_document(training=TRAINING), **slack)


def test_it_posts_blocks_and_plain_text_to_the_channel(slack: Slack, context: Context) -> None:
    answer = handler(event(), context)
    (message,) = slack.shown
    (call,) = slack.calls
    assert answer == {"posted": True, "reason": "ok", "channel": answer["channel"], "ts": message["ts"]}
    assert str(answer["channel"]).startswith("C")
    assert message["text"].startswith("home-prices: training started\n")
    assert [block["type"] for block in message["blocks"]] == ["header", "section", "section", "context"]
    assert call == {
        "method": "chat.postMessage",
        "channel": "ml-deployments",
        "text": message["text"],
        "blocks": message["blocks"],
        "mrkdwn": False,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_the_token_may_be_in_secrets_manager(slack: Slack, context: Context) -> None:
    name = f"slack-{uuid.uuid4().hex[:8]}"
    clients.secretsmanager().create_secret(Name=name, SecretString="xoxb-good\n")
    assert handler(event(token_parameter=None, token_secret=name), context)["posted"] is True


def test_without_slack_nothing_is_done(context: Context) -> None:
    silent = event()
    silent["settings"]["slack"] = None
    assert handler(silent, context) == {"posted": False, "reason": "disabled"}


def test_a_backfill_is_reported_by_its_own_command_only(slack: Slack, context: Context) -> None:
    run = run_document(train_only=True, failed={"StartTrainingJob": {"Error": "X"}})
    assert handler(slack_server.event(run), context) == {"posted": False, "reason": "train_only"}
    assert slack.requests == 0


def test_a_rate_limit_is_waited_for(slack: Slack, context: Context, clock: Clock) -> None:
    slack.script = [(429, {"Retry-After": "1"}, {"ok": False, "error": "ratelimited"})]
    assert handler(event(), context)["posted"] is True
    assert clock.slept == [1]
    assert slack.requests == 2


@pytest.mark.parametrize("retry_after", ["30", "3600", "soon"])
def test_a_rate_limit_that_outlasts_the_invocation_is_not(
    slack: Slack, context: Context, clock: Clock, retry_after: str
) -> None:
    slack.script = [(429, {"Retry-After": retry_after}, {"ok": False, "error": "ratelimited"})]
    assert handler(event(), context) == {"posted": False, "reason": "ratelimited"}
    assert clock.slept == []
    assert slack.requests == 1


def test_a_server_error_is_tried_again(slack: Slack, context: Context) -> None:
    slack.script = [(503, {}, "<html>busy</html>")]
    assert handler(event(), context)["posted"] is True
    assert slack.requests == 2


def test_a_server_that_stays_down_is_given_up_before_the_time_ends(slack: Slack, clock: Clock) -> None:
    slack.script = [(503, {}, "<html>busy</html>")] * 9
    assert handler(event(), Context(8)) == {"posted": False, "reason": "http_503"}
    # Even if the second attempt had taken the longest time allowed.
    assert clock.now + ATTEMPT_SECONDS + MARGIN_SECONDS < 8
    assert slack.requests == 2


def test_a_broken_connection_is_tried_again(slack: Slack, context: Context) -> None:
    slack.script = [DROP]
    assert handler(event(), context)["posted"] is True
    assert slack.requests == 2


def test_a_slack_that_hangs_is_left_before_the_time_ends(slack: Slack, clock: Clock) -> None:
    slack.script = [HANG]
    assert handler(event(), Context(2.5)) == {"posted": False, "reason": "timeout"}
    assert 0 < clock.now < 2.5


def test_an_invocation_that_is_nearly_over_posts_nothing(slack: Slack) -> None:
    assert handler(event(), Context(1.5)) == {"posted": False, "reason": "timeout"}
    assert slack.requests == 0


def test_a_slack_that_is_not_there_is_unreachable(slack: Slack, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        monkeypatch.setenv("SLACK_API_URL", f"http://127.0.0.1:{closed.getsockname()[1]}/api/")
        assert handler(event(), Context(5)) == {"posted": False, "reason": "unreachable"}


@pytest.mark.parametrize(
    "code",
    ["account_inactive", "missing_scope", "channel_not_found", "not_in_channel", "is_archived", "msg_too_long"],
)
def test_a_permanent_error_is_said_at_once(slack: Slack, context: Context, code: str) -> None:
    slack.script = [refusal(code)]
    assert handler(event(), context) == {"posted": False, "reason": code}
    assert slack.requests == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((200, {}, "{not JSON"), "invalid_response"),
        ((200, {}, "<html>hello</html>"), "invalid_response"),
        ((404, {}, "[]"), "http_404"),
        ((200, {}, {"ok": False}), "invalid_response"),
        ((200, {}, {"ok": True}), "invalid_response"),
        ((200, {}, "[1, 2]"), "invalid_response"),
        ((200, {}, "[" * 100_000), "invalid_response"),
        ((200, {}, "null"), "invalid_response"),
        ((200, {}, {"ok": True, "channel": ["C1"], "ts": 5}), "invalid_response"),
        ((200, {}, {"ok": True, "channel": "C1", "ts": "5", "message": {"thread_ts": {}}}), "invalid_response"),
        ((200, {}, {"ok": False, "error": ["x"]}), "invalid_response"),
        ((200, {}, {"ok": False, "error": "x" * 81}), "invalid_response"),
        ((403, {}, "[]"), "http_403"),
    ],
)
def test_an_answer_that_is_not_slacks_changes_nothing(slack: Slack, context: Context, answer: Any, reason: str) -> None:
    slack.script = [answer]
    assert handler(event(), context) == {"posted": False, "reason": reason}


class TestToken:
    def test_it_is_read_once_a_process(self, slack: Slack, context: Context) -> None:
        fault = Fault(clients.ssm(), "GetParameter", "ParameterNotFound", times=0)
        handler(event(), context)
        fault.left = 99
        assert handler(event(), context)["posted"] is True

    @pytest.mark.parametrize(
        "code", ["invalid_auth", "token_revoked", "account_inactive", "missing_scope", "channel_not_found"]
    )
    def test_one_that_was_rotated_is_read_again(self, slack: Slack, context: Context, code: str) -> None:
        handler(event(), context)
        slack.tokens = {"xoxb-new"}
        slack.script = [refusal(code)]
        clients.ssm().put_parameter(Name=PARAMETER, Value="xoxb-new", Type="SecureString", Overwrite=True)
        assert handler(event(), context)["posted"] is True
        assert len(slack.shown) == 2

    def test_one_that_is_wrong_is_said_to_be(self, slack: Slack, context: Context) -> None:
        slack.tokens = set()
        assert handler(event(), context) == {"posted": False, "reason": "invalid_auth"}
        assert slack.requests == 1

    def test_one_that_does_not_exist_does_not_fail_the_run(self, slack: Slack, context: Context) -> None:
        answer = handler(event(token_parameter="/refit/nowhere"), context)
        assert answer == {"posted": False, "reason": "no token: ParameterNotFound"}

    def test_one_that_may_not_be_read_does_not_fail_the_run(self, slack: Slack, context: Context) -> None:
        Fault(clients.ssm(), "GetParameter", "AccessDeniedException")
        assert handler(event(), context) == {"posted": False, "reason": "no token: AccessDeniedException"}

    @pytest.mark.parametrize("stored", MALFORMED)
    def test_what_cannot_be_one_is_not_sent_and_not_logged(
        self,
        slack: Slack,
        context: Context,
        capfd: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
        stored: str,
    ) -> None:
        caplog.set_level(logging.DEBUG, logger="slack_sdk")
        clients.ssm().put_parameter(Name=PARAMETER, Value=stored, Type="SecureString", Overwrite=True)
        answer = handler(event(), context)
        written = capfd.readouterr()
        assert answer == {"posted": False, "reason": "no token: malformed"}
        assert slack.requests == 0
        assert "CANARY" not in written.out + written.err + caplog.text + json.dumps(answer)

    def test_one_that_is_corrected_is_read_again_by_a_warm_process(self, slack: Slack, context: Context) -> None:
        clients.ssm().put_parameter(Name=PARAMETER, Value=MALFORMED[0], Type="SecureString", Overwrite=True)
        assert handler(event(), context)["reason"] == "no token: malformed"
        clients.ssm().put_parameter(Name=PARAMETER, Value="xoxb-good", Type="SecureString", Overwrite=True)
        assert handler(event(), context)["posted"] is True

    def test_one_that_is_stored_as_bytes_is_said_to_be(self, slack: Slack, context: Context) -> None:
        name = f"slack-{uuid.uuid4().hex[:8]}"
        clients.secretsmanager().create_secret(Name=name, SecretBinary=b"xoxb-good")
        answer = handler(event(token_parameter=None, token_secret=name), context)
        assert answer == {"posted": False, "reason": "no token: stored as SecretBinary"}

    def test_throttling_is_left_to_the_state_machine_to_retry(self, slack: Slack, context: Context) -> None:
        Fault(clients.ssm(), "GetParameter", "ThrottlingException")
        with pytest.raises(Throttled):
            handler(event(), context)

    def test_it_is_in_no_log_and_no_answer(
        self,
        slack: Slack,
        context: Context,
        capfd: pytest.CaptureFixture[str],
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG, logger="slack_sdk")
        slack.tokens = set()
        slack.script = [(503, {}, "<html>busy</html>")]
        answer = handler(event(), context)
        written = capfd.readouterr()
        assert "xoxb" not in written.out + written.err + caplog.text + json.dumps(answer)
        assert json.loads(written.out)["outcome"] == "invalid_auth"
