"""Applies one module of the stack on its own, on the embedded cloud."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tests.support.terraform.planner import Planner

TERRAFORM = Path(__file__).parents[3] / "terraform"
PROVIDER = """
variable "tag" {
  type    = string
  default = "one"
}

provider "aws" {
  skip_metadata_api_check     = true
  skip_credentials_validation = true

  default_tags {
    tags = { tag = var.tag }
  }
}
"""
# versions.tf has the S3 backend of stacks; this state is a local file.
BACKEND = 'terraform {\n  backend "local" {}\n}\n'


@dataclass(frozen=True)
class Module:
    """A copy of a module in `folder/NAME`, and a root module in `folder` that calls it."""

    folder: Path
    environment: dict[str, str]

    @classmethod
    def of(cls, planner: Planner, name: str, call: str, folder: Path) -> Module:
        """Copies the module and initializes terraform; `call` is the root module's HCL without the provider."""
        shutil.copytree(TERRAFORM / "modules" / name, folder / name)
        for file in ("versions.tf", ".terraform.lock.hcl"):
            shutil.copy(TERRAFORM / file, folder)
        (folder / "backend_override.tf").write_text(BACKEND)
        (folder / "main.tf").write_text(f"{PROVIDER}{call}")
        module = cls(folder, {**planner.terraform.env, "TF_DATA_DIR": str(folder / ".terraform")})
        module.terraform("init")
        return module

    def terraform(self, action: str, *arguments: str) -> None:
        command = ["terraform", action, "-input=false", "-no-color", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            region_name=self.environment["AWS_REGION"],
            aws_access_key_id=self.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=self.environment["AWS_SECRET_ACCESS_KEY"],
        )
