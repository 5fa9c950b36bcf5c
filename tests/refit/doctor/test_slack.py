"""The Slack token is read from AWS, tested with Slack and never printed. The embedded cloud emulates both."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from refit.aws.session import Aws
from refit.doctor import slack
from refit.doctor.results import Check, Status
from refit.embedded_cloud import faults
from refit.embedded_cloud.client import SLACK_API_PATH
from refit.embedded_cloud.lifecycle import Cloud
from refit.embedded_cloud.slack.api import TOKEN
from refit.pipeline import files
from refit.project import PipelineRef
from tests.support import http_server

NOWHERE = "http://127.0.0.1:1/"


@pytest.fixture
def api(cloud: Cloud) -> str:
    return f"{cloud.endpoint_url}{SLACK_API_PATH}"


def check(ref: PipelineRef, aws: Aws, api: str, where: str = 'token_parameter = "/refit/slack-token"') -> Check:
    ref.path.write_text(ref.path.read_text() + f'slack = {{ channel = "ml-deployments", {where} }}\n')
    return slack.check(files.load(ref), aws, api)


def store(client: Callable[..., Any], name: str, token: str) -> str:
    client("ssm").put_parameter(Name=name, Value=token, Type="SecureString", Overwrite=True)
    return f'token_parameter = "{name}"'


def test_a_good_token(ref: PipelineRef, aws: Aws, api: str) -> None:
    found = check(ref, aws, api)
    assert found.status is Status.OK
    assert found.detail.startswith("refit in embedded cloud; ")
    assert TOKEN not in str(found)


def test_a_token_in_secrets_manager(ref: PipelineRef, aws: Aws, api: str, client: Callable[..., Any]) -> None:
    client("secretsmanager").create_secret(Name="refit/slack", SecretString=TOKEN)
    assert check(ref, aws, api, 'token_secret = "refit/slack"').status is Status.OK


def test_a_secret_that_is_not_there(ref: PipelineRef, aws: Aws, api: str) -> None:
    found = check(ref, aws, api, 'token_secret = "refit/none"')
    assert found.status is Status.NOT_OK
    assert "put-secret-value --secret-id refit/none" in found.fix


def test_a_token_that_slack_rejects(ref: PipelineRef, aws: Aws, api: str, client: Callable[..., Any]) -> None:
    found = check(ref, aws, api, store(client, "/refit/wrong", "xoxb-wrong"))
    assert (found.status, found.detail) == (Status.NOT_OK, "Slack rejects the token: invalid_auth")
    assert "put-parameter --name /refit/wrong" in found.fix
    assert "xoxb-wrong" not in str(found)


def test_a_token_that_is_not_stored(ref: PipelineRef, aws: Aws, api: str) -> None:
    found = check(ref, aws, api, 'token_parameter = "/refit/none"')
    assert found.status is Status.NOT_OK
    assert "put-parameter --name /refit/none" in found.fix


@pytest.mark.parametrize("stored", ["two\nlines", "naïve", '{"token":"xoxb-1"}', "\u200bxoxb-1"])
def test_what_cannot_be_a_token_is_not_sent(
    ref: PipelineRef, aws: Aws, client: Callable[..., Any], stored: str
) -> None:
    found = check(ref, aws, NOWHERE, store(client, "/refit/odd", stored))
    assert (found.status, found.detail) == (Status.NOT_OK, "the stored value is not a token: malformed")


def test_a_secret_of_bytes_is_not_sent(ref: PipelineRef, aws: Aws, client: Callable[..., Any]) -> None:
    client("secretsmanager").create_secret(Name="refit/bytes", SecretBinary=TOKEN.encode())
    found = check(ref, aws, NOWHERE, 'token_secret = "refit/bytes"')
    assert (found.status, found.detail) == (Status.NOT_OK, "the stored value is not a token: stored as SecretBinary")


def test_without_slack_there_is_nothing_to_check(ref: PipelineRef, aws: Aws, api: str) -> None:
    assert slack.check(files.load(ref), aws, api).status is Status.NOT_CHECKED


def test_a_slack_that_cannot_be_reached_says_nothing_about_the_token(ref: PipelineRef, aws: Aws) -> None:
    found = check(ref, aws, NOWHERE)
    assert (found.status, found.detail) == (Status.NOT_CHECKED, "Slack could not be reached: URLError")


def test_an_outage_of_slack_says_nothing_about_the_token(ref: PipelineRef, aws: Aws, api: str, cloud: Cloud) -> None:
    faults.set(cloud, {"slack": {"down": 1}})
    found = check(ref, aws, api)
    assert (found.status, found.detail) == (Status.NOT_CHECKED, "Slack could not be reached: HTTP 503")


@pytest.fixture
def portal() -> Iterator[str]:
    """A server that answers everything with a JSON list, as something that is not Slack may."""

    class Handler(http_server.Handler):
        def do_POST(self) -> None:
            self.reply(200, json.dumps(["sign in"]))

    with http_server.listening(Handler) as address:
        yield f"{address}/"


def test_an_answer_that_is_not_slacks_says_nothing_about_the_token(ref: PipelineRef, aws: Aws, portal: str) -> None:
    assert check(ref, aws, portal).status is Status.NOT_CHECKED


def test_no_proxy_comes_between_this_machine_and_its_own_slack(
    ref: PipelineRef, aws: Aws, api: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    aws.ssm.describe_parameters()  # a client keeps the proxy that it was made with
    monkeypatch.setenv("http_proxy", NOWHERE)
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert check(ref, aws, api).status is Status.OK
