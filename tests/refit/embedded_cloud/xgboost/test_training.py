"""Training XGBoost: the same model and metrics as the library alone, in AWS's files and log lines."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xgboost as library

from refit.embedded_cloud.instance.algorithm import AlgorithmError, CustomerError
from tests.support.embedded_cloud.linear_learner_job import as_csv, homes
from tests.support.embedded_cloud.xgboost_job import LOGISTIC, SQUARED, Job

FEATURES, LABELS = homes()
ORDER = np.random.default_rng(7).permutation(len(LABELS))
TRAIN, HELD_OUT = ORDER[:400], ORDER[400:]


def part(rows: np.ndarray, labels: np.ndarray = LABELS) -> str:
    return as_csv(labels[rows], FEATURES[rows])


def body(rows: np.ndarray) -> str:
    return "\n".join(",".join(map(repr, row)) for row in FEATURES[rows].tolist())


def test_it_predicts_exactly_as_the_library_alone(job: Job) -> None:
    hyperparameters = {**SQUARED, "subsample": "0.7", "colsample_bytree": "0.8", "seed": "11", "lambda": "2"}
    job.channel("train", part(TRAIN[:150]), part(TRAIN[150:])).channel("validation", part(HELD_OUT))

    metrics = job.train(hyperparameters)

    parameters = {name: value for name, value in hyperparameters.items() if name != "num_round"}
    matrix = library.DMatrix(FEATURES[TRAIN], label=LABELS[TRAIN])
    alone = library.train({**parameters, "base_score": 0.5, "tree_method": "exact", "nthread": 1}, matrix, 20)
    expected = alone.predict(library.DMatrix(FEATURES[HELD_OUT]))
    assert job.predictions(body(HELD_OUT)) == expected.tolist()
    rmse = float(np.sqrt(np.mean((expected - LABELS[HELD_OUT]) ** 2)))
    assert metrics == {"train:rmse": pytest.approx(metrics["train:rmse"]), "validation:rmse": pytest.approx(rmse, 1e-4)}


def test_the_log_has_a_line_a_round_as_cloudwatch_shows_it(job: Job) -> None:
    job.channel("train", part(TRAIN)).channel("validation", part(HELD_OUT)).train({**SQUARED, "num_round": "2"})
    assert job.lines[:2] == ["Train matrix has 400 rows and 13 columns", "Validation matrix has 106 rows"]
    rounds = [line for line in job.lines if line.startswith("[")]
    assert [line.split("#011")[0] for line in rounds] == ["[0]", "[1]"]
    assert [part.split(":")[0] for part in rounds[0].split("#011")[1:]] == ["train-rmse", "validation-rmse"]


def test_the_model_is_the_only_file_and_has_awss_name(job: Job) -> None:
    job.channel("train", part(TRAIN)).train(SQUARED)
    assert [path.name for path in (job.folder / "model").iterdir()] == ["xgboost-model"]


def test_the_same_seed_gives_the_same_model_and_another_one_another(tmp_path: Path) -> None:
    def trained(name: str, seed: str) -> bytes:
        (tmp_path / name).mkdir()
        one = Job(tmp_path / name).channel("train", part(TRAIN))
        one.train({**SQUARED, "subsample": "0.5", "seed": seed})
        return (one.folder / "model" / "xgboost-model").read_bytes()

    assert trained("a", "1") == trained("b", "1") != trained("c", "2")


def test_early_stopping_keeps_the_best_round(job: Job) -> None:
    stops = {**SQUARED, "num_round": "500", "eta": "0.9", "eval_metric": "mae,rmse", "early_stopping_rounds": "5"}
    job.channel("train", part(TRAIN)).channel("validation", part(HELD_OUT))
    metrics = job.train(stops)
    rounds = [float(line.rpartition("validation-rmse:")[2]) for line in job.lines if line.startswith("[")]
    assert len(rounds) < 500
    assert metrics["validation:rmse"] == rounds[-1] > min(rounds)
    errors = np.array(job.predictions(body(HELD_OUT))) - LABELS[HELD_OUT]
    assert float(np.sqrt(np.mean(errors**2))) == pytest.approx(min(rounds), abs=1e-4)


def test_without_eval_metric_the_container_does_not_stop_early(job: Job) -> None:
    stops = {**SQUARED, "num_round": "60", "eta": "0.9", "early_stopping_rounds": "2"}
    job.channel("train", part(TRAIN)).channel("validation", part(HELD_OUT)).train(stops)
    assert sum(line.startswith("[") for line in job.lines) == 60


def test_a_classifier_reports_what_eval_metric_asks_for(job: Job) -> None:
    classes = (LABELS <= 20).astype(float)
    job.channel("train", part(TRAIN, classes)).channel("validation", part(HELD_OUT, classes))
    metrics = job.train({**LOGISTIC, "eval_metric": "auc,error,error@0.7,accuracy,f1_binary"})
    assert {name for name in metrics if name.startswith("validation:")} == {
        f"validation:{metric}" for metric in ("auc", "error", "accuracy", "f1_binary")
    }
    assert metrics["validation:accuracy"] == pytest.approx(1 - metrics["validation:error"])
    assert any("validation-error@0.7:" in line for line in job.lines)


@pytest.mark.parametrize(
    ("objective", "metric"),
    [("binary:logistic", "logloss"), ("binary:hinge", "error"), ("reg:logistic", "rmse"), ("count:poisson", None)],
)
def test_without_eval_metric_the_objective_decides(job: Job, objective: str, metric: str | None) -> None:
    job.channel("train", part(TRAIN, (LABELS <= 20).astype(float)))
    metrics = job.train({"objective": objective, "num_round": "2"})
    assert set(metrics) == {f"train:{metric or 'poisson-nloglik'}"}


@pytest.mark.parametrize(
    ("hyperparameters", "message"),
    [
        (LOGISTIC, "^label must be in .* for logistic regression"),
        ({"objective": "multi:softmax", "num_class": "3", "num_round": "2"}, r"range of \[0, num_class\)"),
    ],
)
def test_labels_outside_the_objective_are_the_customers_error(
    job: Job, hyperparameters: dict[str, str], message: str
) -> None:
    job.channel("train", part(TRAIN))
    with pytest.raises(CustomerError, match=message):
        job.train(hyperparameters)


def test_what_the_library_refuses_is_the_algorithms_error_without_a_stack_trace(job: Job) -> None:
    job.channel("train", part(TRAIN))
    with pytest.raises(AlgorithmError, match="XGB train call failed with exception:\nUnknown tree updater") as failed:
        job.train({**SQUARED, "updater": "grow_skmaker"})
    assert "Stack trace" not in str(failed.value)


@pytest.mark.parametrize(
    ("channels", "message"),
    [(("validation",), "Missing required channel: train"), (("train", "test"), "Extraneous channel found: test")],
)
def test_it_has_awss_channels(job: Job, channels: tuple[str, ...], message: str) -> None:
    for name in channels:
        job.channel(name, "1,2\n2,3\n")
    with pytest.raises(CustomerError, match=message):
        job.train(SQUARED)
