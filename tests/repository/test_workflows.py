"""The workflows keep their promises: least permissions, pinned actions, no shell, reviewed code for credentials."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from refit import github
from refit.commands import app

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / ".github" / "workflows"
NAMES = ("ci", "deploy", "drift", "plan")
FORKS_STAY_OUT = "github.event.pull_request.head.repo.full_name == github.repository"


class Loader(yaml.SafeLoader):
    """YAML 1.2's booleans, as GitHub reads it: `on` is a key and no truth."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"true|false"), list("tf"))


def text(name: str) -> str:
    return (FOLDER / f"{name}.yml").read_text()


def workflow(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(text(name), Loader)  # noqa: S506 - a safe loader
    return loaded


def jobs() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for name in NAMES:
        for job, content in workflow(name)["jobs"].items():
            yield name, job, content


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for name, job, content in jobs():
        for step in content["steps"]:
            yield f"{name}.{job}: {step['name']}", step


def runs() -> list[str]:
    return sorted({step["run"] for _, step in steps() if "run" in step})


def uses(step: dict[str, Any], action: str) -> bool:
    return str(step.get("uses", "")).startswith(f"{action}@")


JOBS = [pytest.param(name, job, content, id=f"{name}.{job}") for name, job, content in jobs()]
DRIVER_RUNS = [run for run in runs() if run.startswith(".venv/bin/refit")]
PRIVILEGED = [job for job in JOBS if "id-token" in job.values[2]["permissions"]]


def test_there_are_four_workflows_and_this_test_reads_all_of_them() -> None:
    assert sorted(file.stem for file in FOLDER.iterdir()) == list(NAMES)
    assert PRIVILEGED


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_grants_nothing_by_itself(name: str) -> None:
    assert workflow(name)["permissions"] == {}


@pytest.mark.parametrize(("name", "job", "content"), JOBS)
def test_a_job_has_its_own_permissions_and_a_time_limit(name: str, job: str, content: dict[str, Any]) -> None:
    assert content["permissions"], f"{name}.{job} has none"
    assert set(content["permissions"].values()) <= {"read", "write"}
    assert content["timeout-minutes"] <= 360


@pytest.mark.parametrize("name", NAMES)
def test_every_grant_says_why(name: str) -> None:
    grants = re.findall(r"^ {6}[a-z-]+: (?:read|write)\b(.*)$", text(name), re.MULTILINE)
    assert len(grants) == sum(len(job["permissions"]) for job in workflow(name)["jobs"].values())
    assert all(re.fullmatch(r" # to .{10,}", reason) for reason in grants)


@pytest.mark.parametrize("name", NAMES)
def test_every_action_is_pinned_by_hash_and_says_its_version(name: str) -> None:
    used = re.findall(r"uses: (.*)", text(name))
    assert used
    for line in used:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_an_action_has_the_same_pin_everywhere() -> None:
    pins = {line for name in NAMES for line in re.findall(r"uses: (.*)", text(name))}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


def test_no_checkout_leaves_its_token_behind() -> None:
    checkouts = [(where, step) for where, step in steps() if uses(step, "actions/checkout")]
    assert checkouts
    assert [where for where, step in checkouts if step["with"].get("persist-credentials") is not False] == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_with_the_repositorys_rights_on_a_strangers_request(name: str) -> None:
    triggers = set(workflow(name)["on"])
    assert triggers <= {"pull_request", "push", "schedule", "workflow_dispatch"}


def test_no_secret_is_used_but_the_jobs_own_token() -> None:
    assert [name for name in NAMES if "secrets." in text(name)] == []


@pytest.mark.parametrize("run", runs())
def test_a_run_is_one_command_without_expressions_or_shell(run: str) -> None:
    assert "${{" not in run, "values go through env"
    assert re.fullmatch(r'[\w./ -]+(?: (?:"\$[A-Z_]+"|[\w./=-]+))*', run), run
    words = shlex.split(run)
    assert words[0] in ("make", ".venv/bin/refit", "terraform")


def test_every_variable_of_a_run_is_in_its_environment() -> None:
    for name, job, content in jobs():
        for step in content["steps"]:
            known = {**workflow(name).get("env", {}), **content.get("env", {}), **step.get("env", {})}
            unknown = set(re.findall(r"\$([A-Z_]+)", step.get("run", ""))) - known.keys()
            assert not unknown, f"{name}.{job}: {step['name']}"


@pytest.mark.parametrize("run", DRIVER_RUNS)
def test_a_driver_command_exists_and_takes_these_options(run: str) -> None:
    _, name, *arguments = shlex.split(run)
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert name in commands
    assert commands[name].make_context(name, arguments).info_name == name  # or it refuses what it does not know


@pytest.mark.parametrize("run", [run for run in runs() if run.startswith("make")])
def test_a_make_target_exists(run: str) -> None:
    target = run.removeprefix("make ")
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


# --- who gets credentials -----------------------------------------------------------------------------------------


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
    become = next(at for at, step in enumerate(steps) if uses(step, "aws-actions/configure-aws-credentials"))
    given = steps[become]["with"]
    assert set(given) <= {"role-to-assume", "aws-region", "role-duration-seconds"}
    assert [step for step in steps[become + 1 :] if "uses" in step or step["run"] == "make setup"] == []


@pytest.mark.parametrize(
    ("name", "job", "content"), [job for job in JOBS if job.values[0] == "plan" and job.values[1] != "validate"]
)
def test_a_fork_reaches_no_job_but_validate(name: str, job: str, content: dict[str, Any]) -> None:
    everything = workflow("plan")["jobs"]
    needed = {job}
    while more := {other for one in needed for other in _needs(everything[one])} - needed:
        needed |= more
    assert any(FORKS_STAY_OUT in str(everything[one].get("if")) for one in needed)


def _needs(job: dict[str, Any]) -> list[str]:
    needs = job.get("needs", [])
    return [needs] if isinstance(needs, str) else needs


@pytest.mark.parametrize("job", ["validate"])
def test_the_job_that_forks_reach_can_only_read(job: str) -> None:
    content = workflow("plan")["jobs"][job]
    assert content["permissions"] == {"contents": "read"}
    assert "environment" not in content
    assert "vars." not in json.dumps(content)


@pytest.mark.parametrize(
    ("name", "job", "content"), [job for job in JOBS if job.values[0] == "plan" and job.values[1] != "validate"]
)
def test_what_runs_beside_a_pull_request_is_the_base_branch(name: str, job: str, content: dict[str, Any]) -> None:
    steps = content["steps"]
    checkouts = [at for at, step in enumerate(steps) if uses(step, "actions/checkout")]
    first_run = next(at for at, step in enumerate(steps) if "run" in step)
    assert checkouts == [0, 1], "fetch the pull request, then put the base branch in its place"
    assert "ref" not in steps[0]["with"]
    assert steps[1]["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert first_run > 1


def test_terraform_plans_the_proposed_files_only_after_they_were_validated() -> None:
    commands = [step["run"] for step in workflow("plan")["jobs"]["terraform"]["steps"] if "run" in step]
    assert commands[1:] == [
        '.venv/bin/refit take "$HEAD"',
        ".venv/bin/refit validate",
        '.venv/bin/refit terraform plan "$PIPELINE" -input=false -lock=false',
    ]


# --- deployment ---------------------------------------------------------------------------------------------------


def test_a_merge_builds_applies_and_triggers_in_this_order() -> None:
    commands = [
        shlex.split(step["run"])[1:3] for step in workflow("deploy")["jobs"]["deploy"]["steps"] if "run" in step
    ]
    assert commands == [["setup"], ["build", "$PIPELINE"], ["terraform", "apply"], ["trigger", "$PIPELINE"]]


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
    assert workflow("plan")["on"] == {"pull_request": None}


def test_a_run_starts_after_the_apply_that_brings_its_code() -> None:
    commands = [step["run"] for step in workflow("deploy")["jobs"]["deploy"]["steps"] if "run" in step]
    assert commands[1:] == [
        '.venv/bin/refit build "$PIPELINE"',
        '.venv/bin/refit terraform apply "$PIPELINE" -input=false -auto-approve',
        '.venv/bin/refit trigger "$PIPELINE" --base "$BASE" --wait --summary',
    ]


def test_a_push_is_compared_with_the_commit_before_it() -> None:
    assert workflow("deploy")["env"]["BASE"] == "${{ inputs.base || github.event.before }}"
    for job in workflow("deploy")["jobs"].values():
        forced, whole = (step for step in job["steps"] if uses(step, "actions/checkout"))
        assert (forced["if"], forced["with"]["ref"]) == ("github.event.forced", "${{ github.event.before }}")
        assert (whole["with"]["fetch-depth"], whole["with"].get("ref")) == (0, None)


def test_the_matrices_are_made_of_what_the_driver_writes_and_are_never_empty() -> None:
    written = github.pipeline_outputs(["prod/home-prices"], ["prod/home-prices"]).keys()
    for name, _, job in jobs():
        assert set(re.findall(r"steps\.changes\.outputs\.(\w+)", json.dumps(job))) <= written
        matrix = json.dumps(job.get("strategy", {}))
        for needed, output in re.findall(r"fromJSON\(needs\.(\w+)\.outputs\.(\w+)\)", matrix):
            assert output in workflow(name)["jobs"][needed]["outputs"]
            guard = {"matrix": "pipelines"}.get(output, output)
            assert job["if"] == f"needs.{needed}.outputs.{guard} != '[]'"


def test_the_terraform_of_the_workflows_is_one_and_knows_state_locking_without_a_table() -> None:
    versions = {step["with"]["terraform_version"] for _, step in steps() if uses(step, "hashicorp/setup-terraform")}
    assert len(versions) == 1
    assert tuple(map(int, versions.pop().split("."))) >= (1, 10)


def test_the_pythons_of_ci_are_the_oldest_and_a_newer_one() -> None:
    assert workflow("ci")["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.13"]


def test_actions_and_providers_are_kept_fresh() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "terraform"}
    assert all(update["cooldown"]["default-days"] >= 7 for update in updates)
