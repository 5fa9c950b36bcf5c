"""The validations of bootstrap/variables.tf. The file alone is a root module: each plan takes 0.1 s."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

VARIABLES = Path(__file__).parents[3] / "terraform" / "bootstrap" / "variables.tf"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("variables")
    shutil.copy(VARIABLES, folder)
    return folder


def plan(folder: Path, values: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    (folder / "values.tfvars.json").write_text(json.dumps({"repository": "acme/models", **values}))
    return subprocess.run(
        ["terraform", "plan", "-input=false", "-no-color", "-var-file=values.tfvars.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"repository": "a-b/C.d_e-f"},
        {"repository_ids": {"owner": 123456, "repository": 1234567890}},
        {"deploy_environments": ["prod", "eu-staging"]},
        {"pipeline_regions": ["us-west-2", "us-gov-east-1"]},
        {"pipeline_buckets": ["acme-home-prices", "*-123456789012-us-west-2"]},
        {"token_parameters": [], "token_secrets": []},
        {"token_secrets": ["slack/bot", "refit/*"]},
        {"oidc_provider_arn": "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"},
    ],
)
def test_good_values_are_taken(folder: Path, values: dict[str, Any]) -> None:
    planned = plan(folder, values)
    assert planned.returncode == 0, planned.stderr


@pytest.mark.parametrize(
    ("values", "advice"),
    [
        ({"repository": "https://github.com/acme/models"}, 'write repository = "acme/models"'),
        ({"repository": "models"}, 'write repository = "acme/models"'),
        ({"repository": "acme/*"}, 'write repository = "acme/models"'),
        ({"repository": "acme/models:ref"}, 'write repository = "acme/models"'),
        ({"repository_ids": {"owner": 0, "repository": 1}}, "gh api repos/OWNER/NAME"),
        ({"repository_ids": {"owner": 1, "repository": 1.5}}, "gh api repos/OWNER/NAME"),
        ({"deploy_environments": []}, 'write deploy_environments = ["prod"]'),
        ({"deploy_environments": ["*"]}, 'write deploy_environments = ["prod"]'),
        ({"deploy_environments": ["prod", "plan"]}, "whose jobs run for unreviewed changes"),
        ({"deploy_environments": ["local"]}, "which is the embedded cloud"),
        ({"region": "Oregon"}, 'write region = "us-west-2"'),
        ({"pipeline_regions": []}, 'write pipeline_regions = ["us-west-2", "eu-central-1"]'),
        ({"pipeline_regions": ["*"]}, 'write pipeline_regions = ["us-west-2", "eu-central-1"]'),
        ({"pipeline_buckets": ["*"]}, 'write pipeline_buckets = ["acme-home-prices"'),
        ({"pipeline_buckets": ["***"]}, 'write pipeline_buckets = ["acme-home-prices"'),
        ({"pipeline_buckets": ["arn:aws:s3:::mine"]}, 'write pipeline_buckets = ["acme-home-prices"'),
        ({"state_bucket": "My_Bucket"}, 'write state_bucket = "acme-terraform-state"'),
        ({"token_parameters": ["*"]}, 'write token_parameters = ["/refit/*"]'),
        ({"token_parameters": ["/*"]}, 'write token_parameters = ["/refit/*"]'),
        ({"token_secrets": ["*"]}, 'write token_secrets = ["refit/*"]'),
        ({"token_secrets": ["arn:aws:secretsmanager:x"]}, 'write token_secrets = ["refit/*"]'),
        ({"sagemaker_role_arns": ["my-role"]}, 'write sagemaker_role_arns = ["arn:aws:iam::'),
        ({"oidc_provider_arn": "arn:aws:iam::123456789012:oidc-provider/example.com"}, "write oidc_provider_arn ="),
    ],
)
def test_a_bad_value_is_refused_with_what_to_write(folder: Path, values: dict[str, Any], advice: str) -> None:
    planned = plan(folder, values)
    assert planned.returncode == 1
    said = " ".join(planned.stderr.replace("│", " ").split())
    assert advice in said
