"""XGBoost in a pipeline file: its hyperparameters, the fields that do not apply, its metrics, and how deep it reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.domain.algorithms import BUILT_IN
from refit.pipeline.schema import algorithms
from tests.support.checkout import MINIMAL, load, problems

DATA = MINIMAL.replace("data/home-prices/train/", "data/home-prices/")
HELD_OUT = "window = { days = 7, holdout_days = 1 }\n"
IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1"


def xgboost(*hyperparameters: str, fields: str = "", num_round: str = 'num_round = "100"') -> str:
    values = ", ".join(filter(None, (num_round, *hyperparameters)))
    return f'training = {{\n  algorithm = "xgboost"\n  {fields}\n  hyperparameters = {{ {values} }}\n}}\n'


def problem(folder: Path, text: str) -> str:
    (found,) = problems(folder, text)
    return found


def test_each_algorithm_has_rules() -> None:
    assert set(algorithms.RULES) == set(BUILT_IN)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'training = { algorithm = "xgboost" }\n',
            "needs-another training.hyperparameters must contain num_round; "
            'write hyperparameters = { num_round = "100" }',
        ),
        (
            xgboost('eta = "0.1"', num_round=""),
            'must contain num_round; write hyperparameters = { num_round = "100", … }',
        ),
        (
            xgboost('eta = "3"'),
            'out-of-range training.hyperparameters.eta must be a number between 0 and 1, got "3"; write eta = "1"',
        ),
        (
            xgboost('eat = "0.1"'),
            'bad-value training.hyperparameters.eat is not a hyperparameter of XGBoost; write eta = "0.1"',
        ),
        (xgboost('feature_dim = "13"'), "training.hyperparameters.feature_dim is not a hyperparameter of XGBoost"),
        (
            xgboost('objective = "multi:softprob"'),
            'must contain num_class for objective multi:softprob; write hyperparameters = { num_class = "3", … }',
        ),
        (
            xgboost('num_class = "3"'),
            "unused-field training.hyperparameters.num_class has no effect without a multi: objective; "
            'remove it, or write objective = "multi:softprob"',
        ),
        (
            xgboost('csv_weights = "1"'),
            "unused-field training.hyperparameters.csv_weights needs a column of weights, "
            "and a row is the label and features; remove it",
        ),
        (
            xgboost('early_stopping_rounds = "10"', 'objective = "binary:logistic"'),
            "unused-field training.hyperparameters.early_stopping_rounds has no effect without eval_metric; "
            'add eval_metric = "logloss" to hyperparameters',
        ),
        (
            xgboost('eval_metric = "auc"'),
            "training.hyperparameters.eval_metric auc is only computed for a binary: or rank: objective, "
            'got reg:squarederror; write objective = "binary:logistic"',
        ),
        (
            xgboost(fields='predictor_type = "binary_classifier"'),
            "unused-field training.predictor_type has no effect with XGBoost, whose objective is a hyperparameter; "
            'remove it, and write hyperparameters = { objective = "binary:logistic", … }',
        ),
        (
            xgboost(fields=f'image = "{IMAGE}"'),
            "one-of-two training.algorithm and training.image cannot be combined; "
            "remove algorithm to train with the image, or remove image",
        ),
        (
            xgboost(fields='image = "382416733822.dkr.ecr.us-east-1.amazonaws.com/linear-learner:1"'),
            "one-of-two training.algorithm and training.image cannot be combined; remove image",
        ),
        (
            xgboost(fields='channels = { test = "test/" }'),
            "unused-field training.channels.test is not read by XGBoost, which reads train and validation",
        ),
        (xgboost(fields='metrics = { "a" = "a=(.)" }'), "unused-field training.metrics has no effect with XGBoost"),
        (xgboost(fields='source = "code"'), "needs-another training.source needs an image that runs the code"),
    ],
)
def test_what_the_job_could_not_use_is_refused(tmp_path: Path, text: str, expected: str) -> None:
    assert expected in problem(tmp_path, DATA + text)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            'prefix = "data/home-prices/train/"',
            "bad-layout training.algorithm xgboost reads keys with at most 2 folders, and those of data have 3: "
            'its container skips deeper ones; write data = { prefix = "data/home-prices/", … }',
        ),
        (
            'prefix = "data/home-prices/", layout = "dt=%Y-%m-%d/"',
            'and those of data have 3: its container skips deeper ones; write data = { prefix = "data/", … }',
        ),
        (
            'prefix = "data/home-prices/", content_type = "text/libsvm"',  # in the folder of the day
            'and those of data have 3: its container skips deeper ones; write data = { prefix = "data/", … }',
        ),
        ('prefix = "data/", layout = "%Y/%m/%d/"', 'write data = { layout = "%Y-%m-%d.csv", … }'),
    ],
)
def test_data_that_the_container_would_not_reach_is_refused(tmp_path: Path, data: str, expected: str) -> None:
    lines = [line for line in MINIMAL.splitlines() if not line.startswith("data ")]
    text = "\n".join([*lines, f"data = {{ {data}, feature_dim = 13 }}", ""])
    assert expected in problem(tmp_path, text + xgboost())


@pytest.mark.parametrize("field", ['format = "parquet"', 'format = "recordio"', 'layout = "%Y-%m-%d-*.csv"'])
def test_data_that_it_reads_is_taken(tmp_path: Path, field: str) -> None:
    text = DATA.replace("feature_dim = 13", f"feature_dim = 13, {field}")
    assert load(tmp_path, text + xgboost()).training.algorithm == "xgboost"


def test_a_format_that_it_does_not_read_is_refused(tmp_path: Path) -> None:
    text = DATA.replace("feature_dim = 13", 'feature_dim = 13, format = "jsonlines"')
    assert 'data.format "jsonlines" is not read by XGBoost' in problem(tmp_path, text + xgboost())


def test_the_job_gets_its_hyperparameters_and_the_objective(tmp_path: Path) -> None:
    found = load(tmp_path, DATA + xgboost('eta = "0.1"'))
    assert found.hyperparameters == {"objective": "reg:squarederror", "num_round": "100", "eta": "0.1"}
    assert not found.training.own_image
    assert found.awaited_metrics == ("train:rmse",)


@pytest.mark.parametrize(
    ("metric", "hyperparameters"),
    [
        ("validation:rmse", ()),
        ("train:rmse", ()),
        ("validation:mae", ('eval_metric = "rmse,mae"',)),
        ("validation:logloss", ('objective = "binary:logistic"',)),
    ],
)
def test_a_gate_judges_by_what_the_job_computes(tmp_path: Path, metric: str, hyperparameters: tuple[str, ...]) -> None:
    text = DATA + HELD_OUT + xgboost(*hyperparameters) + f'gate = {{ metric = "{metric}", max = 9 }}\n'
    assert load(tmp_path, text).awaited_metrics == (metric,)


@pytest.mark.parametrize(
    ("gate", "hyperparameters", "expected"),
    [
        (
            'metric = "validation:mse", max = 60',
            (),
            "gate-metric gate.metric validation:mse is not among the metrics that the job computes: rmse; "
            'write eval_metric = "mse" in training.hyperparameters, or metric = "validation:rmse"',
        ),
        (
            'metric = "validation:mae", max = 5',
            ('eval_metric = "rmse"',),
            'write eval_metric = "rmse,mae" in training.hyperparameters, or metric = "validation:rmse"',
        ),
        (
            'metric = "validation:rsme", max = 5',
            (),
            'gate.metric validation:rsme is not a metric that XGBoost reports; write metric = "validation:rmse"',
        ),
        ('metric = "test:rmse", max = 5', (), 'write metric = "validation:rmse"'),
        (
            'metric = "validation:tweedie-nloglik", max = 5',
            ('objective = "reg:tweedie"',),
            'computes: none that SageMaker reads; write eval_metric = "tweedie-nloglik" in training.hyperparameters',
        ),
        (
            'metric = "validation:auc", max = 0.9',
            ('objective = "binary:logistic"', 'eval_metric = "auc"'),
            "gate-direction gate.max has the wrong direction: higher validation:auc is better; write min = 0.9",
        ),
        (
            'metric = "validation:aucpr", min = 0.5, max_regression = 0.1',
            ('objective = "binary:logistic"', 'eval_metric = "aucpr"'),
            "gate.max_regression needs a metric that can be computed from predictions, got validation:aucpr",
        ),
    ],
)
def test_a_gate_that_could_not_judge_is_refused(
    tmp_path: Path, gate: str, hyperparameters: tuple[str, ...], expected: str
) -> None:
    text = DATA + HELD_OUT + xgboost(*hyperparameters) + f"gate = {{ {gate} }}\n"
    assert expected in problem(tmp_path, text)
