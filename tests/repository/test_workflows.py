"""The workflows and the setup action: least permissions, pinned actions, one command per step, existing commands."""

from __future__ import annotations

import json
import re
import shlex
from typing import Any

import pytest
import typer
import yaml

from refit import github
from refit.commands import app
from tests.support.workflows import (
    FOLDER,
    JOBS,
    NAMES,
    PRIVILEGED,
    ROOT,
    SETUP,
    SETUP_ACTION,
    jobs,
    load,
    runs,
    setup_steps,
    steps,
    text,
    uses,
    workflow,
)

DRIVER_RUNS = [run for run in runs() if run.startswith(".venv/bin/refit")]
TEXTS = {**{name: text(name) for name in NAMES}, "setup": SETUP_ACTION.read_text()}


def test_there_are_four_workflows_and_one_action_and_these_tests_read_all_of_them() -> None:
    assert sorted(file.stem for file in FOLDER.iterdir()) == list(NAMES)
    assert [file.parent.name for file in (ROOT / ".github" / "actions").rglob("action.yml")] == ["setup"]
    assert PRIVILEGED


@pytest.mark.parametrize("name", NAMES)
def test_a_workflow_grants_nothing_by_itself(name: str) -> None:
    assert workflow(name)["permissions"] == {}


@pytest.mark.parametrize(("name", "job", "content"), JOBS)
def test_a_job_has_its_own_permissions_and_a_time_limit(name: str, job: str, content: dict[str, Any]) -> None:
    needs_none = all(step.get("run") == "exit 1" for step in content["steps"])
    assert bool(content["permissions"]) is not needs_none, f"{name}.{job}"
    assert set(content["permissions"].values()) <= {"read", "write"}
    assert content["timeout-minutes"] <= 360


@pytest.mark.parametrize("name", NAMES)
def test_every_grant_says_why(name: str) -> None:
    grants = re.findall(r"^ {6}[a-z-]+: (?:read|write)\b(.*)$", text(name), re.MULTILINE)
    assert len(grants) == sum(len(job["permissions"]) for job in workflow(name)["jobs"].values())
    assert all(re.fullmatch(r" # to .{10,}", reason) for reason in grants)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_action_is_pinned_by_hash_and_says_its_version(name: str) -> None:
    used = [line for line in re.findall(r"uses: (.*)", TEXTS[name]) if line != SETUP]
    assert used or name == "ci"
    for line in used:
        assert re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line), line


def test_an_action_has_the_same_pin_everywhere() -> None:
    pins = {line for content in TEXTS.values() for line in re.findall(r"uses: (.*)", content)}
    assert len({pin.partition("@")[0] for pin in pins}) == len(pins)


def test_every_job_that_runs_refit_begins_with_the_setup_action() -> None:
    for name, job, content in jobs():
        commands = [step["run"] for step in content["steps"] if "run" in step]
        begins = uses(content["steps"][0], SETUP)
        assert begins or commands == ["exit 1"], f"{name}.{job}"
        assert [step for step in content["steps"][1:] if uses(step, SETUP)] == []


def test_a_workflow_gives_the_setup_action_only_inputs_that_it_has() -> None:
    known = load(SETUP_ACTION)["inputs"]
    for where, step in steps():
        if uses(step, SETUP):
            assert step.get("with", {}).keys() <= known.keys(), where
            assert all(isinstance(value, str) for value in step.get("with", {}).values()), f"{where}: inputs are texts"
    assert all(isinstance(described["default"], str) for described in known.values())


def test_code_is_checked_out_by_the_setup_action_alone() -> None:
    assert [where for where, step in steps() if uses(step, "actions/checkout")] == []


def test_no_checkout_leaves_its_token_behind() -> None:
    checkouts = [step for step in setup_steps() if uses(step, "actions/checkout")]
    assert len(checkouts) == 2
    assert [step for step in checkouts if step["with"].get("persist-credentials") is not False] == []


def test_the_setup_action_installs_this_checkout_or_what_the_team_pins_with_hashes() -> None:
    here = "hashFiles('asl/state_machine.asl.json.j2')"
    installs = [(step["if"], step["run"]) for step in setup_steps() if "run" in step]
    pinned = ".venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt"
    assert installs == [
        (f"{here} != ''", "make setup"),
        (f"{here} == ''", "python -m venv .venv"),
        (f"{here} == ''", pinned),
    ]
    assert (ROOT / "asl" / "state_machine.asl.json.j2").is_file()


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_with_the_repositorys_rights_on_a_strangers_request(name: str) -> None:
    triggers = set(workflow(name)["on"])
    assert triggers <= {"pull_request", "push", "schedule", "workflow_call", "workflow_dispatch"}


def test_no_secret_is_used_but_the_jobs_own_token() -> None:
    assert [name for name, content in TEXTS.items() if "secrets." in content] == []


@pytest.mark.parametrize("run", runs())
def test_a_run_is_one_command_without_expressions_or_shell(run: str) -> None:
    assert "${{" not in run, "values go through env"
    assert re.fullmatch(r'[\w./ -]+(?: (?:"\$[A-Z_]+"|[\w./=-]+))*', run), run
    words = shlex.split(run)
    assert words[0] in ("make", ".venv/bin/refit", "exit")


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
    (installed,) = (step for step in setup_steps() if uses(step, "hashicorp/setup-terraform"))
    assert tuple(map(int, installed["with"]["terraform_version"].split("."))) >= (1, 10)
    assert installed["with"]["terraform_wrapper"] is False


def test_a_job_that_runs_terraform_installs_it() -> None:
    for name, job, content in jobs():
        calls = [
            step["run"]
            for step in content["steps"]
            if re.search(r"refit terraform|refit drift|^make (?!checkov)", step.get("run", ""))
        ]
        installed = any(step.get("with", {}).get("terraform") == "true" for step in content["steps"])
        assert installed is bool(calls), f"{name}.{job}"


def test_ci_tests_the_oldest_python_and_a_newer_one() -> None:
    assert workflow("ci")["jobs"]["test"]["strategy"]["matrix"]["python"] == ["3.11", "3.13"]


def test_the_gate_of_ci_waits_for_every_other_job_and_fails_unless_all_of_them_succeeded() -> None:
    everything = workflow("ci")["jobs"]
    gate = everything["gate"]
    assert sorted(gate["needs"]) == sorted(everything.keys() - {"gate"})
    assert gate["if"] == "always()"
    (step,) = gate["steps"]
    # https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#needs-context
    refused = set(re.findall(r"contains\(needs\.\*\.result, '(\w+)'\)", step["if"]))
    assert refused == {"failure", "cancelled", "skipped"}
    assert step["run"] == "exit 1"


def test_actions_and_providers_are_kept_fresh() -> None:
    updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
    assert {update["package-ecosystem"] for update in updates} == {"github-actions", "terraform"}
    assert all(update["cooldown"]["default-days"] >= 7 for update in updates)
    (actions,) = (update for update in updates if update["package-ecosystem"] == "github-actions")
    assert actions["directories"] == ["/", "/.github/actions/*"]
