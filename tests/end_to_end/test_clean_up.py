"""The resources of earlier deployments that are kept and deleted with `keep = 2`, on an applied stack. Run in order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from refit.aws.executions import ExecutionState
from refit.embedded_cloud import faults, lifecycle
from refit.errors import RefitError
from refit.runs.rollback import rollback_to
from tests.support.end_to_end.deployed import Deployed, apply

pytestmark = pytest.mark.usefixtures("exported", "ada")

FILE = """\
pipeline = "kept-prices"
region   = "us-west-2"
schedule = { enabled = false }
data     = { prefix = "data/kept-prices/train/", feature_dim = 13 }
training = { hyperparameters = { mini_batch_size = "30" } }
endpoint = { keep = 2 }
poll_interval_seconds = 1
force_destroy         = true
"""
RUNS: dict[str, ExecutionState] = {}
"""The runs of the story, by the letter that this file calls them."""


@pytest.fixture(scope="module")
def applied(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    return apply(cloud, tmp_path_factory.mktemp("checkout"), FILE, name="kept-prices", days=1)


@pytest.fixture
def forbidden(stack: Deployed) -> Iterator[None]:
    """Denies CleanUp all SageMaker actions until the test ends."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    where: Any = {"region_name": stack.aws.region, "endpoint_url": stack.cloud.endpoint_url, **keys}
    iam, functions = boto3.client("iam", **where), boto3.client("lambda", **where)
    configuration = functions.get_function_configuration(FunctionName="refit-kept-prices-clean-up")
    policy = {"RoleName": configuration["Role"].rpartition("/")[2], "PolicyName": "a-fault"}
    denial = {"Effect": "Deny", "Action": "sagemaker:*", "Resource": "*"}
    iam.put_role_policy(**policy, PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [denial]}))
    yield
    iam.delete_role_policy(**policy)


def deploy(stack: Deployed, letter: str) -> ExecutionState:
    """Runs on the next day of data; the run must deploy."""
    stack.new_day()
    ending = RUNS[letter] = stack.run()
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    assert stack.variant()["ModelName"] == name(letter)
    return ending


def name(letter: str) -> str:
    return str(RUNS[letter].document["name"])


def names(letters: str) -> list[str]:
    return sorted(name(letter) for letter in letters)


def there(stack: Deployed) -> tuple[list[str], list[str]]:
    """The names of the models and of the endpoint configs in SageMaker."""
    models = stack.aws.sagemaker.list_models()["Models"]
    configs = stack.aws.sagemaker.list_endpoint_configs()["EndpointConfigs"]
    return sorted(one["ModelName"] for one in models), sorted(one["EndpointConfigName"] for one in configs)


def record(stack: Deployed, run: str) -> Any:
    key = f"runs/kept-prices/{run}/record.json"
    return json.loads(stack.aws.s3.get_object(Bucket=stack.stack.bucket, Key=key)["Body"].read())


def test_until_there_are_more_than_keep_says_nothing_goes(stack: Deployed) -> None:
    for letter in "AB":
        ending = deploy(stack, letter)
        assert ending.document["cleanup"] == {"models": [], "endpoint_configs": []}
    assert there(stack) == (names("AB"), names("AB"))


def test_the_version_beyond_keep_goes_and_the_record_names_it(stack: Deployed) -> None:
    ending = deploy(stack, "C")
    assert record(stack, ending.name)["cleanup"] == {"models": names("A"), "endpoint_configs": names("A")}
    assert there(stack) == (names("BC"), names("BC"))


def test_what_went_cannot_be_rolled_back_to_and_it_is_said_what_can(stack: Deployed) -> None:
    with pytest.raises(RefitError, match="no longer exists in SageMaker") as raised:
        rollback_to(stack.ref, to=RUNS["A"].name)
    assert str(raised.value.hint).endswith(f": {RUNS['C'].name}, {RUNS['B'].name}")


def test_a_rollback_within_keep_serves_from_a_config_of_its_own(stack: Deployed) -> None:
    done = rollback_to(stack.ref, poll_seconds=0.2)
    assert (done.outcome, done.model, stack.variant()["ModelName"]) == ("Deployed", name("B"), name("B"))
    assert there(stack)[0] == names("BC")
    assert there(stack)[1] == sorted([stack.endpoint()["EndpointConfigName"], name("C")])


def test_a_model_that_was_rolled_back_to_outlives_one_that_is_newer(stack: Deployed) -> None:
    rolled_back = stack.endpoint()["EndpointConfigName"]
    stack.new_day()
    faults.set(stack.cloud, {"endpoint": "roll_back"})
    RUNS["failed"] = stack.run()
    assert RUNS["failed"].outcome == "DeploymentFailed"
    failed = str(RUNS["failed"].document["name"])
    assert there(stack)[0] == sorted([*names("BC"), failed])
    faults.clear(stack.cloud)
    ending = deploy(stack, "D")
    assert sorted(ending.document["cleanup"]["models"]) == sorted([name("C"), failed])
    assert there(stack) == (names("BD"), sorted([rolled_back, name("D")]))


@pytest.mark.usefixtures("forbidden")
def test_a_clean_up_that_fails_changes_nothing_but_its_section(stack: Deployed) -> None:
    models, configs = there(stack)
    ending = deploy(stack, "E")
    assert ending.document["cleanup"]["Error"] == "ClientError"
    assert "AccessDenied" in ending.document["cleanup"]["Cause"]
    assert record(stack, ending.name)["end"]["state"] == "Deployed"
    assert stack.watermark() == stack.days[-1].isoformat()
    assert there(stack) == (sorted([*models, name("E")]), sorted([*configs, name("E")]))


def test_the_next_one_makes_up_for_it(stack: Deployed) -> None:
    deploy(stack, "F")
    assert there(stack) == (names("EF"), names("EF"))


def test_what_was_trained_stays_in_s3(stack: Deployed) -> None:
    for ending in RUNS.values():
        bucket, _, key = ending.document["status"]["model_data"].removeprefix("s3://").partition("/")
        assert stack.aws.s3.head_object(Bucket=bucket, Key=key)["ContentLength"] > 0
