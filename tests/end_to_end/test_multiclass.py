"""Linear Learner with three classes on an applied stack. The tests run in order."""

from __future__ import annotations

import pytest

from refit.aws.inference import invoke
from refit.data.csv_rows import Row
from refit.embedded_cloud import lifecycle
from tests.support.end_to_end.deployed import Deployed, apply

CLASSES = """\
pipeline = "price-classes"
region   = "us-west-2"
schedule = { enabled = false }
data     = { prefix = "data/price-classes/train/", feature_dim = 13 }
window   = { days = 3, holdout_days = 1, min_days = 2 }

training = {
  predictor_type  = "multiclass_classifier"
  hyperparameters = { num_classes = "3", mini_batch_size = "30" }
}

gate                  = { metric = "validation:multiclass_accuracy", min = 0.5, max_regression = 0.2 }
orchestration         = "polling"
poll_interval_seconds = 1
slack                 = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }
force_destroy         = true
"""

LOWER, UPPER = 18.0, 24.0
"""The prices, in $1000s, at which the second and the third class begin: about a third of the rows is in each."""


@pytest.fixture(scope="module")
def classes(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The pipeline for three price classes, with three days of data and without runs."""
    applied = apply(cloud, tmp_path_factory.mktemp("checkout"), CLASSES, name="price-classes")
    applied.rows = [Row((str(price_class(row.label)), *row.cells[1:]), row.line) for row in applied.rows]
    for _ in range(3):
        applied.new_day()
    return applied


def price_class(price: float) -> int:
    return (price >= LOWER) + (price >= UPPER)


def accuracy(stack: Deployed, rows: list[Row]) -> float:
    """The fraction of these rows whose class the live model predicts correctly."""
    answers = invoke(stack.aws, stack.stack.endpoint, [row.features for row in rows])
    return sum(answer.label == row.label for answer, row in zip(answers, rows, strict=True)) / len(rows)


def test_a_classifier_of_three_classes_is_trained_judged_and_deployed(classes: Deployed) -> None:
    ending = classes.run()
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    judgement = ending.document["evaluation"]
    assert judgement["challenger"] == pytest.approx(accuracy(classes, classes.sales(classes.days[-1])), rel=1e-4)
    assert judgement["challenger"] > 0.5


def test_it_answers_with_the_score_of_every_class_and_the_likeliest(classes: Deployed) -> None:
    for answer in invoke(classes.aws, classes.stack.endpoint, [row.features for row in classes.rows[:50]]):
        assert answer.scores
        assert len(answer.scores) == 3
        assert sum(answer.scores) == pytest.approx(1, abs=1e-4)
        assert answer.label == answer.scores.index(answer.score)
    assert accuracy(classes, classes.rows) > 0.6


def test_the_next_classifier_is_compared_with_what_the_live_one_answers(classes: Deployed) -> None:
    newest, before = classes.new_day(), classes.live_model()["ModelName"]
    measured = accuracy(classes, classes.sales(newest))
    ending = classes.run()
    assert ending.outcome == "Deployed", ending.reason
    judgement = ending.document["evaluation"]
    assert judgement["champion"] == pytest.approx(measured)
    assert (judgement["champion_model"], judgement["rows"]) == (before, 72)
    assert ending.document["deployment"]["action"] == "updated"
    assert classes.live_model()["ModelName"] == ending.document["name"]
