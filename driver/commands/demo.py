"""`refit demo`: the whole product on this machine, on real data, and the facts that it showed.

A fresh embedded cloud, a real apply, three runs (first deployment, retraining under traffic, nothing new), a second plan.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from driver import dataset, executions, pipeline, target
from driver.aws import Aws
from driver.commands.build import build
from driver.commands.event import event
from driver.commands.upload import put_days
from driver.dataset import Row
from driver.endpoint import ask
from driver.errors import RunFailed
from driver.local import cloud as embedded
from driver.local import slack
from driver.project import PipelineRef, Project
from driver.report.narrator import Narrator
from driver.report.run import Progress
from driver.stack import Stack
from driver.terraform import Terraform
from driver.traffic import Traffic

PIPELINE = "local/home-prices"
DATA = "examples/boston-housing.csv"
LABEL = "medv"
SEED = 1978
"""The year of the paper behind the data (Harrison and Rubinfeld); any fixed number gives the same demo every time."""
QUESTIONS = 50
DAYS = 7


@dataclass(frozen=True)
class RunFacts:
    """One run: seconds from start to end, states entered, and the RMSE of the model that it left serving."""

    outcome: str
    reason: str
    seconds: float
    states: int
    rmse: float | None = None


@dataclass(frozen=True)
class Facts:
    """What the demo showed. `rmse` is that of the model that serves at the end, in the label's unit ($1000s)."""

    runs: list[RunFacts]
    rmse: float
    questions: list[dict[str, float]]
    requests: int
    failed_requests: int
    answers: list[float]
    slack: list[str]
    drift: bool
    seconds: dict[str, float] = field(default_factory=dict)


class Demo:
    """One showing. `run()` leaves nothing running, however it ends."""

    def __init__(self, project: Project, narrator: Narrator) -> None:
        self._project = project
        self._ref: PipelineRef = project.find(PIPELINE)
        self._pipeline = pipeline.load(self._ref)
        self._narrator = narrator
        self._state_dir = project.state_dir / "demo"
        rows = dataset.read(project.root / DATA, self._pipeline.data.feature_dim, LABEL)
        shuffled = dataset.shuffled(rows, SEED)
        self._questions = shuffled[:QUESTIONS]
        self._parts = dataset.split(shuffled[QUESTIONS:], DAYS)
        self._first_day = datetime.now(UTC).date() - timedelta(days=DAYS - 1)

    def run(self) -> Facts:
        """Shows everything. Raises RefitError at the first thing that does not go as promised."""
        say, phase = self._narrator.say, self._narrator.phase
        embedded.reset(self._state_dir)
        try:
            with phase("start the cloud", "Starting the embedded cloud"):
                cloud = embedded.start(self._state_dir, port=0)
                say(f"AWS at {cloud.endpoint_url}, region {cloud.region}, nothing else listens")
            return self._show(cloud)
        finally:
            with phase("stop the cloud", "Stopping what was started"):
                embedded.stop(self._state_dir)

    def _show(self, cloud: embedded.Cloud) -> Facts:
        say, phase = self._narrator.say, self._narrator.phase
        aws, once = self._connect(cloud), self._connect(cloud, attempts=1)
        terraform = Terraform(self._ref, target.cloud_environment(cloud.endpoint_url, cloud.region))
        with phase("build", "refit build: the state machine and the Lambdas"):
            built = build(self._ref)
            say(f"{built.states} states, lambdas.zip of {built.lambdas_size / 1024:.0f} KiB")
        with phase("terraform init", "terraform init"):
            terraform.init()
        with phase("terraform apply", "terraform apply"):
            say(terraform.apply_quietly())
        stack = Stack.of(self._pipeline, aws)

        with phase("first run", "Six days of home sales arrive; the daily schedule fires"):
            self._upload(aws, stack, range(DAYS - 1))
            first = self._run_once(aws, stack, "first", self._day(DAYS - 2), "Deployed")
            before = self._ask(aws, stack)
            self._narrator.show(comparison(before))
            say(f"RMSE over the {QUESTIONS} homes kept aside: {before.rmse:.2f} ($1000s)")

        with phase("retraining", "The seventh day arrives; a client keeps asking while the model is replaced"):
            self._upload(aws, stack, range(DAYS - 1, DAYS))
            with Traffic(once, stack.endpoint, self._questions[0].features) as traffic:
                second = self._run_once(aws, stack, "second", self._day(DAYS - 1), "Deployed")
            after = self._ask(aws, stack)
            say(f"{traffic.requests} requests during the run, {len(traffic.failures)} failed")
            say(f"the answer for the first home: {' → '.join(f'{answer:.3f}' for answer in traffic.answers)} ($1000s)")

        with phase("no new data", "The schedule fires again, and nothing is new"):
            third = self._run_once(aws, stack, "third", self._day(DAYS - 1), "NoNewData")

        with phase("slack", "What Slack received"):
            messages = [str(message["text"]) for message in slack.messages(cloud)]
            for message in messages:
                say(message.replace("\n", "\n  "))

        with phase("second plan", "terraform plan: has anything drifted?"):
            drift = terraform.drifted()
            say("drift: see the plan above" if drift else "No changes. What runs is what is declared.")

        return Facts(
            runs=[with_rmse(first, before.rmse), with_rmse(second, after.rmse), third],
            rmse=round(after.rmse, 4),
            questions=after.rows,
            requests=traffic.requests,
            failed_requests=len(traffic.failures),
            answers=traffic.answers,
            slack=messages,
            drift=drift,
            seconds=self._narrator.seconds,
        )
