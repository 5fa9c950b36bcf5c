"""The AWS settings of the shell: one profile and one region for the driver and for Terraform, or one clear message."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refit.aws import shell
from refit.aws.advice import CORRECT_FILES, REFRESH, SET_REGION, SIGN_IN
from refit.aws.session import Aws, calling
from refit.errors import AwsError
from tests.support.http_server import Handler, listening

PROFILES = """
[default]
region = eu-west-1
[profile one]
region = eu-west-2
[profile two]
region = eu-west-3
"""


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The config file; there is no other AWS setting."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    (tmp_path / ".aws").mkdir()
    return tmp_path / ".aws" / "config"


@pytest.mark.parametrize(
    ("variables", "region"),
    [
        ({"AWS_REGION": "us-west-2"}, "us-west-2"),
        ({"AWS_REGION": ""}, "eu-west-1"),
        ({"AWS_REGION": "us-west-2", "AWS_PROFILE": "one"}, "us-west-2"),
        ({"AWS_DEFAULT_REGION": "us-west-2", "AWS_PROFILE": "one"}, "us-west-2"),
        ({"AWS_PROFILE": "one"}, "eu-west-2"),
        ({"AWS_PROFILE": "one", "AWS_DEFAULT_PROFILE": "two"}, "eu-west-2"),
        ({"AWS_PROFILE": "", "AWS_DEFAULT_PROFILE": "two"}, "eu-west-3"),
    ],
)
def test_the_profile_and_the_region_are_those_that_terraform_would_use(
    config: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], region: str
) -> None:
    config.write_text(PROFILES)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Aws().region == region
    assert Aws("ap-south-1").region == "ap-south-1"


def connect(region: str) -> None:
    """Does what needs every setting, without calling AWS."""
    aws = Aws(region)
    _ = aws.s3
    aws.require_credentials()


@pytest.mark.parametrize(
    ("settings", "variables", "message", "hint"),
    [
        (PROFILES, {"AWS_PROFILE": "gone"}, r"The config profile \(gone\) could not be found", "list-profiles"),
        ("no section\n", {}, "Unable to parse config file", CORRECT_FILES),
        ("[default]\ncredential_process = /nowhere/get-key\n", {}, "/nowhere/get-key", CORRECT_FILES),
        ("[default]\ncredential_process = echo no JSON\n", {}, "Expecting value", CORRECT_FILES),
        ("[default]\ncredential_process = false\n", {}, "retrieving credentials", SIGN_IN),
        (PROFILES, {"AWS_REGION": "us west 2"}, "us west 2", SET_REGION),
        ("[default]\nsource_profile = default\nrole_arn = arn:aws:iam::1:role/x\n", {}, "default", None),
        ("", {}, "Unable to locate credentials", SIGN_IN),
    ],
    ids=["profile", "config", "process", "process-json", "process-fails", "region", "partial", "none"],
)
def test_settings_that_cannot_be_used_are_one_error_with_the_next_command(
    config: Path,
    monkeypatch: pytest.MonkeyPatch,
    settings: str,
    variables: dict[str, str],
    message: str,
    hint: str | None,
) -> None:
    config.write_text(settings)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(AwsError, match=message) as caught:
        connect(os.environ.get("AWS_REGION", "us-west-2"))
    assert "\n" not in str(caught.value)
    if hint:
        assert hint in str(caught.value.hint)


def test_an_expired_single_sign_on_says_how_to_sign_in(config: Path) -> None:
    config.write_text(
        "[default]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n"
        "[sso-session s]\nsso_region = us-west-2\nsso_start_url = https://example.com/start\n"
    )
    with pytest.raises(AwsError, match="SSO") as caught:
        Aws("us-west-2").require_credentials()
    assert caught.value.hint in (SIGN_IN, REFRESH)


@pytest.mark.parametrize("settings", ["no section\n", "[default]\ncredential_process = /nowhere\n", PROFILES])
def test_no_setting_of_the_shell_matters_to_the_embedded_cloud(
    config: Path, monkeypatch: pytest.MonkeyPatch, settings: str
) -> None:
    config.write_text(settings)
    monkeypatch.setenv("AWS_PROFILE", "gone")
    monkeypatch.setenv("AWS_REGION", "us west 2")
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere")
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "many")
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)

    class Bucketless(Handler):
        def do_GET(self) -> None:
            self.reply(200, "<ListAllMyBucketsResult><Buckets></Buckets></ListAllMyBucketsResult>")

    with listening(Bucketless) as address, calling("list the buckets"):
        aws = Aws("us-west-2", address, ("test", "test"), attempts=1)
        assert aws.s3.list_buckets()["Buckets"] == []


def test_an_endpoint_variable_that_leads_here_uses_no_proxy_either(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    assert Aws("us-west-2").s3.meta.config.proxies == {}
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://vpce-1.s3.us-west-2.vpce.amazonaws.com")
    assert Aws("us-west-2").s3.meta.config.proxies is None


def test_endpoints_in_a_profile_are_found(config: Path) -> None:
    config.write_text(
        "[default]\nendpoint_url = http://localhost:4566\nservices = here\n[services here]\ns3 =\n"
        "  endpoint_url = http://localhost:9000\n"
    )
    found = dict(shell.endpoints(shell.session()))
    assert found == {
        "endpoint_url": "http://localhost:4566",
        "services.s3.endpoint_url": "http://localhost:9000",
    }
