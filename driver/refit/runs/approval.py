"""The question that a run asks before it deploys, and the answer: an object in the bucket, and a call with its token.

The token is the right to answer. It is in no message, no log and no `repr`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from refit.aws import executions
from refit.aws.deployed import DeployedPipeline
from refit.aws.executions import ExecutionSummary
from refit.aws.session import calling
from refit.domain.run_document import Approval
from refit.errors import AwsError, NotFound, RefitError

STATE = "AwaitApproval"
RUNS = 10
"""Of how many runs that go on it is asked whether they wait; one at a time works on a pipeline."""


@dataclass(frozen=True)
class Question:
    """Whether `model` may be deployed: asked by `run`, until `expires_at` (ISO 8601)."""

    run: str
    model: str
    asked_at: str
    expires_at: str
    token: str = field(repr=False)


def waiting(applied: DeployedPipeline) -> list[ExecutionSummary]:
    """The runs that wait for an answer now. Raises AwsError."""
    running = executions.listed(applied.aws, applied.stack.state_machine_arn, RUNS, running=True)
    return [one for one in running if waits(applied, one.arn)]


def waits(applied: DeployedPipeline, arn: str) -> bool:
    """Whether the last thing that the run did was to begin to wait. Raises NotFound, AwsError."""
    step = executions.latest(applied.aws, arn)
    return step is not None and step.state == STATE and not step.left


def question(applied: DeployedPipeline, run: str) -> Question | None:
    """What the run asks; None while it has not asked. Raises RefitError for what is no question of it, AwsError."""
    bucket, key = applied.stack.bucket, f"{applied.runs_prefix}{run}/approval.json"
    try:
        with calling(f"read s3://{bucket}/{key}"):
            content = applied.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except NotFound:
        return None
    try:
        asked = json.loads(content)
        whose = asked["pipeline"], asked["run"]
        texts = [asked[name] for name in ("run", "model", "asked_at", "expires_at", "token")]
    except (ValueError, TypeError, KeyError):
        whose, texts = ("", ""), []
    if whose != (applied.pipeline.pipeline, run) or not all(isinstance(text, str) and text for text in texts):
        raise RefitError(f"s3://{bucket}/{key} is no question of {run}", "stop the run and start a new one")
    return Question(*texts)


def answer(applied: DeployedPipeline, asked: Question, said: Approval) -> None:
    """Tells the run. Raises NotFound when it waits no more, AwsError otherwise."""
    try:
        with calling(f"answer {asked.run}"):
            applied.aws.stepfunctions.send_task_success(taskToken=asked.token, output=json.dumps(said))
    except AwsError as error:
        # What AWS and boto3 say of an argument that they refuse may hold it.
        raise type(error)(str(error).replace(asked.token, "…"), error.hint) from None
