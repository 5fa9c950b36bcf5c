"""The bootstrap, applied once on an embedded cloud that enforces IAM, and the credentials of its two roles."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import tftest

from refit.artifacts.build import build
from refit.embedded_cloud import lifecycle
from refit.project import Project
from refit.terraform.runner import Terraform
from tests.support.terraform.account import CLAIM, DEPLOY, PLAN, STATE_BUCKET, Account

ROOT = Path(__file__).parents[3]
# The embedded cloud has no virtual hosts and no instance metadata.
EMBEDDED = """
provider "aws" {
  s3_use_path_style           = true
  skip_credentials_validation = true
  skip_metadata_api_check     = true
}
"""
# A day of quiet, so that arriving data starts no run during these tests.
MORE = """
arrival = { quiet_minutes = 1440, max_wait_minutes = 1440 }
"""
VARIABLES = {
    "repository": "acme/models",
    "repository_ids": '{"owner":123,"repository":456}',
    "state_bucket": STATE_BUCKET,
}


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    folder = tmp_path_factory.mktemp("account")
    shutil.copytree(ROOT / "terraform", folder / "terraform", ignore=shutil.ignore_patterns(".terraform"))
    bootstrap = folder / "terraform" / "bootstrap"
    (bootstrap / "embedded_override.tf").write_text(EMBEDDED)
    ref = Project(folder).find("local/home-prices")
    terraform = tftest.TerraformTest(str(bootstrap))
    try:
        # What a role may do is asked for right after Terraform has changed its policies.
        cloud = lifecycle.start(folder / ".refit", port=0, extra_env={"REFIT_LOCAL_STRICT": "0"})
        made = Account(cloud, ref, terraform)
        # The embedded cloud creates this bucket when it starts; here the bootstrap does.
        made.client("s3").delete_bucket(Bucket=STATE_BUCKET)
        terraform.env = Terraform(ref, made.cloud.environment()).environment()
        del terraform.env["TF_DATA_DIR"]  # the pipeline's
        terraform.setup(cleanup_on_exit=False)
        terraform.apply(tf_vars=VARIABLES)
        yield made
    finally:
        lifecycle.stop(folder / ".refit")


@pytest.fixture(scope="session")
def plan_role(account: Account) -> dict[str, str]:
    return account.become(PLAN, f"{CLAIM}:environment:plan")


@pytest.fixture(scope="session")
def deploy_role(account: Account) -> dict[str, str]:
    return account.become(DEPLOY, f"{CLAIM}:environment:prod")


@pytest.fixture(scope="session")
def deployed(account: Account, deploy_role: dict[str, str]) -> Account:
    """The stack of the example, with a gate and with arrival, applied by the deploy role."""
    account.ref.path.write_text(f"{account.ref.path.read_text()}{MORE}")
    build(account.ref)
    account.terraform(deploy_role).apply()
    return account
