"""An applied pipeline on a running cloud, and the operations that tests perform on it."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import sleep
from typing import Any

from refit.artifacts.build import build
from refit.aws import executions
from refit.aws.first_firing import first_firing
from refit.aws.inference import invoke
from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.aws.visibility import until_found
from refit.data import csv_rows
from refit.data.upload import put_days
from refit.domain.run_request import event
from refit.embedded_cloud import lifecycle
from refit.embedded_cloud.strict import definitions
from refit.pipeline import files as pipeline
from refit.project import PipelineRef, Project
from refit.terraform.runner import Terraform
from tests.support.checkout import copy_of_checkout
from tests.support.end_to_end.parameters import current

ROOT = Path(__file__).parents[3]
FIRST_DAY = date(2026, 11, 1)


@dataclass
class Deployed:
    """An applied pipeline on a running cloud, and the days of data that its tests upload one after the other."""

    cloud: lifecycle.Cloud
    ref: PipelineRef
    terraform: Terraform
    aws: Aws
    stack: Stack
    rows: list[csv_rows.Row]
    days: list[date] = field(default_factory=list)
    runs: int = 0

    def new_day(self) -> date:
        """Uploads the next day of sales, and returns the day."""
        day = FIRST_DAY + timedelta(days=len(self.days))
        put_days(self.aws, self.stack, {day: self.sales(day)})
        self.days.append(day)
        return day

    def sales(self, day: date, times: float = 1.0) -> list[csv_rows.Row]:
        """The rows of a day, with prices multiplied by `times`."""
        part = csv_rows.shuffled(self.rows, seed=(day - FIRST_DAY).days)[:72]
        return [csv_rows.Row((repr(row.label * times), *row.cells[1:]), row.line) for row in part]

    def correct(self, day: date, times: float = 1.0) -> None:
        """Uploads a day again, with prices multiplied by `times`."""
        put_days(self.aws, self.stack, {day: self.sales(day, times)}, replace=True)

    def start(self, day: date | None = None, **overrides: Any) -> str:
        """Starts a run by an event at noon of `day`, the newest by default; returns its ARN."""
        self.runs += 1
        fired = event(datetime.combine(day or self.days[-1], time(12), UTC), **overrides)
        return executions.start(self.aws, self.stack.state_machine_arn, f"test-{self.runs}", fired)

    def finish(self, arn: str) -> executions.ExecutionState:
        """Waits for the run's end, and until what it wrote is read. A new run may not be found at first."""
        until_found(lambda: executions.state(self.aws, arn))
        for _ in executions.follow(self.aws, arn, poll_seconds=0.2):
            pass
        for parameter in (self.stack.watermark_parameter, self.stack.run_parameter):
            current(self.aws, parameter)
        return executions.state(self.aws, arn)

    def run(self, day: date | None = None, **overrides: Any) -> executions.ExecutionState:
        """Starts a run and waits for its end."""
        return self.finish(self.start(day, **overrides))

    def watermark(self) -> str:
        return self.aws.ssm.get_parameter(Name=self.stack.watermark_parameter)["Parameter"]["Value"]

    def endpoint(self) -> Any:
        return self.aws.sagemaker.describe_endpoint(EndpointName=self.stack.endpoint)

    def variant(self) -> Any:
        """The only variant of the endpoint config in use."""
        config = self.aws.sagemaker.describe_endpoint_config(EndpointConfigName=self.endpoint()["EndpointConfigName"])
        (variant,) = config["ProductionVariants"]
        return variant

    def live_model(self) -> Any:
        """The model that the endpoint serves, as SageMaker describes it."""
        return self.aws.sagemaker.describe_model(ModelName=self.variant()["ModelName"])

    def jobs(self) -> list[str]:
        """The names of all training jobs, newest first."""
        pages = self.aws.sagemaker.get_paginator("list_training_jobs").paginate(
            SortBy="CreationTime", SortOrder="Descending"
        )
        return [job["TrainingJobName"] for page in pages for job in page["TrainingJobSummaries"]]

    def prices(self, rows: list[csv_rows.Row]) -> list[float]:
        return [answer.score for answer in invoke(self.aws, self.stack.endpoint, [row.features for row in rows])]

    def said(self) -> list[str]:
        """Every text that Slack received, oldest first."""
        return [str(message["text"]) for message in self.cloud.slack_messages()]

    def connect(self, attempts: int) -> Aws:
        return Aws(self.aws.region, self.cloud.endpoint_url, ("test", "test"), attempts=attempts)


def example() -> str:
    """The repository's example pipeline file without its gate; tests that need one declare it."""
    shown = (ROOT / "terraform" / "pipelines" / "local" / "home-prices.tfvars").read_text()
    return re.sub(r"(?m)^gate += .*\n", "", shown)


def apply(cloud: lifecycle.Cloud, folder: Path, text: str, *, name: str = "home-prices", days: int = 0) -> Deployed:
    """A pipeline with this file, in its own checkout: built and applied, with some days of data and without runs.

    A rate schedule fires as soon as it is applied; the run that this starts has ended.
    """
    project = checkout(folder)
    path = project.root / "terraform" / "pipelines" / "local" / f"{name}.tfvars"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    build(project.find(f"local/{name}"))
    deployed = applied(cloud, project, name)
    deployed.terraform.apply()
    schedule = pipeline.load(deployed.ref).schedule
    if schedule.enabled and schedule.expression.startswith("rate"):
        first_firing(deployed.aws, deployed.stack.state_machine_arn, within_seconds=300)
    for _ in range(days):
        deployed.new_day()
    return deployed


def applied(cloud: lifecycle.Cloud, project: Project, name: str) -> Deployed:
    """The pipeline local/`name` of a checkout, to apply or already applied on this cloud, without its days of data."""
    ref = project.find(f"local/{name}")
    declared = pipeline.load(ref)
    aws = Aws(declared.region, cloud.endpoint_url, ("test", "test"))
    rows = csv_rows.read(ROOT / "examples" / "boston-housing.csv", declared.data.feature_dim, label="medv")
    return Deployed(cloud, ref, Terraform(ref, cloud.environment()), aws, Stack.of(declared, aws), rows)


def merge(stack: Deployed, text: str) -> None:
    """Writes, builds and applies the pipeline's file, as the merge of a pull request would."""
    stack.ref.path.write_text(text)
    build(stack.ref)
    stack.terraform.apply()
    sleep(definitions.SECONDS)  # until then, a run may start with the previous definition, as on AWS


def checkout(folder: Path, *pipelines: str) -> Project:
    """Copies the files that a checkout needs to build and apply, and the named example pipelines."""
    copy_of_checkout(folder, "pipelines", "bootstrap")
    for name in pipelines:
        target = folder / "terraform" / "pipelines" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "terraform" / "pipelines" / name, target)
    return Project(folder)
