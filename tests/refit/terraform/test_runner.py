"""The runner of terraform. A stand-in binary records how it is called; tests/terraform runs the real one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from refit.errors import TerraformError
from refit.project import PipelineRef, Project
from refit.terraform.runner import Terraform

CLOUD = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_REGION": "us-west-2",
    "AWS_DEFAULT_REGION": "us-west-2",
}
PROVIDER = "providers/registry.terraform.io/hashicorp/aws/5.100.0/linux_amd64/terraform-provider-aws_v5.100.0_x5"
STAND_IN = f"""#!{sys.executable}
import json, os, pathlib, sys
arguments = sys.argv[1:]
with open(os.environ["STAND_IN_LOG"], "a") as log:
    log.write(json.dumps({{"arguments": arguments, "environment": dict(os.environ)}}) + "\\n")
if "init" in arguments:
    provider = pathlib.Path(os.environ["TF_DATA_DIR"], "{PROVIDER}")
    provider.parent.mkdir(parents=True, exist_ok=True)
    provider.touch()
elif os.environ.get("STAND_IN_SAYS"):
    print(os.environ["STAND_IN_SAYS"])
print(os.environ.get("STAND_IN_COMPLAINS", ""), file=sys.stderr)
sys.exit(0 if "init" in arguments else int(os.environ.get("STAND_IN_EXIT", "0")))
"""


@dataclass
class Called:
    arguments: list[str]
    environment: dict[str, str]


@dataclass
class StandIn:
    log: Path

    def calls(self) -> list[Called]:
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [Called(**json.loads(line)) for line in lines]

    def actions(self) -> list[str]:
        return [call.arguments[1] for call in self.calls()]

    def last(self) -> Called:
        return self.calls()[-1]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "checkout"
    for environment in ("local", "prod"):
        file = root / "terraform" / "pipelines" / environment / "home-prices.tfvars"
        file.parent.mkdir(parents=True)
        file.touch()
    (root / "terraform" / "main.tf").touch()
    (root / "terraform" / ".terraform.lock.hcl").touch()
    return Project(root)


@pytest.fixture
def local(project: Project) -> PipelineRef:
    return project.find("local/home-prices")


@pytest.fixture
def prod(project: Project) -> PipelineRef:
    return project.find("prod/home-prices")


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    binary = tmp_path / "bin" / "terraform"
    binary.parent.mkdir()
    binary.write_text(STAND_IN)
    binary.chmod(0o755)
    monkeypatch.setenv("PATH", str(binary.parent))
    monkeypatch.setenv("STAND_IN_LOG", str(tmp_path / "calls"))
    return StandIn(tmp_path / "calls")


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFIT_STATE_BUCKET", "my-state")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.delenv("REFIT_STATE_REGION", raising=False)


def test_a_plan_has_the_pipelines_file_state_and_environment(local: PipelineRef, stand_in: StandIn) -> None:
    Terraform(local, CLOUD).run("plan", ["-out=plan.tfplan"])

    plan = stand_in.last()
    assert plan.arguments == [
        f"-chdir={local.project.terraform_dir}",
        "plan",
        f"-var-file={local.path}",
        "-out=plan.tfplan",
    ]
    assert plan.environment["TF_DATA_DIR"] == str(local.build_dir / ".terraform")
    assert plan.environment["TF_VAR_environment"] == "local"
    assert plan.environment["TF_VAR_embedded_cloud"] == "true"
    assert plan.environment["TF_VAR_pipelines_dir"] == str(local.project.root / "terraform" / "pipelines")
    assert plan.environment["TF_VAR_build_dir"] == str(local.project.root / "build")
    assert CLOUD.items() <= plan.environment.items()


def test_nothing_of_the_callers_aws_account_reaches_the_embedded_cloud(
    local: PipelineRef, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3", "AWS_CA_BUNDLE"):
        monkeypatch.setenv(variable, "the caller's")

    Terraform(local, CLOUD).run("plan")

    assert {name for name in stand_in.last().environment if name.startswith("AWS_")} == set(CLOUD)


def test_the_state_lives_in_the_embedded_clouds_bucket_whatever_its_port(local: PipelineRef, stand_in: StandIn) -> None:
    Terraform(local, CLOUD).init()

    assert {
        "-lockfile=readonly",
        "-backend-config=bucket=refit-terraform-state",
        "-backend-config=key=local/home-prices.tfstate",
        "-backend-config=region=us-west-2",
        "-backend-config=use_lockfile=true",
        "-backend-config=use_path_style=true",
    } <= set(stand_in.last().arguments)
    assert not [argument for argument in stand_in.last().arguments if "4566" in argument]


@pytest.mark.usefixtures("aws")
def test_on_aws_the_state_lives_encrypted_in_the_bucket_of_the_team(prod: PipelineRef, stand_in: StandIn) -> None:
    Terraform(prod).run("init", ["-upgrade"])

    called = stand_in.last()
    assert {
        "-backend-config=bucket=my-state",
        "-backend-config=key=prod/home-prices.tfstate",
        "-backend-config=region=eu-west-1",
        "-backend-config=use_lockfile=true",
        "-backend-config=encrypt=true",
        "-upgrade",
    } <= set(called.arguments)
    assert "-lockfile=readonly" not in called.arguments
    assert called.environment["TF_VAR_embedded_cloud"] == "false"


@pytest.mark.usefixtures("aws")
def test_the_state_bucket_may_be_in_another_region(
    prod: PipelineRef, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFIT_STATE_REGION", "us-east-1")

    Terraform(prod).init()

    assert "-backend-config=region=us-east-1" in stand_in.last().arguments


@pytest.mark.usefixtures("aws", "stand_in")
def test_without_a_state_bucket_the_error_says_what_to_export(
    prod: PipelineRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("REFIT_STATE_BUCKET")

    with pytest.raises(TerraformError, match="REFIT_STATE_BUCKET is not set") as caught:
        Terraform(prod).run("plan")
    assert caught.value.hint is not None
    assert caught.value.hint.startswith("export REFIT_STATE_BUCKET=")


@pytest.mark.usefixtures("stand_in")
def test_without_a_region_the_error_says_what_to_export(prod: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFIT_STATE_BUCKET", "my-state")
    for variable in ("REFIT_STATE_REGION", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(variable, raising=False)

    with pytest.raises(TerraformError, match="the region of the bucket my-state is not known"):
        Terraform(prod).run("plan")


@pytest.mark.usefixtures("aws", "stand_in")
def test_a_local_pipeline_never_reaches_aws(local: PipelineRef) -> None:
    with pytest.raises(TerraformError, match="local/home-prices lives on the embedded cloud"):
        Terraform(local).run("apply")


def test_without_terraform_the_error_says_where_to_get_it(
    local: PipelineRef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(TerraformError, match="terraform is not on the PATH") as caught:
        Terraform(local, CLOUD).run("plan")
    assert caught.value.hint == ("install Terraform 1.10 or later: https://developer.hashicorp.com/terraform/install")
    assert not local.build_dir.exists()


def test_a_saved_plan_has_its_values_already(local: PipelineRef, stand_in: StandIn) -> None:
    (local.project.terraform_dir / "plan.tfplan").touch()
    terraform = Terraform(local, CLOUD)

    terraform.run("apply", ["plan.tfplan"])

    assert stand_in.last().arguments[1:] == ["apply", "plan.tfplan"]
    assert not terraform.reads_build("apply", ["plan.tfplan"])
    assert terraform.reads_build("apply", ["-auto-approve"])
    assert not terraform.reads_build("output")


def test_an_output_takes_no_variables(local: PipelineRef, stand_in: StandIn) -> None:
    Terraform(local, CLOUD).run("output", ["-json"])

    assert stand_in.last().arguments[1:] == ["output", "-json"]


def test_terraform_is_initialized_once(local: PipelineRef, stand_in: StandIn) -> None:
    Terraform(local, CLOUD).run("plan")
    Terraform(local, CLOUD | {"AWS_ENDPOINT_URL": "http://127.0.0.1:4999"}).run("plan")

    assert stand_in.actions() == ["init", "plan", "plan"]


@pytest.mark.parametrize("file", ["main.tf", ".terraform.lock.hcl"])
def test_terraform_is_initialized_again_when_its_modules_or_provider_change(
    local: PipelineRef, stand_in: StandIn, file: str
) -> None:
    Terraform(local, CLOUD).run("plan")
    (local.project.terraform_dir / file).write_text("changed")
    Terraform(local, CLOUD).run("plan")

    assert stand_in.actions() == ["init", "plan", "init", "plan"]


def test_terraform_is_initialized_again_when_its_provider_is_gone(local: PipelineRef, stand_in: StandIn) -> None:
    Terraform(local, CLOUD).run("plan")
    (local.build_dir / ".terraform" / PROVIDER).unlink()
    Terraform(local, CLOUD).run("plan")

    assert stand_in.actions() == ["init", "plan", "init", "plan"]


@pytest.mark.usefixtures("stand_in")
def test_a_plan_with_changes_is_no_error(local: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAND_IN_EXIT", "2")

    assert Terraform(local, CLOUD).run("plan", ["-detailed-exitcode"]) == 2


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(("action", "args"), [("plan", []), ("apply", ["-detailed-exitcode"])])
def test_any_other_end_is_an_error_with_terraforms_exit_code(
    local: PipelineRef, monkeypatch: pytest.MonkeyPatch, action: str, args: list[str]
) -> None:
    monkeypatch.setenv("STAND_IN_EXIT", "2")

    with pytest.raises(TerraformError, match=f"terraform {action} failed for local/home-prices") as caught:
        Terraform(local, CLOUD).run(action, args)
    assert caught.value.exit_code == 2


@pytest.mark.usefixtures("stand_in")
def test_a_silent_failure_says_what_terraform_said(local: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAND_IN_EXIT", "1")
    monkeypatch.setenv("STAND_IN_COMPLAINS", "Error: Resource precondition failed")

    with pytest.raises(TerraformError, match="Error: Resource precondition failed"):
        Terraform(local, CLOUD).apply()


def test_an_apply_asks_nothing_and_tells_its_closing_line(
    local: PipelineRef, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = "Apply complete! Resources: 45 added, 0 changed, 0 destroyed."
    monkeypatch.setenv("STAND_IN_SAYS", f"aws_s3_bucket.this: Creating...\n{closing}\n\nOutputs:\n")

    assert Terraform(local, CLOUD).apply() == closing
    assert {"-auto-approve", "-input=false"} <= set(stand_in.last().arguments)


@pytest.mark.usefixtures("stand_in")
@pytest.mark.parametrize(("code", "changes"), [("0", False), ("2", True)])
def test_drift_is_what_a_second_plan_would_change(
    local: PipelineRef, monkeypatch: pytest.MonkeyPatch, code: str, changes: bool
) -> None:
    monkeypatch.setenv("STAND_IN_EXIT", code)
    monkeypatch.setenv("STAND_IN_SAYS", "the plan")

    assert ("the plan" in Terraform(local, CLOUD).drift()) is changes


@pytest.mark.usefixtures("stand_in")
def test_outputs_are_values_by_name(local: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    outputs: dict[str, Any] = {"bucket": {"type": "string", "value": "b"}, "alarms": {"value": ["a"]}}
    monkeypatch.setenv("STAND_IN_SAYS", json.dumps(outputs))

    assert Terraform(local, CLOUD).outputs() == {"bucket": "b", "alarms": ["a"]}


INTERRUPTED = """
import pathlib, subprocess, sys
from refit.terraform import child_process
child = [sys.executable, "-c", sys.argv[1]]
child_process.run(child, cwd=pathlib.Path.cwd(), env={}, in_terminal=False, stdin=subprocess.DEVNULL)
"""
SLOW_TO_END = """
import signal, time
signals = []
signal.signal(signal.SIGINT, lambda *_: signals.append(1))
print("ready", flush=True)
while not signals:
    time.sleep(0.01)
time.sleep(0.5)
print(f"ended after {len(signals)} signals", flush=True)
"""


@pytest.fixture
def interrupted() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", INTERRUPTED, SLOW_TO_END]
    # A shell that runs the tests in the background has them ignore Ctrl-C, and what they start with them.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, preexec_fn=heeding) as process:
        yield process
        process.kill()


def test_an_interrupt_reaches_the_child_once_and_its_end_is_waited_for(interrupted: subprocess.Popen[str]) -> None:
    assert interrupted.stdout is not None
    assert interrupted.stdout.readline() == "ready\n"
    time.sleep(0.1)

    interrupted.send_signal(signal.SIGINT)
    out, err = interrupted.communicate(timeout=10)

    assert out == "ended after 1 signals\n"
    assert "KeyboardInterrupt" in err
