"""Only reviewed code, in a GitHub environment, gets credentials in the workflows, whichever repository calls them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.workflows import JOBS, PRIVILEGED, SETUP, commands, needs, setup_steps, uses, workflow

FORKS_STAY_OUT = "github.event.pull_request.head.repo.full_name == github.repository"
OF_PLAN = [job for job in JOBS if job.values[0] == "plan" and job.values[1] != "validate"]
CALLABLE = ("deploy", "drift", "plan")


@pytest.mark.parametrize(("name", "job", "content"), PRIVILEGED)
def test_credentials_come_only_with_a_github_environment(name: str, job: str, content: dict[str, Any]) -> None:
    environment = content["environment"]
    if name == "deploy":
        assert environment == "${{ matrix.environment }}"
    else:
        assert environment == {"name": "plan", "deployment": False}


@pytest.mark.parametrize(("name", "job", "content"), PRIVILEGED)
def test_credentials_are_short_lived_and_come_after_the_installation(
    name: str, job: str, content: dict[str, Any]
) -> None:
    steps = content["steps"]
    assumes = next(at for at, step in enumerate(steps) if uses(step, "aws-actions/configure-aws-credentials"))
    given = steps[assumes]["with"]
    assert set(given) <= {"role-to-assume", "aws-region", "role-duration-seconds"}
    assert [step for step in steps[assumes + 1 :] if "uses" in step] == []


@pytest.mark.parametrize(("name", "job", "content"), OF_PLAN)
def test_a_fork_reaches_no_job_but_validate(name: str, job: str, content: dict[str, Any]) -> None:
    everything = workflow("plan")["jobs"]
    needed = {job}
    while more := {other for one in needed for other in needs(everything[one])} - needed:
        needed |= more
    assert any(FORKS_STAY_OUT in str(everything[one].get("if")) for one in needed)


def test_the_job_that_forks_reach_can_only_read() -> None:
    content = workflow("plan")["jobs"]["validate"]
    assert content["permissions"] == {"contents": "read"}
    assert "environment" not in content
    assert "vars." not in json.dumps(content)


@pytest.mark.parametrize(("name", "job", "content"), OF_PLAN)
def test_what_runs_on_a_pull_request_is_the_base_branch(name: str, job: str, content: dict[str, Any]) -> None:
    given = content["steps"][0]["with"]
    assert uses(content["steps"][0], SETUP)
    assert given["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert (given["fetch"], given["fetch-depth"]) == ("${{ github.sha }}", "2")


def test_the_setup_action_leaves_the_requested_commit_in_the_workspace_before_anything_is_installed() -> None:
    steps = setup_steps()
    assert [at for at, step in enumerate(steps) if uses(step, "actions/checkout")] == [0, 1]
    fetched, checked_out = (step["with"] for step in steps[:2])
    assert fetched["ref"] == "${{ inputs.fetch }}"
    assert checked_out["ref"] == "${{ inputs.ref }}"
    assert steps[0]["if"] == "inputs.fetch != ''"
    assert "if" not in steps[1]


def test_terraform_plans_the_proposed_files_only_after_they_were_validated() -> None:
    assert commands("plan", "terraform") == [
        '.venv/bin/refit take "$HEAD"',
        ".venv/bin/refit validate",
        '.venv/bin/refit terraform plan "$PIPELINE" -input=false -lock=false',
    ]


# --- called from a team's own repository ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", CALLABLE)
def test_another_repository_can_call_the_workflow_and_hand_it_no_secret(name: str) -> None:
    called = workflow(name)["on"]["workflow_call"]
    assert (called or {}).keys() <= {"inputs"}
    inputs = (called or {}).get("inputs", {})
    assert inputs.keys() <= {"base"}
    assert all("required" not in described for described in inputs.values()), "a thin caller hands nothing over"


@pytest.mark.parametrize("name", CALLABLE)
def test_nothing_in_the_workflow_is_of_this_repository_alone(name: str) -> None:
    # `./` is the workspace, which holds the calling repository; `$/` is the repository of the workflow itself.
    local = [step["uses"] for job in workflow(name)["jobs"].values() for step in job["steps"] if "uses" in step]
    assert [action for action in local if action.startswith("./")] == []
    assert SETUP in local


@pytest.mark.parametrize("name", CALLABLE)
def test_a_repository_that_is_not_set_up_is_left_alone(name: str) -> None:
    role = {"deploy": "vars.AWS_DEPLOY_ROLE_ARN"}.get(name, "vars.AWS_PLAN_ROLE_ARN")
    content = workflow(name)["jobs"]
    first = [job for job in content.values() if not needs(job) and job["permissions"] != {"contents": "read"}]
    first = first or [job for job in content.values() if not needs(job)]
    assert first
    assert all(f"{role} != ''" in job["if"] for job in first)
