"""The target of a pipeline's AWS calls: the intended account and region, or the embedded cloud, and no other."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from refit.aws import target
from refit.embedded_cloud import lifecycle
from refit.errors import AwsError, CloudError
from refit.pipeline import files as pipeline
from refit.project import PipelineRef, Project
from tests.support import http_server
from tests.support.checkout import Checkout

ON_THE_SHELL = 'run: eval "$(refit local up)"'


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Checkout]:
    """Two pipelines of one name, and a shell without a variable of AWS or of Refit."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "REFIT_"))]:
        monkeypatch.delenv(name)
    checkout = Checkout(tmp_path)
    for environment in ("local", "prod"):
        checkout.pipeline(f"{environment}/prices")
    yield checkout
    lifecycle.stop(checkout.project.state_dir)


@pytest.fixture
def local(checkout: Checkout) -> PipelineRef:
    return checkout.project.find("local/prices")


@pytest.fixture
def prod(checkout: Checkout) -> PipelineRef:
    return checkout.project.find("prod/prices")


def killed(state_dir: Path) -> lifecycle.Cloud:
    """A cloud that was killed, and could not remove its cloud.json."""
    cloud = lifecycle.start(state_dir, 0)
    os.kill(cloud.pid, signal.SIGKILL)
    os.waitpid(cloud.pid, 0)
    assert json.loads((state_dir / "cloud.json").read_text())["port"] == cloud.port
    return cloud


def test_a_local_pipeline_finds_the_cloud_of_its_checkout(local: PipelineRef) -> None:
    cloud = lifecycle.start(local.project.state_dir, 0)
    assert target.environment(local) == cloud.environment()


def test_a_local_pipeline_follows_the_variable_to_another_cloud(
    local: PipelineRef, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    cloud = lifecycle.start(elsewhere, 0)
    try:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://localhost:{cloud.port}")
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        variables = target.environment(local)
    finally:
        lifecycle.stop(elsewhere)
    assert variables == cloud.environment()


def test_a_killed_cloud_is_said_not_to_run(local: PipelineRef) -> None:
    killed(local.project.state_dir)
    with pytest.raises(CloudError, match=r"^the embedded cloud is not running$") as caught:
        target.connect(local, pipeline.load(local))
    assert caught.value.hint == 'run: eval "$(refit local up)"'


def test_a_killed_cloud_is_said_not_to_run_in_a_shell_that_still_has_its_address(
    local: PipelineRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = killed(local.project.state_dir).endpoint_url
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    with pytest.raises(CloudError, match=f"^the embedded cloud is not running at {address}, ") as caught:
        target.environment(local)
    assert caught.value.hint == ON_THE_SHELL


def test_whatever_else_answers_there_is_not_taken_for_the_cloud(
    local: PipelineRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    with http_server.listening(http_server.Handler) as other:
        for address in (other, "http://127.0.0.1:70000", "http://127.0.0.1:x"):
            monkeypatch.setenv("AWS_ENDPOINT_URL", address)
            with pytest.raises(CloudError, match="is not running"):
                target.environment(local)


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_no_other_environment_goes_to_this_machine_by_a_forgotten_variable(
    prod: PipelineRef, variable: str, host: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, f"http://{host}:4566")
    with pytest.raises(CloudError) as caught:
        target.connect(prod, pipeline.load(prod))
    assert str(caught.value) == f"prod/prices is not local, but {variable} points to this machine (http://{host}:4566)"
    assert caught.value.hint == (
        f"open a new shell, or: unset {variable} AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY; "
        "if this is intended: export REFIT_ALLOW_LOOPBACK_ENDPOINT=1"
    )


def test_another_environment_goes_to_this_machine_when_a_person_says_so(
    prod: PipelineRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    monkeypatch.setenv("REFIT_ALLOW_LOOPBACK_ENDPOINT", "1")
    aws = target.connect(prod, pipeline.load(prod))
    assert aws.s3.meta.endpoint_url == "http://127.0.0.1:4566"


def test_no_other_environment_goes_to_this_machine_by_its_profile(
    prod: PipelineRef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("[profile emulator]\nendpoint_url = http://localhost:4566\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_PROFILE", "emulator")
    with pytest.raises(CloudError) as caught:
        target.environment(prod)
    assert str(caught.value) == (
        "prod/prices is not local, but endpoint_url in the AWS profile points to this machine (http://localhost:4566)"
    )
    assert caught.value.hint == (
        "export AWS_PROFILE=<a profile without it>; if this is intended: export REFIT_ALLOW_LOOPBACK_ENDPOINT=1"
    )


@pytest.mark.parametrize("endpoint", ["", "https://vpce-1.s3.us-west-2.vpce.amazonaws.com", "http://[", "here"])
def test_another_environment_goes_wherever_else_the_variables_lead(
    prod: PipelineRef, endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    assert target.environment(prod) == {}


def test_terraform_is_not_started_with_settings_that_it_could_not_use(
    prod: PipelineRef, local: PipelineRef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(AwsError, match="Unable to locate credentials"):
        target.for_terraform(prod)
    monkeypatch.setenv("AWS_PROFILE", "gone")
    with pytest.raises(AwsError, match=r"The config profile \(gone\) could not be found"):
        target.environment(prod)
    cloud = lifecycle.start(local.project.state_dir, 0)
    assert target.for_terraform(local) == cloud.environment()
    assert target.connect(local, pipeline.load(local)).sts.get_caller_identity()["Account"] == "000000000000"


def declare(ref: PipelineRef, account: str) -> PipelineRef:
    """The same pipeline, in a project whose refit.toml names the account of prod."""
    (ref.project.root / "refit.toml").write_text(f'[environments.prod]\naccount = "{account}"\n')
    return Project.here(ref.project.root).find(ref.key)


def test_credentials_of_the_account_in_refit_toml_are_accepted_and_others_refused(
    prod: PipelineRef, local: PipelineRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = lifecycle.start(local.project.state_dir, 0)
    for variable, value in cloud.environment().items():
        monkeypatch.setenv(variable, value)
    monkeypatch.setenv("REFIT_ALLOW_LOOPBACK_ENDPOINT", "1")
    assert target.environment(declare(prod, "000000000000")) == {}
    with pytest.raises(AwsError) as caught:
        target.connect(declare(prod, "123456789012"), pipeline.load(prod))
    assert str(caught.value) == (
        "prod is the AWS account 123456789012 (refit.toml), but these credentials belong to "
        "the account 000000000000; nothing has been changed"
    )
    assert target.environment(declare(local, "123456789012")) == cloud.environment()
    # Credentials that change in one process are looked at again: an access key of twelve digits is an account.
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "123456789012")
    assert target.environment(declare(prod, "123456789012")) == {}


def test_credentials_that_aws_does_not_answer_for_are_refused(
    prod: PipelineRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(AwsError, match=r"^could not verify your AWS credentials: Unable to locate credentials"):
        target.environment(declare(prod, "123456789012"))
