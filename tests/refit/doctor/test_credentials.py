"""The checks of AWS credentials: AWS accepts them, they are for refit.toml's account, and there is a region."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from refit.aws.advice import REFRESH, SIGN_IN
from refit.doctor import credentials
from refit.doctor.results import NETWORK, Check, Status
from refit.project import PipelineRef, Project
from tests.support.aws_server import ACCOUNT, SESSION, AwsServer, Refusal

REGION = "us-west-2"


def by_subject(checks: list[Check]) -> dict[str, Check]:
    return {check.subject: check for check in checks}


def again(ref: PipelineRef) -> PipelineRef:
    """The same pipeline after refit.toml has changed."""
    return PipelineRef(Project(ref.project.root), ref.path)


def test_the_caller_the_region_and_the_account_are_shown(ref: PipelineRef, server: AwsServer) -> None:
    (ref.project.root / "refit.toml").write_text(f'[environments.prod]\naccount = "{ACCOUNT}"\n')
    checks, access = credentials.check(again(ref), REGION)
    assert access
    assert (access.arn, access.account, access.partition) == (SESSION, ACCOUNT, "aws")
    assert [(check.subject, check.status) for check in checks] == [
        ("region", Status.OK),
        ("credentials", Status.OK),
        ("account", Status.OK),
    ]
    assert checks[1].detail == SESSION


def test_another_account_is_not_ok_and_still_examined(ref: PipelineRef, server: AwsServer) -> None:
    (ref.project.root / "refit.toml").write_text('[environments.prod]\naccount = "999999999999"\n')
    checks, access = credentials.check(again(ref), REGION)
    account = by_subject(checks)["account"]
    assert account.status is Status.NOT_OK
    assert account.detail == f"{ACCOUNT}; refit.toml has 999999999999 for prod"
    assert "999999999999" in account.fix
    assert access


def test_an_account_that_is_not_written_down_is_not_checked(ref: PipelineRef, server: AwsServer) -> None:
    account = by_subject(credentials.check(ref, REGION)[0])["account"]
    assert account.status is Status.NOT_CHECKED
    assert f'account = "{ACCOUNT}"' in account.fix


def test_without_credentials_there_is_advice(ref: PipelineRef) -> None:
    checks, access = credentials.check(ref, REGION)
    assert access is None
    missing = by_subject(checks)["credentials"]
    assert (missing.status, missing.fix) == (Status.NOT_OK, SIGN_IN)
    assert "Unable to locate credentials" in missing.detail


def test_expired_credentials_need_a_new_sign_in(ref: PipelineRef, server: AwsServer) -> None:
    server.answers["GetCallerIdentity"] = Refusal("ExpiredToken")
    checks, access = credentials.check(ref, REGION)
    assert access is None
    assert by_subject(checks)["credentials"].fix == REFRESH


def test_without_a_network_the_credentials_are_not_checked(ref: PipelineRef, use: Callable[[str], None]) -> None:
    use("http://127.0.0.1:1")
    (check,), access = credentials.check(ref, REGION)
    assert access is None
    assert (check.status, check.fix) == (Status.NOT_CHECKED, NETWORK)


def test_a_profile_that_does_not_exist_is_named(ref: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nowhere")
    (check,), access = credentials.check(ref, REGION)
    assert access is None
    assert (check.subject, check.status) == ("credentials", Status.NOT_OK)
    assert check.fix.startswith("aws configure list-profiles shows your profiles: ")
    assert "nowhere" in check.detail


def test_a_configuration_that_cannot_be_parsed_is_one_line(
    ref: PipelineRef, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "broken").write_text("[profile\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "broken"))
    checks, access = credentials.check(ref, REGION)
    assert access is None
    assert checks[-1].status is Status.NOT_OK
    assert "broken" in checks[-1].detail


def test_without_a_region_there_is_advice_and_the_credentials_are_verified(ref: PipelineRef, server: AwsServer) -> None:
    checks, access = credentials.check(ref, None)
    assert access is None
    found = by_subject(checks)
    assert found["region"].status is Status.NOT_OK
    assert "AWS_REGION" in found["region"].fix
    assert found["credentials"].status is Status.OK


def test_the_region_of_refit_toml_counts_when_the_pipeline_has_none(ref: PipelineRef, server: AwsServer) -> None:
    (ref.project.root / "refit.toml").write_text('[environments.prod]\nregion = "eu-west-1"\n')
    checks, _ = credentials.check(again(ref), None)
    assert by_subject(checks)["region"].detail == "eu-west-1"


def test_an_endpoint_on_this_machine_that_was_forgotten_is_a_fault(
    ref: PipelineRef, server: AwsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REFIT_ALLOW_LOOPBACK_ENDPOINT")
    (check,), access = credentials.check(ref, REGION)
    assert access is None
    assert check.status is Status.NOT_OK
    assert "AWS_ENDPOINT_URL" in check.detail
    assert server.calls == []
