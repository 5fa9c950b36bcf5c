"""Runs `refit demo`: the whole product on this machine with real data; returns the results.

Starts a new embedded cloud, applies a stack, executes three runs (first deployment, retraining under traffic, no new
data), and plans again to detect drift. Always stops what it started.
"""

from __future__ import annotations

import math
import os
import shutil
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta

from refit.artifacts.build import build
from refit.aws import executions
from refit.aws.deployed import DeployedPipeline
from refit.aws.first_firing import first_firing
from refit.aws.inference import invoke
from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.data import csv_rows
from refit.data.upload import put_days
from refit.demo.traffic import Traffic
from refit.doctor import terraform as terraform_checks
from refit.doctor.results import Status
from refit.domain.outcomes import DEPLOYED, NO_NEW_DATA
from refit.domain.run_request import event
from refit.embedded_cloud import lifecycle
from refit.errors import RunFailed, TerraformError
from refit.pipeline import files as pipeline
from refit.project import Project
from refit.report.demo import Facts, RunFacts, comparison
from refit.report.history import page
from refit.report.narrator import Narrator
from refit.runs import history
from refit.runs.progress import Progress
from refit.terraform.runner import Terraform

PIPELINE = "local/home-prices"
DATA = "examples/boston-housing.csv"
LABEL = "medv"
SEED = 1978
"""The year in which the data was published; any fixed number makes the demo reproducible."""
QUESTIONS = 50
DAYS = 7
RUNS = 3


def demo(project: Project, narrator: Narrator) -> Facts:
    """Runs the demo on the checkout's own pipeline and data. Raises RefitError at the first step that fails.

    Without a usable Terraform nothing is started.
    """
    project.require_checkout("refit demo")
    found = terraform_checks.version()
    if found.status is Status.NOT_OK:
        raise TerraformError(f"refit demo needs Terraform: {found.detail}", found.fix)
    # Each process has its own folder, so that demos can run at the same time.
    state_dir = project.state_dir / f"demo-{os.getpid()}"
    try:
        with narrator.phase("start", "Starting the embedded cloud"):
            cloud = lifecycle.start(state_dir, port=0)
            narrator.say(f"AWS at {cloud.endpoint_url}, region {cloud.region}; nothing else is listening")
        return _Show(project, narrator, cloud).facts()
    finally:
        with narrator.phase("stop", "Stopping the embedded cloud"):
            lifecycle.stop(state_dir)
            shutil.rmtree(state_dir, ignore_errors=True)


class _Show:
    def __init__(self, project: Project, narrator: Narrator, cloud: lifecycle.Cloud) -> None:
        self._cloud, self._narrator = cloud, narrator
        self._ref = project.find(PIPELINE)
        self._pipeline = pipeline.load(self._ref)
        rows = csv_rows.shuffled(csv_rows.read(project.root / DATA, self._pipeline.data.feature_dim, LABEL), SEED)
        self._questions = rows[:QUESTIONS]
        self._parts = csv_rows.split(rows[QUESTIONS:], DAYS)
        today = datetime.now(UTC).date()
        self._days = [today - timedelta(days=DAYS - 1 - day) for day in range(DAYS)]
        self._aws = self._connect()

    def facts(self) -> Facts:
        phase, say = self._narrator.phase, self._narrator.say
        terraform = Terraform(self._ref, self._cloud.environment())
        with phase("build", "refit build: the state machine and the Lambdas"):
            built = build(self._ref)
            folder = built.directory.relative_to(self._ref.project.root)
            say(f"{built.states} states, {built.lambdas_size / 1024:.0f} KiB of Lambdas in {folder}")
        with phase("terraform init", "terraform init"):
            terraform.init()
            say("state in S3, provider from the lock file")
        with phase("terraform apply", "terraform apply"):
            say(terraform.apply())
        self._stack = Stack.of(self._pipeline, self._aws)
        ending = first_firing(self._aws, self._stack.state_machine_arn)
        say(f"the new schedule fires at once, as on AWS: {ending.outcome}, {ending.reason}")

        with phase("first run", f"{DAYS - 1} days of home sales arrive in S3; the daily event fires"):
            self._upload(self._days[:-1])
            first = self._run("first", self._days[-2], expected=DEPLOYED)
            before = self._predict()
            self._narrator.show(comparison(before))
            say(f"RMSE over {QUESTIONS} homes not used for training: {_rmse(before):.2f}")

        with phase("retraining", "The next day arrives; the model is replaced while a client sends requests"):
            self._upload(self._days[-1:])
            with Traffic(self._connect(attempts=1), self._stack.endpoint, self._questions[0].features) as traffic:
                second = self._run("second", self._days[-1], expected=DEPLOYED)
            after = self._predict()
            say(f"{traffic.requests} requests in the meantime, {len(traffic.failures)} failed")
            say(f"predictions for one home: {', then '.join(f'{answer:.3f}' for answer in traffic.answers)}")
            say(f"RMSE now: {_rmse(after):.2f}")

        with phase("no new data", "The event fires again without new data"):
            third = self._run("third", self._days[-1], expected=NO_NEW_DATA)

        with phase("history", "refit history: every run leaves a record"):
            applied = DeployedPipeline(self._ref, self._pipeline, self._aws, self._stack)
            self._narrator.show(page(history.of(applied, RUNS), self._narrator.width))

        with phase("slack", "Slack messages: one thread per run; its first message is kept up to date"):
            messages = [str([*message["before"], message["text"]][0]) for message in self._cloud.slack_messages()]
            for message in messages:
                self._narrator.quote(message)

        with phase("second plan", "terraform plan: has anything drifted?"):
            drift = terraform.drift()
            say(drift or "No changes. The stack matches its declaration.")

        facts = Facts(
            runs=[_facts(first, before), _facts(second, after), _facts(third, after)],
            rmse=_rmse(after),
            predictions=after,
            requests=traffic.requests,
            failed_requests=len(traffic.failures),
            slowest_request_seconds=round(traffic.slowest_seconds, 3),
            answers=traffic.answers,
            slack=messages,
            drift=bool(drift),
            seconds=self._narrator.seconds,
        )
        if broken := _broken(facts):
            raise RunFailed(f"the demo did not show what it should: {', '.join(broken)}")
        return facts

    def _connect(self, attempts: int = 5) -> Aws:
        variables = self._cloud.environment()
        credentials = variables["AWS_ACCESS_KEY_ID"], variables["AWS_SECRET_ACCESS_KEY"]
        return Aws(
            self._pipeline.region or self._cloud.region, self._cloud.endpoint_url, credentials, attempts=attempts
        )

    def _upload(self, days: Sequence[date]) -> None:
        parts = {day: self._parts[self._days.index(day)] for day in days}
        for item in put_days(self._aws, self._stack, parts):
            self._narrator.say(f"{item.uri}  {item.rows} rows")

    def _run(self, name: str, day: date, expected: str) -> tuple[executions.ExecutionState, int]:
        """Runs the schedule's event at 06:00 UTC on `day`, and follows the run to its end."""
        fired = event(datetime.combine(day, time(6), UTC))
        arn = executions.start(self._aws, self._stack.state_machine_arn, name, fired)
        progress = Progress(self._narrator.say, PIPELINE)
        for step in executions.follow(self._aws, arn, poll_seconds=0.25, on_wait=progress.on_wait):
            progress.on_step(step)
        ending = executions.state(self._aws, arn)
        if ending.outcome != expected:
            raise RunFailed(f"the {name} run ended in {ending.outcome} instead of {expected}: {ending.reason}")
        return ending, progress.states

    def _predict(self) -> list[tuple[float, float]]:
        """The predicted and actual prices of the homes that were not used for training."""
        predictions = invoke(self._aws, self._stack.endpoint, [row.features for row in self._questions])
        pairs = zip(predictions, self._questions, strict=True)
        return [(round(one.score, 4), row.label) for one, row in pairs if one.score is not None]


def _broken(facts: Facts) -> list[str]:
    """The promises that the facts do not fulfill. The outcomes of the runs have already been checked."""
    promises = {
        "no request fails": facts.failed_requests == 0 < facts.requests,
        "the predictions change": len(facts.answers) == 2,
        "Slack gets a message for each step": len(facts.slack) == 6,
        "the second plan has no changes": not facts.drift,
    }
    return [promise for promise, fulfilled in promises.items() if not fulfilled]


def _rmse(pairs: Sequence[tuple[float, float]]) -> float:
    return round(math.sqrt(sum((predicted - actual) ** 2 for predicted, actual in pairs) / len(pairs)), 4)


def _facts(run: tuple[executions.ExecutionState, int], pairs: Sequence[tuple[float, float]]) -> RunFacts:
    ending, states = run
    return RunFacts(ending.outcome, ending.reason, round(ending.seconds, 1), states, _rmse(pairs))
