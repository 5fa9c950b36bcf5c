"""One checkout of the example pipeline, in which terraform is initialized once for all tests in this folder.

The state is a local file. The embedded cloud provides the account and validates the definition during plans.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import tftest

from refit.embedded_cloud import lifecycle
from refit.pipeline import files
from refit.project import Project
from refit.terraform.runner import Terraform
from tests.support.terraform.planner import Plan, Planner

ROOT = Path(__file__).parents[2]
LAYER = "arn:aws:lambda:us-west-2:123456789012:layer:pyarrow:3"
LOCAL_STATE = 'terraform {\n  backend "local" {}\n}\n'


@pytest.fixture(scope="session")
def planner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "terraform", folder / "terraform", ignore=shutil.ignore_patterns(".terraform"))
    (folder / "terraform" / "backend_override.tf").write_text(LOCAL_STATE)
    ref = Project(folder).find("local/home-prices")
    fields = files.load(ref).model_dump(mode="json", exclude_unset=True, exclude={"gate"})
    code = folder / "examples" / "own" / "train.py"
    code.parent.mkdir(parents=True)
    code.write_text("print('training')\n")
    try:
        cloud = lifecycle.start(folder / ".refit", port=0)
        terraform = tftest.TerraformTest(str(folder / "terraform"))
        terraform.env = Terraform(ref, cloud.environment()).environment()
        for name in ("TF_VAR_pipelines_dir", "TF_VAR_build_dir"):
            del terraform.env[name]  # the defaults are those of a checkout
        terraform.setup(cleanup_on_exit=False)
        yield Planner(ref, terraform, fields)
    finally:
        lifecycle.stop(folder / ".refit")


@pytest.fixture(scope="session")
def plan(planner: Planner) -> Plan:
    """The plan of the example with direct orchestration and without optional sections."""
    return planner.plan(orchestration="direct", gate=None, approval=None, arrival=None)


@pytest.fixture(scope="session")
def polling(planner: Planner) -> Plan:
    """The same with polling orchestration."""
    return planner.plan(orchestration="polling", gate=None, approval=None, arrival=None)


@pytest.fixture(scope="session")
def whole(planner: Planner) -> Plan:
    """A plan with all optional features: a gate, approval, arrival, and a custom algorithm."""
    return planner.plan(
        orchestration="direct",
        gate={"metric": "validation:mse", "max": 60, "max_regression": 0.1},
        approval={"timeout_minutes": 60},
        data={
            "prefix": "data/home-prices/train/",
            "layout": "dt=%Y-%m-%d/",
            "content_type": "text/csv; label_size=1",
            "ready": "_SUCCESS",
            "feature_dim": 1,
            "schema": [{"name": "price", "min": 0}, {"name": "rooms", "type": "integer"}],
            "check_layer_arn": LAYER,
        },
        arrival={"quiet_minutes": 10, "max_wait_minutes": 90},
        training={
            "image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/sklearn:1",
            "source": "examples/own",
            "channels": {"neighbourhoods": "data/neighbourhoods/"},
            "metrics": {"validation:mse": "mse=([0-9.]+)"},
        },
    )


@pytest.fixture(scope="session")
def own(planner: Planner) -> Plan:
    """A plan with custom names and without default values."""
    return planner.plan(
        bucket="my-bucket",
        endpoint={"name": "My-Endpoint"},
        sagemaker_role_arn="arn:aws:iam::123456789012:role/my-role",
        slack=None,
        schedule={"expression": "cron(0 6 * * ? *)", "timezone": "Europe/Berlin", "enabled": False},
        alarms={"actions": ["arn:aws:sns:us-west-2:123456789012:ml-alerts"]},
        retention={"run_days": 90, "model_days": 365},
        log_retention_days=7,
        force_destroy=False,
        tags={f"tag-{n}": "value" for n in range(12)},
    )


@pytest.fixture(scope="session")
def own_image(planner: Planner) -> Plan:
    """A plan with a custom image, and with the Slack token in Secrets Manager."""
    image = f"123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/model@sha256:{'0' * 64}"
    return planner.plan(training={"image": image}, slack={"channel": "ml", "token_secret": "refit/token"})


@pytest.fixture(scope="session")
def boosted(planner: Planner) -> Plan:
    """A plan with XGBoost."""
    data = {"prefix": "data/home-prices/", "feature_dim": 13}
    return planner.plan(
        data=data, gate=None, training={"algorithm": "xgboost", "hyperparameters": {"num_round": "100"}}
    )


@pytest.fixture(scope="session")
def canary(planner: Planner) -> Plan:
    """A plan with a guarded deployment, which the stack's own alarm monitors."""
    endpoint = {"name": "My-Endpoint", "instance_count": 4, "deployment": {"strategy": "canary"}}
    return planner.plan(endpoint=endpoint, alarms={"actions": ["arn:aws:sns:us-west-2:123456789012:ml-alerts"]})
