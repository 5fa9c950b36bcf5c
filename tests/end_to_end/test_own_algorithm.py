"""A custom algorithm in script mode on an applied stack. The tests run in order."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from typing import Any

import joblib
import pytest
from botocore.exceptions import ClientError

from refit.aws.executions import ExecutionState
from refit.data.csv_rows import Row
from refit.data.upload import put_days
from refit.embedded_cloud import lifecycle
from refit.runs.rollback import rollback_to
from tests.support.end_to_end.deployed import ROOT, Deployed, apply, merge

OWN = """\
pipeline = "own-trees"
region   = "us-west-2"
schedule = { enabled = false }
data     = { prefix = "data/own-trees/train/", feature_dim = 13 }
window   = { days = 3, holdout_days = 1, min_days = 2 }

training = {
  image           = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
  source          = "examples/gradient_boosting"
  hyperparameters = { n_estimators = "50" }
  metrics         = { "validation:mse" = "validation:mse=([0-9.e+-]+)" }
}

gate                  = { metric = "validation:mse", max_regression = 0.5 }
orchestration         = "direct"
poll_interval_seconds = 1
slack                 = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }
force_destroy         = true
"""


@pytest.fixture(scope="module")
def applied(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The pipeline with a custom algorithm, whose code is in the checkout, with three days of data and without runs."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "examples" / "gradient_boosting", folder / "examples" / "gradient_boosting")
    return apply(cloud, folder, OWN, name="own-trees", days=3)


@pytest.fixture(scope="module")
def first(applied: Deployed) -> ExecutionState:
    """The first run of the custom algorithm."""
    return applied.run()


def edit(stack: Deployed, *changes: tuple[str, str]) -> None:
    """Merges a change of the program: replaces each text, which must occur exactly once."""
    program = stack.ref.project.root / "examples" / "gradient_boosting" / "train.py"
    text = program.read_text()
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    program.write_text(text)
    merge(stack, stack.ref.path.read_text())


def built(stack: Deployed) -> str:
    """The SHA-256 of the most recently built code."""
    return str(json.loads((stack.ref.build_dir / "build.json").read_text())["source_sha256"])


def stored(stack: Deployed, uri: str) -> bytes:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bytes(stack.aws.s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def learnt(stack: Deployed) -> Any:
    """The object that the program has stored in the live model's artifact."""
    artifact = stored(stack, stack.live_model()["PrimaryContainer"]["ModelDataUrl"])
    with tarfile.open(fileobj=io.BytesIO(artifact)) as archive:
        member = archive.extractfile("model.joblib")
        assert member
        return joblib.load(io.BytesIO(member.read()))


def live_error(stack: Deployed, rows: list[Row]) -> float:
    """The mean squared error of the live model on these rows, from its endpoint's predictions."""
    errors = [price - row.label for price, row in zip(stack.prices(rows), rows, strict=True)]
    return sum(error**2 for error in errors) / len(errors)


def test_an_own_algorithm_is_trained_judged_by_what_it_prints_and_deployed(
    stack: Deployed, first: ExecutionState
) -> None:
    assert (first.status, first.outcome) == ("SUCCEEDED", "Deployed"), first.reason
    assert first.document["deployment"]["action"] == "created"
    judgement = first.document["evaluation"]
    assert (judgement["decision"], judgement["champion"]) == ("Accepted", None)
    assert judgement["challenger"] == pytest.approx(live_error(stack, stack.sales(stack.days[-1])), rel=1e-4)
    assert learnt(stack).n_estimators == 50


def test_its_endpoint_answers_with_prices(stack: Deployed) -> None:
    assert live_error(stack, stack.rows[:100]) ** 0.5 < 6  # in $1000s
    assert len(stack.prices(stack.rows[:1])) == 1


def test_its_code_is_kept_beside_the_model_which_is_served_with_that_copy(
    stack: Deployed, first: ExecutionState
) -> None:
    name = first.document["name"]
    copy = f"s3://{stack.stack.bucket}/models/own-trees/{name}/code/{built(stack)}/source.tar.gz"
    assert first.document["source"] == copy
    assert stored(stack, copy) == (stack.ref.build_dir / "source.tar.gz").read_bytes()
    job = stack.aws.sagemaker.describe_training_job(TrainingJobName=name)
    assert job["HyperParameters"]["sagemaker_submit_directory"] == copy
    container = stack.live_model()["PrimaryContainer"]
    assert container["Environment"]["SAGEMAKER_SUBMIT_DIRECTORY"] == copy
    assert container["ModelDataUrl"].startswith(f"s3://{stack.stack.bucket}/models/own-trees/{name}/")


def test_the_next_model_is_compared_with_the_live_one_and_takes_its_place(
    stack: Deployed, first: ExecutionState
) -> None:
    newest = stack.new_day()
    measured = live_error(stack, stack.sales(newest))
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    assert ending.document["deployment"]["action"] == "updated"
    judgement = ending.document["evaluation"]
    assert judgement["champion"] == pytest.approx(measured)
    assert (judgement["champion_model"], judgement["rows"]) == (first.document["name"], 72)
    assert stack.live_model()["ModelName"] == ending.document["name"]


def test_changed_code_is_what_the_next_run_trains_and_serves_with(stack: Deployed, first: ExecutionState) -> None:
    before = built(stack)
    thousands = stack.prices(stack.rows[:20])
    assert learnt(stack).loss == "squared_error"
    edit(
        stack,
        ("GradientBoostingRegressor(**", 'GradientBoostingRegressor(loss="huber", **'),
        ("return model.predict(", "return 1000 * model.predict("),
    )
    assert built(stack) != before
    # Terraform has replaced the code, but the live model has its own copy.
    with pytest.raises(ClientError, match="NoSuchKey"):
        stored(stack, f"s3://{stack.stack.bucket}/code/{before}/source.tar.gz")
    assert stack.prices(stack.rows[:20]) == thousands
    stack.new_day()
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    assert f"/{ending.document['name']}/code/{built(stack)}/" in ending.document["source"]
    assert learnt(stack).loss == "huber"
    assert min(stack.prices(stack.rows[:20])) > 1000
    assert stored(stack, first.document["source"])


def test_the_old_model_can_be_put_back_with_the_code_that_it_needs(
    stack: Deployed, first: ExecutionState, exported: None
) -> None:
    done = rollback_to(stack.ref, to=first.name, poll_seconds=0.2)
    assert (done.outcome, done.model) == ("Deployed", first.document["name"])
    model = stack.live_model()
    assert model["ModelName"] == first.document["name"]
    assert model["PrimaryContainer"]["Environment"]["SAGEMAKER_SUBMIT_DIRECTORY"] == first.document["source"]
    assert learnt(stack).loss == "squared_error"
    assert live_error(stack, stack.rows[:100]) ** 0.5 < 6  # in $1000s again


def test_a_program_that_raises_fails_the_run_and_its_error_is_the_reason(stack: Deployed) -> None:
    live, watermark = stack.endpoint()["EndpointConfigName"], stack.watermark()
    day = stack.new_day()
    unreadable = [Row(("unknown", *row.cells[1:]), row.line) for row in stack.sales(day)]
    put_days(stack.aws, stack.stack, {day: unreadable}, replace=True)
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("FAILED", "JobFailed"), ending.reason
    assert "ExecuteUserScriptError" in ending.reason
    assert "ValueError: could not convert string 'unknown' to float" in ending.reason
    assert "ExecuteUserScriptError" in stack.said()[-1]
    assert (stack.endpoint()["EndpointConfigName"], stack.watermark()) == (live, watermark)


def test_polling_trains_and_serves_it_with_the_copy_of_the_code_too(stack: Deployed) -> None:
    merge(stack, OWN.replace('"direct"', '"polling"'))
    stack.correct(stack.days[-1])
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    copy, name = ending.document["source"], ending.document["name"]
    job = stack.aws.sagemaker.describe_training_job(TrainingJobName=name)
    assert job["HyperParameters"]["sagemaker_submit_directory"] == copy
    model = stack.live_model()
    assert model["ModelName"] == name
    assert model["PrimaryContainer"]["Environment"]["SAGEMAKER_SUBMIT_DIRECTORY"] == copy
    assert learnt(stack).loss == "huber"
    assert min(stack.prices(stack.rows[:20])) > 1000
