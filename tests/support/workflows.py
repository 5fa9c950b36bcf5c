"""Parses the GitHub workflows, and the composite action that they share, for tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
SETUP_ACTION = ROOT / ".github" / "actions" / "setup" / "action.yml"
SETUP = "$/.github/actions/setup"
"""How a workflow refers to the action: https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/find-and-customize-actions"""

NAMES = ("ci", "deploy", "drift", "plan")


class Loader(yaml.SafeLoader):
    """YAML 1.2's booleans, as GitHub reads them: `on` is a key and not a boolean."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), list("tf"))


def load(file: Path) -> dict[str, Any]:
    """A workflow or an action."""
    loaded: dict[str, Any] = yaml.load(file.read_text(), Loader)  # noqa: S506 - a safe loader
    return loaded


def text(name: str) -> str:
    return (FOLDER / f"{name}.yml").read_text()


def workflow(name: str) -> dict[str, Any]:
    return load(FOLDER / f"{name}.yml")


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Workflow, job and the job's content."""
    for name in NAMES:
        for job, content in workflow(name)["jobs"].items():
            yield name, job, content


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every step of every job, with its location."""
    for name, job, content in jobs():
        for step in content["steps"]:
            yield f"{name}.{job}: {step['name']}", step


def setup_steps() -> list[dict[str, Any]]:
    """The steps of the composite action."""
    found: list[dict[str, Any]] = load(SETUP_ACTION)["runs"]["steps"]
    return found


def runs() -> list[str]:
    """Every command of the workflows."""
    return sorted({step["run"] for _, step in steps() if "run" in step})


def commands(name: str, job: str) -> list[str]:
    """The commands of one job, in order."""
    return [step["run"] for step in workflow(name)["jobs"][job]["steps"] if "run" in step]


def uses(step: dict[str, Any], action: str) -> bool:
    return str(step.get("uses", "")).partition("@")[0] == action


def needs(job: dict[str, Any]) -> list[str]:
    """The jobs that a job waits for."""
    found = job.get("needs", [])
    return [found] if isinstance(found, str) else found


JOBS = [pytest.param(name, job, content, id=f"{name}.{job}") for name, job, content in jobs()]
PRIVILEGED = [job for job in JOBS if "id-token" in job.values[2]["permissions"]]
