"""A fake terraform binary that records its calls, and a checkout with a local and a prod pipeline."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from refit.project import PipelineRef, Project

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
def team_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFIT_STATE_BUCKET", "my-state")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.delenv("REFIT_STATE_REGION", raising=False)
