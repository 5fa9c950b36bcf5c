"""The files that `refit init` generates: valid pipelines, safe workflows, pins as they are locked."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from refit import refit_toml
from refit.errors import InvalidPipeline
from refit.init.answers import Answers
from refit.init.files import GeneratedFile, render
from refit.init.installed import Requirement
from refit.project import Project
from refit.refit_toml import InvalidSettings
from refit.version import VERSION
from tests.support.workflows import load, workflow

COMMIT = "0123456789abcdef0123456789abcdef01234567"
REQUIREMENT = Requirement(f"refit-sagemaker=={VERSION}", "ab" * 32)
ALL = Answers(
    environment="staging",
    pipeline="fraud",
    region="eu-central-1",
    prefix="payments/daily/",
    features=30,
    account="210987654321",
    slack_channel="fraud-models",
    owners="@acme/platform @octocat",
    workflows=f"acme/refit@{COMMIT}",
    bootstrap=True,
)


def rendered(root: Path, answers: Answers, requirement: Requirement | None = REQUIREMENT) -> dict[str, GeneratedFile]:
    """The files, also written below `root`."""
    files = render(Project(root), answers, requirement)
    for path, file in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(file.text)
    return files


@pytest.mark.parametrize("answers", [Answers(), ALL], ids=["defaults", "all"])
def test_the_pipelines_are_valid_and_formatted(tmp_path: Path, answers: Answers) -> None:
    rendered(tmp_path, answers)
    keys = [ref.key for ref in Project(tmp_path).pipelines()]
    assert keys == [f"local/{answers.pipeline}", f"{answers.environment}/{answers.pipeline}"]
    command = ["terraform", "fmt", "-check", "-diff", "-recursive", str(tmp_path / "terraform")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_answers_are_in_the_pipeline_file(tmp_path: Path) -> None:
    text = rendered(tmp_path, ALL)["terraform/pipelines/staging/fraud.tfvars"].text
    assert 'pipeline = "fraud"\nregion   = "eu-central-1"\n' in text
    assert 'data = { prefix = "payments/daily/", feature_dim = 30 }\n' in text
    assert '\nslack = { channel = "fraud-models", token_parameter = "/refit/slack-token" }\n' in text
    assert text.endswith("}\n")


def test_the_local_environment_alone_is_one_pipeline(tmp_path: Path) -> None:
    rendered(tmp_path, Answers(environment="local"))
    assert [ref.key for ref in Project(tmp_path).pipelines()] == ["local/home-prices"]


def test_pipelines_go_where_an_existing_refit_toml_says(tmp_path: Path) -> None:
    (tmp_path / "refit.toml").write_text('pipelines = "ml"\n')
    assert "ml/prod/home-prices.tfvars" in render(Project(tmp_path), Answers(), None)


def test_an_answer_that_refit_would_not_accept_is_reported_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(InvalidPipeline, match=r"local/home-prices\.tfvars:4:12: bad-region "):
        render(Project(tmp_path), Answers(region="here"), None)
    with pytest.raises(InvalidPipeline, match="not-a-literal"):
        render(Project(tmp_path), Answers(prefix="${path.root}/"), None)
    with pytest.raises(InvalidSettings, match=r"environments\.prod\.account cannot be \"12\""):
        render(Project(tmp_path), Answers(account="12"), None)


def test_refit_toml_has_the_version_and_the_account(tmp_path: Path) -> None:
    rendered(tmp_path, ALL)
    read = refit_toml.read(tmp_path)
    assert read.version == VERSION
    assert read.environment("staging") == refit_toml.EnvironmentSettings(
        "210987654321", "refit-terraform-state-210987654321", "eu-central-1"
    )


def test_without_an_account_its_lines_are_comments(tmp_path: Path) -> None:
    text = rendered(tmp_path, Answers())["refit.toml"].text
    assert refit_toml.read(tmp_path).environments == {}
    uncommented = re.sub(r"(?m)^# (?=\[|account|state_bucket|region)", "", text)
    assert refit_toml.parse(uncommented.encode()).environment("prod").account == "123456789012"


def test_requirements_are_the_pin_of_refit_and_the_lock(tmp_path: Path) -> None:
    files = rendered(tmp_path, Answers())
    for name, lock in (("requirements.txt", "driver.txt"), ("requirements-local.txt", "local.txt")):
        text = files[name].text
        assert str(REQUIREMENT) in text
        assert text.endswith((Path(__file__).parents[3] / "requirements" / lock).read_text())
        pins = re.findall(r"^(?! |#)(\S+)", text, re.MULTILINE)
        assert len(set(pins)) == len(pins)


def test_without_a_hash_there_are_no_requirements_and_without_a_repository_no_workflows(tmp_path: Path) -> None:
    files = render(Project(tmp_path), Answers(), None)
    assert not [path for path in files if path.startswith(("requirements", ".github/workflows"))]


@pytest.mark.parametrize("name", ["plan", "deploy", "drift"])
def test_a_workflow_calls_ours_at_the_commit_with_the_rights_that_its_jobs_need(tmp_path: Path, name: str) -> None:
    rendered(tmp_path, ALL)
    caller = load(tmp_path / ".github" / "workflows" / f"{name}.yml")
    (job,) = caller["jobs"].values()
    assert caller["permissions"] == {}
    assert job["uses"] == f"acme/refit/.github/workflows/{name}.yml@{COMMIT}"
    needed: dict[str, str] = {}
    for called in workflow(name)["jobs"].values():
        for scope, access in called["permissions"].items():
            needed[scope] = "write" if "write" in (access, needed.get(scope)) else access
    assert job["permissions"] == needed
    inputs: dict[str, Any] = (workflow(name)["on"]["workflow_call"] or {}).get("inputs", {})
    assert set(job.get("with", {})) == set(inputs)
    events = {event for event in workflow(name)["on"] if event != "workflow_call"}
    assert set(caller["on"]) == events


def test_the_workflows_have_no_findings(tmp_path: Path) -> None:
    rendered(tmp_path, ALL)
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    for command in (
        ["zizmor", "--offline", "--quiet", "--no-progress", ".github"],
        ["jactionlint", "--no-online", "--shellcheck=", "--pyflakes="],
    ):
        program = Path(sys.executable).with_name(command[0])
        done = subprocess.run([program, *command[1:]], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_owners_review_what_decides_over_code_and_credentials(tmp_path: Path) -> None:
    text = rendered(tmp_path, ALL)[".github/CODEOWNERS"].text
    for path in ("/.github/", "/refit.toml", "/requirements.txt", "/terraform/pipelines/"):
        assert re.search(rf"(?m)^{re.escape(path)} +@acme/platform @octocat$", text), path
    commented = render(Project(tmp_path), Answers(), None)[".github/CODEOWNERS"].text
    assert all(line.startswith("#") for line in commented.splitlines())


def test_the_readme_names_the_pipeline_and_every_file_that_it_explains(tmp_path: Path) -> None:
    files = rendered(tmp_path, ALL)
    readme = files["README.md"].text
    assert "[Refit](https://github.com/acme/refit)" in readme
    assert "refit terraform apply local/fraud" in readme
    assert "@{" not in "".join(file.text for file in files.values())
    for path in ("refit.toml", "requirements.txt", "requirements-local.txt", ".github/workflows/"):
        assert f"`{path}`" in readme
