"""A run that waits for manual approval before it deploys, on its own applied stack. The tests run in order."""

from __future__ import annotations

import pytest

from refit.aws.deployed import DeployedPipeline
from refit.embedded_cloud import faults, lifecycle
from refit.errors import RefitError
from refit.runs import approval
from refit.runs.approval import answer
from refit.runs.history import run
from tests.support.end_to_end.deployed import Deployed, apply, merge
from tests.support.waiting import until

pytestmark = pytest.mark.usefixtures("exported", "ada")

FILE = """\
pipeline = "asked-prices"
region   = "us-west-2"
schedule = { enabled = false }
data     = { prefix = "data/asked-prices/train/", layout = "dt=%Y-%m-%d/", ready = "_SUCCESS", feature_dim = 13 }
training = { hyperparameters = { mini_batch_size = "30" } }
approval = { timeout_minutes = 60 }
slack    = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }
poll_interval_seconds = 1
force_destroy         = true
"""


@pytest.fixture(scope="module")
def asked(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    faults.clear(cloud)
    return apply(cloud, tmp_path_factory.mktemp("asked"), FILE, name="asked-prices", days=2)


def waits(stack: Deployed) -> str:
    """Starts a run and waits until it requests approval; returns its ARN."""
    arn = stack.start()
    name = arn.rpartition(":")[2]
    until(lambda: approval.request_of(DeployedPipeline.of(stack.ref), name) is not None)
    return arn


def serves(stack: Deployed) -> bool:
    return bool(stack.aws.sagemaker.list_endpoints(NameContains="asked-prices")["Endpoints"])


def test_a_rejected_model_is_not_deployed(asked: Deployed) -> None:
    arn = waits(asked)
    told = answer(asked.ref, None, approved=False, reason="bad days", poll_seconds=0.1)
    ending = asked.finish(arn)
    assert told.run == ending.name
    assert (ending.status, ending.outcome) == ("FAILED", "ModelRejected")
    assert ending.reason == "rejected by ada: bad days"
    assert (serves(asked), asked.watermark()) == (False, "never")
    (record,) = run(asked.ref, ending.name).runs
    assert (record.ended, record.reason) == ("ModelRejected", "rejected by ada: bad days")
    assert (record.approval["approved"], record.approval["by"]) == (False, "ada")


def test_the_question_is_asked_in_slack_with_both_commands_and_without_the_token(asked: Deployed) -> None:
    arn = waits(asked)
    name = arn.rpartition(":")[2]
    question = approval.request_of(DeployedPipeline.of(asked.ref), name)
    assert question
    said = "\n".join(asked.said())
    assert f"refit approve local/asked-prices {name}" in said
    assert f"refit reject local/asked-prices {name}" in said
    assert question.token not in said


def test_an_approved_model_is_deployed_and_the_record_says_by_whom(asked: Deployed) -> None:
    (waiting,) = approval.waiting(DeployedPipeline.of(asked.ref))
    answer(asked.ref, waiting.name, approved=True, reason="good", poll_seconds=0.1)
    ending = asked.finish(waiting.arn)
    assert ending.outcome == "Deployed", ending.reason
    assert asked.endpoint()["EndpointStatus"] == "InService"
    (record,) = run(asked.ref, ending.name).runs
    assert (record.approval["approved"], record.approval["by"], record.approval["reason"]) == (True, "ada", "good")
    with pytest.raises(RefitError, match="was approved by ada"):
        answer(asked.ref, ending.name, approved=False, reason="too late")


def test_without_an_answer_the_model_is_rejected(asked: Deployed) -> None:
    merge(asked, FILE.replace("timeout_minutes = 60", "timeout_minutes = 1"))
    asked.new_day()
    config = asked.endpoint()["EndpointConfigName"]
    ending = asked.run()
    assert (ending.status, ending.outcome) == ("FAILED", "ModelRejected")
    assert ending.reason == "not approved: no answer within 1 minute"
    assert asked.endpoint()["EndpointConfigName"] == config
    with pytest.raises(RefitError, match="was not answered before"):
        answer(asked.ref, ending.name, approved=True)
