"""The workflow `deploy`: one deployment per pipeline at a time, none lost, only merged commits, all steps in order."""

from __future__ import annotations

import shlex

import pytest

from tests.support.workflows import commands, jobs, workflow


def test_a_merge_builds_applies_and_triggers_in_this_order() -> None:
    assert [shlex.split(run)[1:3] for run in commands("deploy", "deploy")] == [
        ["build", "$PIPELINE"],
        ["claim", "$PIPELINE"],
        ["terraform", "apply"],
        ["trigger", "$PIPELINE"],
    ]


def test_a_run_starts_after_the_apply_that_brings_its_code() -> None:
    assert commands("deploy", "deploy") == [
        '.venv/bin/refit build "$PIPELINE"',
        '.venv/bin/refit claim "$PIPELINE" --base "$BASE" --github',
        '.venv/bin/refit terraform apply "$PIPELINE" -input=false -auto-approve',
        '.venv/bin/refit trigger "$PIPELINE" --base "$BASE" --wait --accept-hold --summary',
    ]


def test_a_commit_that_a_newer_one_has_superseded_is_neither_applied_nor_started() -> None:
    steps = [step for step in workflow("deploy")["jobs"]["deploy"]["steps"] if "run" in step]
    claims = [step.get("id") for step in steps].index("claim")
    guards = {step.get("if") for step in steps[claims + 1 :]}
    assert guards == {"steps.claim.outputs.superseded != 'true'"}


def test_deployments_of_one_pipeline_wait_for_each_other_and_none_is_lost() -> None:
    deploy = workflow("deploy")["jobs"]["deploy"]
    assert deploy["concurrency"] == {
        "group": "deploy-${{ matrix.pipeline }}",
        "cancel-in-progress": False,
        "queue": "max",
    }
    assert deploy["strategy"]["fail-fast"] is False


@pytest.mark.parametrize("name", ["deploy", "drift", "plan"])
def test_no_run_that_touches_aws_or_a_comment_is_cancelled(name: str) -> None:
    groups = [content["concurrency"] for _, _, content in [*jobs()] if "concurrency" in content]
    assert all(group["cancel-in-progress"] is False for group in [workflow(name)["concurrency"], *groups])


def test_only_main_is_deployed_and_compared() -> None:
    assert workflow("deploy")["on"]["push"]["branches"] == ["main"]
    assert "github.ref == 'refs/heads/main'" in workflow("deploy")["jobs"]["changes"]["if"]
    assert "github.ref == 'refs/heads/main'" in workflow("drift")["jobs"]["pipelines"]["if"]


def test_no_push_and_no_pull_request_is_passed_over_for_its_folders() -> None:
    assert workflow("deploy")["on"]["push"].keys() == {"branches"}
    assert workflow("plan")["on"] == {"pull_request": None, "workflow_call": None}


def test_a_push_is_compared_with_the_commit_before_it() -> None:
    assert workflow("deploy")["env"]["BASE"] == "${{ inputs.base || github.event.before }}"
    for job in workflow("deploy")["jobs"].values():
        given = job["steps"][0]["with"]
        assert given["fetch"] == "${{ github.event.forced && github.event.before || '' }}"
        assert given["fetch-depth"] == "0"
        assert "ref" not in given
