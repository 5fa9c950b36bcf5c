"""Emulates the parts of GitHub Actions that deploy.yml uses: reads the workflow file and runs its `run:` steps in bash.

Every job has a fresh clone, and all jobs of a matrix run concurrently. Checking out means cloning, the credentials are
given by the caller, and Refit is the one under test instead of an installed one. The setup action's own steps are run
unchanged. Anything else is an error, so that changes of the workflow are noticed.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from tests.support.end_to_end.workflow_expressions import Context, evaluate, filled
from tests.support.workflows import SETUP, SETUP_ACTION, load

REFIT = Path(sys.executable).with_name("refit")
JOB_KEYS = frozenset(("needs", "if", "outputs", "strategy", "env", "steps"))
GITHUBS_BUSINESS = frozenset(("name", "runs-on", "timeout-minutes", "environment", "permissions", "concurrency"))
STEP_KEYS = frozenset(("name", "id", "if", "env", "run", "uses", "with"))
INSTALLED = frozenset(("actions/setup-python", "hashicorp/setup-terraform"))
INSTALLS = re.compile(
    r"make setup|python -m venv \.venv|\.venv/bin/pip install .* --require-hashes -r requirements\.txt"
)
NOT_INHERITED = ("AWS_", "GIT_", "GITHUB_", "REFIT_", "TF_VAR_")


@dataclass(frozen=True)
class Step:
    """The result of a `run:` step: bash's exit code, the whole output, the step's outputs and its Markdown summary."""

    name: str
    id: str
    code: int
    log: str = ""
    outputs: Mapping[str, str] = field(default_factory=dict)
    summary: str = ""


@dataclass
class Job:
    """One job, or one entry of a matrix. If a step failed, it is the last one."""

    matrix: Mapping[str, str]
    steps: list[Step] = field(default_factory=list)

    @property
    def succeeded(self) -> bool:
        return all(step.code == 0 for step in self.steps)

    @property
    def log(self) -> str:
        return "".join(f"--- {step.name}: exit code {step.code}\n{step.log}" for step in self.steps)

    @property
    def summary(self) -> str:
        return "".join(step.summary for step in self.steps)

    @property
    def outputs(self) -> Mapping[str, Any]:
        """The `steps` context."""
        return {step.id: {"outputs": step.outputs} for step in self.steps}


@dataclass(frozen=True)
class WorkflowRun:
    """The jobs that were not skipped, in order."""

    jobs: tuple[Job, ...]

    @property
    def succeeded(self) -> bool:
        return all(job.succeeded for job in self.jobs)

    @property
    def log(self) -> str:
        return "".join(job.log for job in self.jobs)

    @property
    def summary(self) -> str:
        """The run's summary page, as GitHub shows it."""
        return "".join(job.summary for job in self.jobs)

    @property
    def pipelines(self) -> dict[str, Job]:
        """The jobs of the matrix, by pipeline."""
        return {job.matrix["pipeline"]: job for job in self.jobs if job.matrix}


@dataclass(frozen=True)
class Runner:
    """Runs the file `workflow` in clones of `remote`, which it creates in `folder`.

    `variables` are the repository's; `credentials` is the environment of a job once it has assumed its role.
    """

    folder: Path
    remote: Path
    workflow: Path
    variables: Mapping[str, str]
    credentials: Mapping[str, str]

    def push(self, before: str, sha: str) -> WorkflowRun:
        """Runs the workflow as GitHub does when `main` moves from `before` to `sha`, or when all jobs are re-run."""
        workflow = load(self.workflow)
        event = {"before": before, "forced": False}
        context = {"github": {"event": event, "sha": sha, "ref": "refs/heads/main"}, "vars": self.variables}
        needs: dict[str, Any] = {}
        ran: list[Job] = []
        for name, content in workflow["jobs"].items():
            assert content.keys() <= JOB_KEYS | GITHUBS_BUSINESS, f"this runner does not know all of {content.keys()}"
            known = {**context, "needs": needs}
            if not all(job.succeeded for job in ran) or not _wanted(content, known):
                continue
            entries = filled(content.get("strategy", {}).get("matrix", {}).get("include", [{}]), known)
            with ThreadPoolExecutor() as threads:
                contexts = [{**known, "matrix": entry} for entry in entries]
                jobs = list(threads.map(partial(self._job, content, workflow["env"]), contexts))
            needs[name] = {"outputs": filled(content.get("outputs", {}), {**known, "steps": jobs[0].outputs})}
            ran += jobs
        return WorkflowRun(tuple(ran))

    def _job(self, content: Mapping[str, Any], workflow_env: Mapping[str, str], context: Context) -> Job:
        workspace = Path(mkdtemp(prefix="job-", dir=self.folder))
        environment = {name: value for name, value in os.environ.items() if not name.startswith(NOT_INHERITED)}
        job = Job(context["matrix"])
        for step in content["steps"]:
            assert step.keys() <= STEP_KEYS, f"this runner does not know all of {step.keys()}"
            known = {**context, "steps": job.outputs}
            if not _wanted(step, known):
                continue
            if step.get("uses") == SETUP:
                self._set_up(step, workspace, known)
            elif "uses" in step:
                environment |= self._use(step, workspace, known)
            else:
                given = filled({**workflow_env, **content.get("env", {}), **step.get("env", {})}, known)
                job.steps.append(_run(step, workspace, {**environment, **given}))
            if not job.succeeded:
                break
        return job

    def _set_up(self, step: Mapping[str, Any], workspace: Path, context: Context) -> None:
        """Runs the steps of the setup action, with the inputs from `step` and the action's defaults."""
        action = load(SETUP_ACTION)
        given = {name: described["default"] for name, described in action["inputs"].items()}
        known = {**context, "inputs": {**given, **filled(step.get("with", {}), context)}, "workspace": workspace}
        for nested in action["runs"]["steps"]:
            assert nested.keys() <= STEP_KEYS | {"shell"}, f"this runner does not know all of {nested.keys()}"
            if not _wanted(nested, known):
                continue
            if "uses" in nested:
                self._use(nested, workspace, known)
            else:
                assert INSTALLS.fullmatch(nested["run"]), f"this runner does not know {nested['run']}"
                installed = workspace / ".venv" / "bin" / "refit"
                installed.parent.mkdir(parents=True, exist_ok=True)
                installed.unlink(missing_ok=True)
                installed.symlink_to(REFIT)

    def _use(self, step: Mapping[str, Any], workspace: Path, context: Context) -> Mapping[str, str]:
        """Emulates an action; returns the variables that it sets for the following steps."""
        action = step["uses"].partition("@")[0]
        if action == "actions/checkout":
            commit = filled(step["with"].get("ref"), context) or context["github"]["sha"]
            if not (workspace / ".git").exists():
                subprocess.run(["git", "clone", "--quiet", self.remote, workspace], check=True)
            subprocess.run(["git", "-C", workspace, "checkout", "--quiet", "--detach", commit], check=True)
            return {}
        if action == "aws-actions/configure-aws-credentials":
            return self.credentials
        assert action in INSTALLED, f"this runner does not know {action}"
        return {}


def _wanted(content: Mapping[str, Any], context: Context) -> bool:
    return "if" not in content or bool(evaluate(content["if"], context))


def _run(step: Mapping[str, Any], workspace: Path, environment: Mapping[str, str]) -> Step:
    name, id_ = step["name"], step.get("id", "")
    files = Path(mkdtemp(prefix="step-", dir=workspace.parent))
    script, output, summary = (files / file for file in ("script.sh", "output", "summary.md"))
    script.write_text(step["run"])
    output.touch()
    summary.touch()
    done = subprocess.run(
        ["bash", "-e", script],
        cwd=workspace,
        env={**environment, "CI": "true", "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    written = re.findall(r"^(\w+)<<(\w+)\n(.*?)\n\2$", output.read_text(), re.DOTALL | re.MULTILINE)
    outputs = {output: value for output, _, value in written}
    return Step(name, id_, done.returncode, done.stdout, outputs, summary.read_text())
