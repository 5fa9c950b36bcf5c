"""AWS clients: their region, and the error that each failure becomes."""

from __future__ import annotations

import pytest

from refit.aws.advice import REFRESH, SIGN_IN
from refit.aws.session import Aws, calling
from refit.errors import AwsError, AwsUnreachable
from tests.support.http_server import Handler, listening

NOWHERE = "http://127.0.0.1:1"
VARIABLES = ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE")


@pytest.fixture(autouse=True)
def no_configuration(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", "/dev/null")


@pytest.mark.parametrize(
    ("region", "variables", "expected"),
    [
        ("us-west-2", {"AWS_REGION": "eu-west-1"}, "us-west-2"),
        (None, {"AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-1"),
        (None, {"AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-2"),
        (None, {"AWS_REGION": "", "AWS_DEFAULT_REGION": "eu-west-2"}, "eu-west-2"),
    ],
)
def test_the_region_is_the_one_that_terraform_would_use(
    monkeypatch: pytest.MonkeyPatch, region: str | None, variables: dict[str, str], expected: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Aws(region).region == expected


def test_without_a_region_there_is_advice() -> None:
    with pytest.raises(AwsError, match="no AWS region is set") as error:
        _ = Aws().region
    assert "AWS_REGION" in str(error.value.hint)


def test_a_call_without_credentials_says_how_to_sign_in(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(AwsError, match="could not list buckets") as raised, calling("list buckets"):
        Aws("us-west-2", NOWHERE).s3.list_buckets()
    assert raised.value.hint == SIGN_IN


def test_expired_credentials_are_reported_with_how_to_renew_them() -> None:
    class Expired(Handler):
        def do_GET(self) -> None:
            self.reply(400, "<Error><Code>ExpiredToken</Code><Message>The token has expired.</Message></Error>")

    with listening(Expired) as address:
        aws = Aws("us-west-2", address, ("test", "test"), attempts=1)
        with pytest.raises(AwsError, match="ExpiredToken") as raised, calling("list buckets"):
            aws.s3.list_buckets()
    assert raised.value.hint == REFRESH


def test_a_profile_that_does_not_exist_is_an_error_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    with pytest.raises(AwsError, match="nowhere"):
        Aws("us-west-2")


def test_an_aws_that_cannot_be_reached_is_told_from_one_that_refuses() -> None:
    aws = Aws("us-west-2", NOWHERE, ("test", "test"), attempts=1)
    with pytest.raises(AwsUnreachable, match="could not list buckets"), calling("list buckets"):
        aws.s3.list_buckets()
