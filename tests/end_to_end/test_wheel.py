"""A team that has only the wheel: from `refit init` to a prediction, outside any checkout.

The tests run in the order in which they are written.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from refit.init.installed import WHEEL
from refit.version import VERSION
from tests.support.checkout import Repository
from tests.support.end_to_end.installed import Installed
from tests.support.tracked_files import ROOT

HOME = "0.02731,0,7.07,0,0.469,6.421,78.9,4.9671,2,242,17.8,396.9,9.14"
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a fresh environment, in a folder without a repository."""
    return Installed.into(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def team(alone: Installed) -> Iterator[Installed]:
    """The same, in the repository that the first test creates."""
    own = replace(alone, repository=alone.repository / "models")
    yield own
    if own.repository.exists():
        own.refit("local", "down")


def test_the_version_says_that_the_sources_come_with_the_package(alone: Installed) -> None:
    sources = next(alone.environment.glob("lib/python*/site-packages/refit/stack"))
    assert alone.refit("--version") == f"refit {VERSION}, with the stack's sources in {sources}\n"


def test_init_makes_a_repository_that_is_valid_and_builds(alone: Installed, team: Installed) -> None:
    created = alone.refit("init", "models", "--yes", "--workflows", f"acme/refit@{COMMIT}").splitlines()
    assert "created terraform/pipelines/local/home-prices.tfvars" in created
    assert "created .github/workflows/deploy.yml" in created
    assert "created requirements.txt" in created
    assert f"copied the wheel of Refit to wheels/{WHEEL}" in created
    assert not [line for line in created if line.startswith("not generated")]
    assert team.refit("validate") == "2 valid\n"
    assert len(team.refit("build", folder="terraform").splitlines()) == 2
    assert team.refit("init") == f"the generated files are those of Refit {VERSION}\n"


def test_the_requirements_pin_the_wheel_that_is_installed(team: Installed) -> None:
    sha256 = hashlib.sha256(team.wheel.read_bytes()).hexdigest()
    pinned = f"./wheels/{WHEEL} \\\n    --hash=sha256:{sha256}\n"
    for name, lock in (("requirements.txt", "driver.txt"), ("requirements-local.txt", "local.txt")):
        text = (team.repository / name).read_text()
        assert pinned in text
        assert (ROOT / "requirements" / lock).read_text() in text


def test_the_wheel_is_installed_from_its_copy_in_the_repository(team: Installed) -> None:
    assert (team.repository / "wheels" / WHEEL).read_bytes() == team.wheel.read_bytes()
    # All others are installed already, so that pip needs no index; the hash of the wheel is checked once more.
    team.run("pip", "install", "--no-deps", "--no-index", "--require-hashes", "-r", "requirements.txt")
    team.run("pip", "install", "--no-deps", "--no-index", "--require-hashes", "-r", "requirements-local.txt")
    assert team.refit("init") == f"the generated files are those of Refit {VERSION}\n"
    named = team.refit("init", "--update", "--wheel", f"wheels/{WHEEL}")
    assert named == f"nothing to update: the generated files that were not edited are those of Refit {VERSION}\n"


def test_the_stack_is_applied_trained_and_answers(team: Installed) -> None:
    team.make_read_only()
    before = team.sources()
    team.export(team.refit("local", "up", "--port", "0"))
    Repository(team.repository).commit()
    applied = team.refit("terraform", "apply", "local/home-prices", "-auto-approve", "-input=false")
    assert "Apply complete!" in applied
    data = str(ROOT / "examples" / "boston-housing.csv")
    today = datetime.now(UTC).date().isoformat()
    team.refit("upload", "local/home-prices", data, "--label", "medv", "--days", "7", "--day", today, "--seed", "7")
    triggered = json.loads(team.refit("trigger", "local/home-prices", "--wait", "--json"))
    assert [run["outcome"] for run in triggered["pipelines"]] == ["Deployed"]
    assert 10 < float(team.refit("predict", "local/home-prices", HOME, folder="terraform/pipelines")) < 50
    unchanged = team.refit("terraform", "plan", "local/home-prices", "-detailed-exitcode", "-out=plan.tfplan")
    assert "No changes." in unchanged
    assert (team.repository / "plan.tfplan").is_file()
    assert team.sources() == before


def test_the_commands_of_the_generated_readme_work_as_they_are(alone: Installed) -> None:
    alone.refit("init", "readme", "--yes")
    repository = alone.repository / "readme"
    (commands,) = re.findall(r"```console\n(.*?)```", (repository / "README.md").read_text(), re.DOTALL)
    commands = re.sub(r"^python3 -m venv .*\n", "", commands, flags=re.MULTILINE)  # `alone` has what that installs
    (repository / "data.csv").write_bytes((ROOT / "examples" / "boston-housing.csv").read_bytes())
    for placeholder, value in (("LABEL", "medv"), ("FEATURE,FEATURE,…", HOME), ("local up", "local up --port 0")):
        assert placeholder in commands
        commands = commands.replace(placeholder, value)
    path = f"{alone.environment / 'bin'}:{os.environ['PATH']}"
    who = {f"GIT_{role}_{key}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for key in ("NAME", "EMAIL")}
    user = replace(alone, repository=repository, exported={"PATH": path, **who})
    try:
        said = user.run("/bin/bash", "-e", "-o", "pipefail", "-c", commands).splitlines()
    finally:
        user.refit("local", "down")
    assert "2 valid" in said
    assert [line for line in said if line.startswith("local/home-prices ") and line.endswith("Deployed")]
    assert 10 < float(said[-2]) < 50
    assert said[-1] == "stopped"


def test_another_version_in_refit_toml_stops_the_commands_that_work_on_stacks(team: Installed) -> None:
    file = team.repository / "refit.toml"
    text = file.read_text()
    file.write_text(text.replace(f'"{VERSION}"', '"9.9.9"'))
    for command in (["validate"], ["build"], ["terraform", "plan", "local/home-prices"]):
        assert team.refit(*command, fails=True) == ""
    assert team.refit("init", "--update").splitlines() == ["updated refit.toml"]
    assert file.read_text() == text
