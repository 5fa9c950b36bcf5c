"""A pipeline on the embedded cloud whose runs train on past windows, for the tests of backfills."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console

from refit.aws import executions
from refit.costs.prices import Prices
from refit.report.backfill import page
from refit.runs.backfill.results import BackfillResult
from refit.runs.backfill.train import plan, train
from refit.runs.backfill.windows import Backfill, BackfillRequest
from tests.support.embedded_cloud.customer import BUCKET, Customer
from tests.support.gate import Gate, gate
from tests.support.small_stack import SmallStack

CHEAP = {"us-west-2": Prices({"ml.m5.xlarge": 0.36}, {}, 0.0, 0.0, 0.0, 0.0, 0.0)}


END = "$states.input.detail.window.end"


NAME = "$states.context.Execution.Name"


RUNS = "'runs/' & $split($states.context.StateMachine.Name, 'refit-')[1] & '/'"


RECORD = (
    "{% {'outcome': 'NewData', 'objects': 2, 'bytes': 8,"
    " 'days': {'train': ['2026-11-01'], 'validation': ['2026-11-02']},"
    " 'status': {'metrics': {'train:mse': 1.5,"
    " 'validation:mse': $number($substring($states.input.detail.window.end, 8))}, 'billable_seconds': 50},"
    " 'end': {'state': $states.input.detail.train_only = true ? 'Trained' : 'Deployed', 'reason': '',"
    " 'started_at': $states.context.Execution.StartTime, 'at': $states.context.State.EnteredTime}} %}"
)


# The steps of a backfill's run: that of November 3 fails the first time, that of November 4 and the run "daily" wait at
# the gate, and only one run proceeds at a time.
TRAINS: dict[str, Any] = {
    "CheckData": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sfn:listExecutions",
        "Arguments": {"StateMachineArn": "{% $states.context.StateMachine.Id %}", "StatusFilter": "RUNNING"},
        "Output": "{% $merge([$states.input, {'running': $count($states.result.Executions)}]) %}",
        "Next": "CheckDataBranch",
    },
    "CheckDataBranch": {
        "Type": "Choice",
        "Choices": [
            {"Condition": f"{{% {NAME} = 'daily' %}}", "Next": "Daily"},
            {"Condition": "{% $states.input.running > 1 %}", "Next": "AlreadyRunning"},
            {"Condition": f"{{% {END} = '2026-11-03' and $not($contains({NAME}, /-2$/)) %}}", "Next": "JobFailed"},
            {"Condition": f"{{% {END} = '2026-11-04' %}}", "Next": "Train"},
        ],
        "Default": "WriteRecord",
    },
    **gate("Daily", "NoNewData"),
    **gate("Train", "WriteRecord"),
    "WriteRecord": {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:s3:putObject",
        "Arguments": {"Bucket": BUCKET, "Key": f"{{% {RUNS} & {NAME} & '/record.json' %}}", "Body": RECORD},
        "Output": "{% $states.input %}",
        "Next": "OutcomeBranch",
    },
    "OutcomeBranch": {
        "Type": "Choice",
        "Choices": [{"Condition": "{% $states.input.detail.train_only = true %}", "Next": "Trained"}],
        "Default": "Deployed",
    },
    "Trained": {"Type": "Succeed"},
    "Deployed": {"Type": "Succeed"},
    "NoNewData": {"Type": "Succeed"},
    "AlreadyRunning": {"Type": "Succeed"},
    "JobFailed": {"Type": "Fail", "Error": "JobFailed", "Cause": "AlgorithmError: row 3 has 12 columns"},
}


TWO_DAYS = "window = { days = 2, holdout_days = 1, min_days = 2 }\n"


def november(day: int) -> date:
    return date(2026, 11, day)


def asked(first: int, last: int, step: int = 1, **more: bool) -> BackfillRequest:
    return BackfillRequest(november(first), november(last), step, **more)


class Stack(SmallStack):
    """A pipeline with two-day windows: uploads days of data, and runs backfills."""

    def __init__(self, customer: Customer, folder: Path, states: dict[str, Any], more: str) -> None:
        super().__init__(customer, customer.name("prices"), folder, states, more)
        self.said: list[str] = []
        self.gate = Gate(self.aws, f"refit-{self.name}")

    def land(self, *days: int, rows: str = "1,2\n") -> None:
        for day in days:
            self.customer.put(rows, f"data/{self.name}/{november(day)}.csv")

    def plan(self, asked: BackfillRequest) -> Backfill:
        return plan(self.ref, asked, CHEAP)

    def backfill(self, first: int, last: int, step: int = 1, **more: bool) -> BackfillResult:
        return self.train(self.plan(asked(first, last, step, **more)))

    def train(self, planned: Backfill, report: Callable[[str], None] | None = None) -> BackfillResult:
        return train(self.ref, planned, CHEAP, report=report or self.said.append, poll_seconds=0.1)

    def input(self, run: str) -> Any:
        arn = executions.arn_of(self.machine, run)
        return json.loads(self.aws.stepfunctions.describe_execution(executionArn=arn)["input"])

    def times(self, run: str) -> tuple[datetime, datetime]:
        """The start and end times of a finished execution."""
        found = self.aws.stepfunctions.describe_execution(executionArn=executions.arn_of(self.machine, run))
        return found["startDate"], found["stopDate"]

    def forget(self) -> None:
        """Deletes the executions, as Step Functions does after 90 days, by recreating the state machine."""
        described = self.aws.stepfunctions.describe_state_machine(stateMachineArn=self.machine)
        self.aws.stepfunctions.delete_state_machine(stateMachineArn=self.machine)
        self.aws.stepfunctions.create_state_machine(
            name=described["name"], definition=described["definition"], roleArn=described["roleArn"]
        )


def states(done: BackfillResult) -> list[tuple[str, str]]:
    return [(result.how, result.state) for result in done.results]


def shown(done: BackfillResult, width: int = 80) -> str:
    output = io.StringIO()
    Console(file=output, width=width).print(page(done))
    return output.getvalue()
