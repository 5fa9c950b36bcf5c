"""gate in a pipeline file: every gate can reject a bad model, and none rejects a good one."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.domain.metrics import HIGHER_IS_BETTER, LOWER_IS_BETTER
from refit.pipeline import files as pipeline
from refit.pipeline.schema.gate import EXAMPLE
from refit.pipeline.schema.training import OWN_IMAGE
from tests.support.checkout import MINIMAL, NOW, load, problem, problems, write

OWN = f'training = {{ image = "{OWN_IMAGE}" }}\n'
OWN_METRICS = OWN.replace(" }", ', metrics = { "validation:accuracy" = "accuracy=([0-9.]+)" } }')
BUILT_IN = 'training = { image = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1" }\n'
HELD_OUT = "window = { days = 7, holdout_days = 1 }\n"


def gate(metric: str, limits: str, rest: str = HELD_OUT) -> str:
    return f'gate = {{ metric = "{metric}", {limits} }}\n{rest}'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gate = { max = 60 }\n", f"8: missing-field gate.metric is missing; write {EXAMPLE}"),
        (gate("a b", "max = 60"), "19: bad-name gate.metric must be a metric name of at most 255 letters"),
        (gate("mse", 'max = "60"'), '32: wrong-type gate.max must be a number, got "60"; write max = 60'),
        (
            gate("mse", "advance_on_reject = true"),
            f"8: gate-open gate must have a limit: max, min or max_regression; write {EXAMPLE}",
        ),
        (
            gate("loss", "max = 60, min = 1"),
            "43: gate-mixed gate.max and gate.min cannot be combined; "
            "keep max if lower is better, min if higher is better",
        ),
        *(
            (
                gate(f"train:{kind}", "max = 0.5"),
                f"gate-direction gate.max has the wrong direction: higher train:{kind} is better; write min = 0.5",
            )
            for kind in sorted(HIGHER_IS_BETTER)
        ),
        *(
            (
                gate(kind, "min = 60"),
                f"gate-direction gate.min has the wrong direction: lower {kind} is better; write max = 60",
            )
            for kind in sorted(LOWER_IS_BETTER)
        ),
        (
            gate("validation:mse", "max_regression = -0.1"),
            "54: out-of-range gate.max_regression must be 0 or more, 0.10 for ten percent, got -0.1; "
            "write max_regression = 0",
        ),
        (
            gate("validation:objective_loss", "max_regression = 0.1"),
            "19: gate-metric gate.max_regression needs a metric that can be computed from predictions, "
            "got validation:objective_loss; write validation: and one of mse, rmse, absolute_loss, mae, "
            "binary_classification_accuracy, multiclass_accuracy, accuracy",
        ),
        (
            gate("train:mse", "max_regression = 0.1"),
            "19: gate-metric gate.max_regression needs a metric that is measured on the holdout, got train:mse; "
            'write metric = "validation:mse"',
        ),
        (
            gate("validation:accuracy", "max_regression = 1"),
            "59: gate-open gate.max_regression must be below 1 where higher is better, got 1; "
            "write max_regression = 0.10 for ten percent: with 1 or more, no model would be rejected",
        ),
        (gate("validation:mse", "max_regression = 0.1, sample_rows = 9"), "must be between 10 and 10000, got 9"),
        (
            gate("validation:mse", "max = 60, sample_rows = 1000"),
            "61: unused-field gate.sample_rows has no effect without max_regression; "
            "remove it, or add max_regression = 0.10",
        ),
        (
            gate("validation:mse", 'max = 60, on_incomparable = "reject"'),
            "65: unused-field gate.on_incomparable has no effect without max_regression; "
            "remove it, or add max_regression = 0.10",
        ),
        (
            gate("validation:mse", 'max_regression = 0.1, on_incomparable = "rejct"'),
            '77: not-a-choice gate.on_incomparable must be "reject" or "accept", got "rejct"; '
            'write on_incomparable = "reject"',
        ),
        (
            gate("validation:mse", "max = 60", rest=""),
            "19: needs-another gate.metric validation:mse is measured on the holdout, but window.holdout_days is 0; "
            "write window = { days = 7, holdout_days = 1 }",
        ),
        (
            gate("validation:recall", "min = 0.5"),
            "19: gate-metric gate.metric validation:recall is only reported for predictor_type binary_classifier, "
            "got regressor; write a metric for a regressor",
        ),
        (
            gate("mse", "max = 60", rest='training = { predictor_type = "binary_classifier" }\n'),
            "gate.metric mse is only reported for predictor_type regressor, got binary_classifier",
        ),
        (
            gate("mse", "max = 60", rest=f'training = {{ image = "{OWN_IMAGE}", metrics = {{ rmse = "(.)" }} }}\n'),
            "19: gate-metric gate.metric must be one of training.metrics, the only ones that the job reports, got mse; "
            'write metric = "rmse"',
        ),
        (
            gate("validation:rsme", "max = 60"),
            "19: gate-metric gate.metric validation:rsme is not a metric that Linear Learner reports; "
            'write metric = "validation:rmse", or another of train:, validation: and '
            "objective_loss, mse, absolute_loss, rmse",
        ),
        (gate("mse", "max = 60"), 'Linear Learner reports; write metric = "validation:mse", or another of'),
        (gate("Train:mse", "max = 60"), 'write metric = "validation:mse", or another of'),
        (
            gate("validation:f1", "min = 0.5", rest=HELD_OUT + OWN),
            "19: gate-metric gate.metric validation:f1 is never reported: SageMaker reads it from the log only if "
            'training.metrics has it; add metrics = { "validation:f1" = "f1=([0-9.e+-]+)" } to training',
        ),
    ],
)
def test_a_gate_that_could_not_judge_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problem(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        gate("validation:mse", "max = 60, max_regression = 0"),
        gate("validation:mse", "max_regression = 2.5, sample_rows = 10"),
        gate("validation:mse", 'max_regression = 0.1, on_incomparable = "accept"'),
        gate("train:objective_loss", "max = -1e3", rest=""),
        gate("train:progress", "min = 100", rest=""),
        gate("validation:accuracy", "min = 0.9, max_regression = 0.1", rest=HELD_OUT + OWN_METRICS),
        gate("validation:anything", "min = 0.9", rest=HELD_OUT + BUILT_IN),
        gate("validation:objective_loss:final", "max = 60"),
        gate("train:recall", "min = 0.5", rest='training = { predictor_type = "binary_classifier" }\n'),
    ],
)
def test_a_gate_that_can_judge_is_taken(tmp_path: Path, text: str) -> None:
    assert "evaluate_model" in load(tmp_path, MINIMAL + text).handlers


def test_a_gate_judges_by_what_is_not_written_too(tmp_path: Path) -> None:
    found = load(tmp_path, MINIMAL + gate("validation:mse", "max_regression = 0.1")).gate
    assert found is not None
    assert (found.max, found.min, found.sample_rows, found.advance_on_reject) == (None, None, 1_000, False)
    assert found.on_incomparable == "reject"


def test_the_gate_says_nothing_of_sections_that_are_wrong_themselves(tmp_path: Path) -> None:
    wrong = 'window = { days = 0 }\ntraining = { predictor_type = "forest" }\n'
    found = problems(tmp_path, MINIMAL + gate("validation:recall", "min = 1", rest=wrong))
    assert [problem.split()[2] for problem in found] == ["window.days", "training.predictor_type"]


def test_what_is_wrong_in_a_gate_and_about_it_is_told_at_once(tmp_path: Path) -> None:
    text = gate("train:recall", "min = 60, max = 1, sample_rows = 20", rest="")
    assert [found.split()[1] for found in problems(tmp_path, MINIMAL + text)] == ["gate-mixed", "unused-field"]


def test_the_embedded_cloud_has_the_same_gates(tmp_path: Path) -> None:
    ref = write(tmp_path, MINIMAL + gate("validation:mse", "max = 60"), environment="local")
    assert pipeline.load(ref, NOW).gate is not None
