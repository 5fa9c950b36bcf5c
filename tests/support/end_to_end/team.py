"""A team with its pipelines in git: a clone to work in, a bare remote, and the workflow that each push starts."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from refit.aws import executions, target
from refit.aws.executions import ExecutionState
from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.data import csv_rows
from refit.data.upload import put_days
from refit.embedded_cloud.lifecycle import Cloud
from refit.pipeline import files as pipeline
from refit.project import Project
from tests.support.checkout import FOLDER, Repository
from tests.support.end_to_end.actions_runner import REFIT, Runner, WorkflowRun
from tests.support.end_to_end.deployed import ROOT, checkout
from tests.support.end_to_end.parameters import current

NO_COMMIT = "0" * 40
STATE_BUCKET = "refit-terraform-state"


@dataclass
class Team:
    """`main` is at commit `now`, and was at `before` until the last push. All pipelines are in the environment prod."""

    desk: Repository
    runner: Runner
    aws: Aws
    before: str = NO_COMMIT
    now: str = NO_COMMIT
    stacks: dict[str, Stack] = field(default_factory=dict)

    @classmethod
    def meet(cls, folder: Path, cloud: Cloud) -> Team:
        """A team with a checkout without pipelines and commits. The embedded cloud replaces AWS."""
        desk = folder / "desk"
        desk.mkdir()
        repository = Repository(desk)
        checkout(desk)
        repository.write(".gitignore", (ROOT / ".gitignore").read_bytes())
        return cls._at(repository, folder, cloud)

    @classmethod
    def with_own_repository(cls, folder: Path, cloud: Cloud, pipeline: str) -> Team:
        """A team with a repository that `refit init` generated: it has one pipeline and no commits."""
        desk = folder / "desk"
        arguments = ["--yes", "--environment", "prod", "--pipeline", pipeline, "--region", cloud.region]
        subprocess.run([REFIT, "init", desk, *arguments], cwd=folder, check=True, capture_output=True)
        return cls._at(Repository(desk), folder, cloud)

    @classmethod
    def _at(cls, desk: Repository, folder: Path, cloud: Cloud) -> Team:
        """A team that works in this folder, with a remote for whose pushes Refit's workflow `deploy` is run."""
        remote = folder / "remote.git"
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", remote], check=True)
        desk.git("remote", "add", "origin", str(remote))
        workflow = ROOT / ".github" / "workflows" / "deploy.yml"
        role = "arn:aws:iam::000000000000:role/github-refit-deploy"
        variables = {"AWS_REGION": cloud.region, "AWS_DEPLOY_ROLE_ARN": role, "REFIT_STATE_BUCKET": STATE_BUCKET}
        runner = Runner(folder, remote, workflow, variables, {**cloud.environment(), target.ALLOWED: "1"})
        return cls(desk, runner, Aws(cloud.region, cloud.endpoint_url, ("test", "test")))

    # --- the file and the branch -----------------------------------------------------------------------------------

    def branch(self, name: str) -> None:
        self.desk.git("checkout", "--quiet", "-b", name)

    def write(self, name: str, text: str) -> None:
        self.desk.write(f"{FOLDER}/prod/{name}.tfvars", text.encode())
        ref = Project(self.desk.root).find(f"prod/{name}")
        self.stacks[name] = Stack.of(pipeline.load(ref), self.aws)

    def edit(self, name: str, old: str, new: str) -> None:
        text = self._file(name).read_text()
        assert text.count(old) == 1, f"{old} is not once in the file"
        self.write(name, text.replace(old, new))

    def delete(self, name: str) -> None:
        self._file(name).unlink()

    def _file(self, name: str) -> Path:
        return self.desk.root / FOLDER / "prod" / f"{name}.tfvars"

    # --- the pull request, the merge, the workflow -----------------------------------------------------------------

    def propose(self) -> list[dict[str, Any]]:
        """Commits and pushes the branch; returns the effect of its merge on each pipeline, from `refit plan`."""
        self.desk.commit()
        self.desk.git("push", "--quiet", "origin", "HEAD")
        return self.plan("main", "HEAD")

    def merge(self) -> WorkflowRun:
        """Merges the branch and pushes main; returns the workflow run that the push starts."""
        branch = self.desk.git("branch", "--show-current")
        self.desk.git("checkout", "--quiet", "main")
        self.desk.git("merge", "--quiet", "--no-ff", "--message", f"Merge {branch}", branch)
        return self.push()

    def push(self) -> WorkflowRun:
        self.desk.git("push", "--quiet", "origin", "main")
        self.before, self.now = self.now, self.desk.git("rev-parse", "main")
        return self.run_workflow()

    def run_workflow(self) -> WorkflowRun:
        """Runs the workflow for the last push. Tests call it to run the workflow a second time."""
        return self.runner.push(self.before, self.now)

    def plan(self, base: str, head: str) -> list[dict[str, Any]]:
        said = self.refit("plan", "--base", base, "--head", head, "--json")
        assert said.returncode == 0, said.stderr
        pipelines: list[dict[str, Any]] = json.loads(said.stdout)["pipelines"]
        return pipelines

    def refit(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Runs `refit` in the working copy, with the variables that point to the cloud."""
        return subprocess.run(
            [REFIT, *arguments],
            cwd=self.desk.root,
            env={**os.environ, **self.runner.credentials, **environment},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    # --- the cloud -------------------------------------------------------------------------------------------------

    def sell(self, name: str, first: date, days: int) -> None:
        """Uploads some days of sales to a pipeline's bucket."""
        rows = csv_rows.read(ROOT / "examples" / "boston-housing.csv", 13, label="medv")
        parts = {first + timedelta(days=at): csv_rows.shuffled(rows, seed=at)[:72] for at in range(days)}
        put_days(self.aws, self.stacks[name], parts)

    def announced_run(self, name: str) -> ExecutionState:
        """The status of the run that the last push's plan has for a pipeline. Its input must be exactly the plan's."""
        (planned,) = (one for one in self.plan(self.before, self.now) if one["pipeline"] == f"prod/{name}")
        machine = self.stacks[name].state_machine_arn
        arn = f"{machine.replace(':stateMachine:', ':execution:')}:{planned['run']['name']}"
        described = self.aws.stepfunctions.describe_execution(executionArn=arn)
        assert json.loads(described["input"]) == planned["run"]["event"]
        return executions.state(self.aws, arn)

    def started(self) -> set[str]:
        """Everything that this team's runs have started: ARNs of executions and names of training jobs."""
        runs = (executions.recent(self.aws, stack.state_machine_arn, limit=1000) for stack in self.stacks.values())
        return {*self.jobs(), *(arn for arns in runs for arn in arns)}

    def started_since(self, before: set[str]) -> set[str]:
        return self.started() - before

    def jobs(self) -> list[str]:
        """The names of the training jobs of this team's pipelines."""
        pages = self.aws.sagemaker.get_paginator("list_training_jobs").paginate()
        names = (job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"])
        return [name for name in names if name.startswith(tuple(f"{pipeline}-" for pipeline in self.stacks))]

    def serving(self, name: str) -> dict[str, Any]:
        """The endpoint config in use: its name and its only variant."""
        endpoint = self.aws.sagemaker.describe_endpoint(EndpointName=self.stacks[name].endpoint)
        assert endpoint["EndpointStatus"] == "InService"
        config = self.aws.sagemaker.describe_endpoint_config(EndpointConfigName=endpoint["EndpointConfigName"])
        (variant,) = config["ProductionVariants"]
        return {**variant, "EndpointConfigName": endpoint["EndpointConfigName"]}

    def watermark(self, name: str) -> str:
        return current(self.aws, self.stacks[name].watermark_parameter)

    def state_machine(self, name: str) -> Any:
        return self.aws.stepfunctions.describe_state_machine(stateMachineArn=self.stacks[name].state_machine_arn)

    def manifest(self, uri: str) -> list[str]:
        """The keys that a manifest of a training job lists."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        first, *names = json.loads(self.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read())
        return [f"{first['prefix'].removeprefix(f's3://{bucket}/')}{name}" for name in names]
