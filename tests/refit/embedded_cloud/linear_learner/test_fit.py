"""Linear Learner on its own: files in, a model, metrics and answers out."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from refit.embedded_cloud import linear_learner
from refit.embedded_cloud.instance.algorithm import (
    CannotLoad,
    Channel,
    CustomerError,
    Payload,
    Refused,
    Source,
    TrainingInput,
)
from refit.embedded_cloud.linear_learner import fit, rows
from refit.embedded_cloud.linear_learner.model import LinearModel

BOSTON = Path(__file__).parents[4] / "examples" / "boston-housing.csv"
# Most tests have fewer rows than the default mini-batch.
REGRESSOR = {"predictor_type": "regressor", "mini_batch_size": "1"}
CLASSIFIER = {"predictor_type": "binary_classifier", "mini_batch_size": "1"}
MULTICLASS = {"predictor_type": "multiclass_classifier", "num_classes": "3", "mini_batch_size": "1"}
# Trains on a file and prints the peak of its memory in KiB. In a process of its own, and not from getrusage, whose
# maximum a new process inherits from pytest.
PEAK_MEMORY = """
import sys, tempfile
from pathlib import Path
from refit.embedded_cloud import linear_learner
from refit.embedded_cloud.instance.algorithm import Channel, Source, TrainingInput
data = Channel("text/csv", (Source("s3://b/data.csv", Path(sys.argv[1])),))
hyperparameters = {"predictor_type": sys.argv[2], **({"num_classes": "3"} if sys.argv[2].startswith("multi") else {})}
given = TrainingInput({"train": data}, hyperparameters, 1, Path(tempfile.mkdtemp()), lambda line: None)
given.model_dir.mkdir()
linear_learner.train(given)
status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
print(status["VmHWM"].split()[0])
"""


class Job:
    """A training job in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lines: list[str] = []
        self.channels: dict[str, Channel] = {}

    def channel(self, name: str, *files: str | bytes, content_type: str | None = "text/csv") -> Job:
        sources = []
        for number, content in enumerate(files, 1):
            path = self.folder / f"{name}-{number}.csv"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            sources.append(Source(f"s3://bucket/{path.name}", path))
        self.channels[name] = Channel(content_type, tuple(sources))
        return self

    def train(self, hyperparameters: dict[str, str], instances: int = 1) -> dict[str, float]:
        (self.folder / "model").mkdir(exist_ok=True)
        given = TrainingInput(self.channels, hyperparameters, instances, self.folder, self.lines.append)
        return linear_learner.train(given)

    @property
    def model(self) -> LinearModel:
        return linear_learner.load(self.folder / "model")


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)


def homes() -> tuple[np.ndarray, np.ndarray]:
    with BOSTON.open() as file:
        table = np.array([[float(field) for field in row] for row in list(csv.reader(file))[1:]])
    return table[:, :-1], table[:, -1]


def as_csv(labels: np.ndarray, features: np.ndarray) -> str:
    return "".join(",".join(map(repr, row)) + "\n" for row in np.column_stack([labels, features]).tolist())


def test_a_regressor_finds_the_least_squares_of_the_boston_homes(job: Job) -> None:
    features, prices = homes()
    metrics = job.channel("train", as_csv(prices, features)).train(REGRESSOR | {"feature_dim": "13"})

    design = np.column_stack([np.ones(len(prices)), features])
    expected = design @ np.linalg.lstsq(design, prices, rcond=None)[0]
    assert job.model.margin(features) == pytest.approx(expected, abs=1e-5)
    assert metrics["train:mse"] == pytest.approx(np.mean((expected - prices) ** 2))
    assert metrics["train:objective_loss"] == metrics["train:mse"]


def test_where_the_rows_are_split_into_objects_changes_nothing(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    features, prices = homes()
    job.channel("train", as_csv(prices, features)).train(REGRESSOR)
    whole = job.model
    monkeypatch.setattr(rows, "BATCH_BYTES", 1000)
    job.channel("train", *(as_csv(prices[i::3], features[i::3]) for i in range(3))).train(REGRESSOR)
    assert job.model.margin(features) == pytest.approx(whole.margin(features), abs=1e-6)


def test_large_offsets_collinear_and_constant_features_do_not_spoil_a_fit(job: Job) -> None:
    x = np.arange(100.0)
    features = np.column_stack([1e9 + x, 2e9 + 2 * x, np.full(100, 0.1), 1e-9 * np.sin(x)])
    metrics = job.channel("train", as_csv(3 * x + 7, features)).train(REGRESSOR)
    assert metrics["train:mse"] < 1e-6
    assert job.model.margin(features) == pytest.approx(3 * x + 7, abs=1e-2)


def test_weight_decay_shrinks_the_weights(job: Job) -> None:
    features, prices = homes()
    job.channel("train", as_csv(prices, features))
    job.train(REGRESSOR)
    free = np.abs(job.model.weights).sum()
    job.train(REGRESSOR | {"wd": "10"})
    assert np.abs(job.model.weights).sum() < free / 2


def test_a_classifier_reaches_the_optimum_of_the_logistic_loss(job: Job) -> None:
    features, prices = homes()
    labels = (prices > 22).astype(float)
    metrics = job.channel("train", as_csv(labels, features)).train(CLASSIFIER)

    probability = fit.sigmoid(job.model.margin(features))
    gradient = ((features - features.mean(axis=0)) / features.std(axis=0)).T @ (probability - labels) / len(labels)
    assert np.abs(gradient).max() < 1e-4
    assert metrics["train:binary_classification_accuracy"] == np.mean((probability >= 0.5) == labels)
    assert metrics["train:objective_loss"] < 0.3


def test_a_multiclass_classifier_reaches_the_optimum_of_the_softmax_loss(job: Job) -> None:
    features, prices = homes()
    labels = np.digitize(prices, [15, 25]).astype(float)
    metrics = job.channel("train", as_csv(labels, features)).train(MULTICLASS)

    margin = job.model.margin(features)
    probability = fit.softmax(margin)
    design = (features - features.mean(axis=0)) / features.std(axis=0)
    gradient = design.T @ (probability - np.eye(3)[labels.astype(int)]) / len(labels)
    assert np.abs(gradient).max() < 1e-4
    assert probability.sum(axis=1) == pytest.approx(np.ones(len(labels)))
    own = probability[np.arange(len(labels)), labels.astype(int)]
    assert metrics["train:objective_loss"] == pytest.approx(-np.log(own).mean())
    assert metrics["train:multiclass_accuracy"] == np.mean(margin.argmax(axis=1) == labels) > 0.8


def test_weights_of_two_of_three_classes_are_those_of_a_binary_classifier(job: Job) -> None:
    features, prices = homes()
    labels = (prices > 22).astype(float)
    job.channel("train", as_csv(labels, features))
    binary = job.train(CLASSIFIER)
    multiclass = job.train(MULTICLASS)
    assert multiclass["train:objective_loss"] == pytest.approx(binary["train:objective_loss"], abs=1e-3)
    assert multiclass["train:multiclass_accuracy"] == binary["train:binary_classification_accuracy"]


def test_the_metrics_of_a_multiclass_classifier(job: Job) -> None:
    x = np.arange(30.0)
    job.channel("train", as_csv(np.floor(x / 10), x)).channel("validation", "0,0\n0,1\n0,14\n1,15\n1,2\n")
    metrics = job.train(MULTICLASS | {"accuracy_top_k": "2"})
    assert metrics["train:multiclass_accuracy"] == 1
    # Class 2 is nowhere in the validation rows nor in their predictions.
    assert metrics["validation:multiclass_accuracy"] == 3 / 5
    assert metrics["validation:macro_precision"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert metrics["validation:macro_recall"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert metrics["validation:macro_f_beta"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert metrics["validation:multiclass_top_k_accuracy"] == 1
    assert job.train(MULTICLASS | {"accuracy_top_k": "1"})["validation:multiclass_top_k_accuracy"] == 3 / 5
    assert not [line for line in job.lines if "accuracy_top_k has no effect" in line]


def test_the_log_tells_the_metrics(job: Job) -> None:
    metrics = job.channel("train", "1,2\n2,4\n").train(REGRESSOR)
    assert f"#quality_metric: host=algo-1, train:mse={metrics['train:mse']}" in job.lines


def test_classes_that_a_line_separates_get_finite_weights(job: Job) -> None:
    x = np.arange(100.0)
    metrics = job.channel("train", as_csv((x > 50).astype(float), x)).train(CLASSIFIER)
    assert metrics["train:binary_classification_accuracy"] == 1.0
    assert np.isfinite(job.model.weights).all()


@pytest.mark.parametrize("label", [0.0, 1.0])
def test_a_day_with_one_class_only_still_trains(job: Job, label: float) -> None:
    metrics = job.channel("train", as_csv(np.full(20, label), np.arange(20.0))).train(CLASSIFIER)
    assert metrics["train:binary_classification_accuracy"] == 1.0


def test_epochs_bound_the_passes_of_a_classifier(job: Job) -> None:
    features, prices = homes()
    job.channel("train", as_csv((prices > 22).astype(float), features))
    one_pass, all_passes = job.train(CLASSIFIER | {"epochs": "1"}), job.train(CLASSIFIER)
    assert one_pass["train:objective_loss"] > all_passes["train:objective_loss"]


def test_validation_and_test_channels_are_measured_and_not_trained_on(job: Job) -> None:
    x = np.arange(10.0)
    job.channel("train", as_csv(2 * x, x)).channel("validation", as_csv(2 * x + 1, x)).channel("test", "5,1\n")
    metrics = job.train(REGRESSOR)
    assert metrics["train:mse"] == pytest.approx(0, abs=1e-9)
    assert metrics["validation:mse"] == pytest.approx(1)
    assert metrics["validation:objective_loss"] == metrics["validation:mse"]
    assert metrics["test:absolute_loss"] == pytest.approx(3)


def test_precision_recall_and_f1_of_a_classifier(job: Job) -> None:
    x = np.arange(-10.0, 10.0)
    job.channel("train", as_csv((x >= 0).astype(float), x)).channel("validation", "1,5\n1,-5\n0,5\n0,-5\n0,-6\n")
    metrics = job.train(CLASSIFIER)
    assert metrics["validation:binary_classification_accuracy"] == 0.6
    assert metrics["validation:precision"] == metrics["validation:recall"] == metrics["validation:binary_f_beta"] == 0.5


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize("kind", ["regressor", "binary_classifier", "multiclass_classifier"])
def test_memory_does_not_grow_with_the_number_of_rows(tmp_path: Path, kind: str) -> None:
    def peak(row_count: int) -> int:
        path = tmp_path / f"{row_count}.csv"
        line = "1,2.5,3.5,4.5\n0,2.5,3.5,4.5\n"
        path.write_text(line * (row_count // 2))
        command = [sys.executable, "-c", PEAK_MEMORY, str(path), kind]
        return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    # Both fill the batches that rows are read in: before that, memory grows to their size.
    small, large = peak(400_000), peak(1_000_000)
    assert large - small < 2_000, f"{small} KiB for 400,000 rows, {large} KiB for 1,000,000"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("price,rooms\n1,2\n", "row 1: is a header (price, rooms)"),
        ("1,2\n3,x\n", "row 2: column 2 is not a number: 'x'"),
        ("1,2\n\n3,4,5\n", "row 3: has 3 columns, expected 2"),
        ("1,2\n3\n", "row 2: has 1 column, expected 2"),
        ("1,2\n3,nan\n", "row 2: column 2 is nan"),
        ("1,2\n-inf,2\n", "row 2: column 1 is -inf"),
        ("1,1e999\n", "row 1: column 2 is 1e999"),
        ("1,2\n3,\n", "row 2: column 2 is empty"),
        ("1,2\n3,1_000\n", "row 2: column 2 is not a number"),
        ('"1","2"\n', "row 1: is a header"),
        (b"1,2\n3,\xff\n", "row 2: byte 3 is not UTF-8"),
        (b"\xef\xbb\xbf1,2\n", "row 1: starts with a byte order mark"),
        (b"PAR1\x00\x01\n", "row 1: is a header"),
        ("", "is empty: it has no rows"),
        ("\n \n", "is empty: it has no rows"),
    ],
)
def test_bad_data_is_refused_with_object_row_and_reason(job: Job, content: str | bytes, expected: str) -> None:
    job.channel("train", "1,2\n", content)
    with pytest.raises(CustomerError) as refusal:
        job.train(REGRESSOR)
    assert str(refusal.value).startswith("s3://bucket/train-2.csv")
    assert expected in str(refusal.value)


def test_a_label_alone_is_not_a_row(job: Job) -> None:
    job.channel("train", "1\n2\n")
    with pytest.raises(CustomerError, match="row 1: has 1 column; a row is the label, then at least one feature"):
        job.train(REGRESSOR)


def test_the_row_is_right_far_into_a_large_object(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BATCH_BYTES", 100)
    job.channel("train", "1,2\n" * 500 + "\n" + "1,2\n" * 500 + "1,oops\n")
    with pytest.raises(CustomerError, match=r"row 1002: column 2 is not a number"):
        job.train(REGRESSOR)


def test_windows_line_ends_spaces_and_a_missing_last_newline_are_fine(job: Job) -> None:
    metrics = job.channel("train", "1, 2\r\n 2,4 \r\n3,6").train(REGRESSOR)
    assert metrics["train:mse"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("channel", ["train", "validation"])
def test_a_label_other_than_0_and_1_is_no_class(job: Job, channel: str) -> None:
    job.channel("train", "0,1\n1,2\n").channel(channel, "0,1\n1,2\n2,3\n")
    with pytest.raises(CustomerError, match=rf"{channel}-1.csv, row 3: label 2; .* are 0 and 1"):
        job.train(CLASSIFIER)


@pytest.mark.parametrize("label", ["3", "-1", "1.5"])
def test_a_label_outside_the_classes_is_refused_with_its_row(job: Job, label: str) -> None:
    job.channel("train", f"0,1\n1,2\n{label},3\n")
    with pytest.raises(CustomerError, match=rf"train-1.csv, row 3: label {label}; .* whole numbers from 0 to 2"):
        job.train(MULTICLASS)


def test_feature_dim_is_checked_against_the_data(job: Job) -> None:
    job.channel("train", "1,2,3\n")
    with pytest.raises(CustomerError, match=r"row 1: has 3 columns, expected 4: the label, then feature_dim \(3\)"):
        job.train(REGRESSOR | {"feature_dim": "3"})


def test_values_whose_squares_overflow_are_refused(job: Job) -> None:
    job.channel("train", "1e200,1\n2e200,5e180\n")
    with pytest.raises(CustomerError, match="too large"):
        job.train(REGRESSOR)


@pytest.mark.parametrize(
    ("hyperparameters", "expected"),
    [
        ({}, "Missing required hyperparameter: 'predictor_type'"),
        (REGRESSOR | {"depth": "3"}, "Additional hyperparameters are not allowed ('depth' was unexpected)"),
        ({"predictor_type": "forest"}, "is not one of ['binary_classifier', 'multiclass_classifier', 'regressor']"),
        ({"predictor_type": "multiclass_classifier"}, "Missing required hyperparameter: 'num_classes'"),
        (MULTICLASS | {"num_classes": "2"}, "num_classes: '2' is not an integer of at least 3"),
        (MULTICLASS | {"num_classes": "1001"}, "fits at most 2000 weights of a multiclass_classifier"),
        (MULTICLASS | {"loss": "hinge_loss"}, "loss hinge_loss of a multiclass_classifier trains on AWS only"),
        (REGRESSOR | {"feature_dim": "0"}, "feature_dim: '0' is not an integer of at least 1 or auto"),
        (REGRESSOR | {"mini_batch_size": "0"}, "mini_batch_size: '0' is not an integer of at least 1"),
        (REGRESSOR | {"epochs": "1.5"}, "epochs: '1.5' is not an integer of at least 1"),
        (REGRESSOR | {"wd": "-1"}, "wd: '-1' is not a number of at least 0 or auto"),
        (REGRESSOR | {"wd": "nan"}, "wd: 'nan' is not a number"),
        (REGRESSOR | {"learning_rate": "0"}, "learning_rate: '0' is not a number above 0 or auto"),
        (REGRESSOR | {"loss": "absolute_loss"}, "loss absolute_loss of a regressor trains on AWS only"),
        (CLASSIFIER | {"loss": "squared_loss"}, "loss squared_loss of a binary_classifier trains on AWS only"),
    ],
)
def test_hyperparameters_are_refused_as_the_algorithm_refuses_them(
    job: Job, hyperparameters: dict[str, str], expected: str
) -> None:
    with pytest.raises(CustomerError) as refusal:
        job.channel("train", "1,2\n").train(hyperparameters)
    assert expected in str(refusal.value)


def test_what_only_steers_the_descent_is_accepted_and_said_to_have_no_effect(job: Job) -> None:
    job.channel("train", "1,2\n2,4\n").train(REGRESSOR | {"learning_rate": "0.1"})
    assert "hyperparameter learning_rate has no effect on the embedded cloud: it computes the optimum" in job.lines


@pytest.mark.parametrize("kind", ["regressor", "binary_classifier", "multiclass_classifier"])
@pytest.mark.parametrize(
    ("rows", "size", "instances", "expected"),
    [
        (999, None, 1, "(1000) is greater than the number of records per instance (999 records, InstanceCount 1)"),
        (30, "31", 1, "set the hyperparameter mini_batch_size to 30 or less"),
        (59, "30", 2, "(59 records, InstanceCount 2); set the hyperparameter mini_batch_size to 29 or less"),
        (2, "1", 3, "(2 records, InstanceCount 3); train on fewer instances"),
    ],
)
def test_a_mini_batch_that_no_instance_can_fill_fails_the_job(
    job: Job, kind: str, rows: int, size: str | None, instances: int, expected: str
) -> None:
    hyperparameters = {"predictor_type": kind, "num_classes": "3", **({"mini_batch_size": size} if size else {})}
    job.channel("train", "1,2\n" * rows)
    with pytest.raises(CustomerError, match=r"^mini_batch_size \(") as refusal:
        job.train(hyperparameters, instances)
    assert expected in str(refusal.value)
    assert not (job.folder / "model" / "model_algo-1").exists()


@pytest.mark.parametrize(("rows", "size", "instances"), [(1000, None, 1), (30, "30", 1), (60, "30", 2)])
def test_a_mini_batch_of_all_that_an_instance_has_is_enough(
    job: Job, rows: int, size: str | None, instances: int
) -> None:
    hyperparameters = {"predictor_type": "regressor", **({"mini_batch_size": size} if size else {})}
    metrics = job.channel("train", "1,2\n" * rows).train(hyperparameters, instances)
    assert metrics["train:mse"] == pytest.approx(0, abs=1e-9)


def test_the_other_channels_may_be_smaller_than_a_mini_batch(job: Job) -> None:
    job.channel("train", "1,2\n2,4\n" * 500).channel("validation", "1,2\n")
    assert "validation:mse" in job.train({"predictor_type": "regressor"})


def test_bad_data_is_told_before_too_little_of_it(job: Job) -> None:
    job.channel("train", "1,2\n1,x\n")
    with pytest.raises(CustomerError, match="row 2: column 2 is not a number"):
        job.train({"predictor_type": "regressor"})


@pytest.mark.parametrize(
    ("prepare", "expected"),
    [
        (lambda job: job.channel("validation", "1,2\n"), "'train' is a required property"),
        (lambda job: job.channel("train", "1,2\n").channel("extra", "1,2\n"), "'extra' was unexpected"),
        (lambda job: job.channel("train", "1,2\n", content_type=None), "application/x-recordio-protobuf"),
        (lambda job: job.channel("train", "1,2\n", content_type="application/json"), "ContentType"),
    ],
)
def test_channels_are_refused_as_the_algorithm_refuses_them(
    job: Job, prepare: Callable[[Job], Job], expected: str
) -> None:
    with pytest.raises(CustomerError) as refusal:
        prepare(job).train(REGRESSOR)
    assert expected in str(refusal.value)


@pytest.fixture
def doubling(job: Job) -> LinearModel:
    """A regressor that doubles its one feature."""
    job.channel("train", "2,1\n4,2\n6,3\n").train(REGRESSOR)
    return job.model


def ask(model: LinearModel, body: str, content_type: str = "text/csv", accept: str = "") -> str:
    return model.predict(Payload(body.encode(), content_type, accept)).body.decode()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("4\n5\n", "text/csv"),
        (" 4 \r\n\r\n5", "text/csv"),
        ('{"instances": [{"features": [4]}, {"features": [5.0]}]}', "application/json"),
        ('{"instances": [{"data": {"features": {"values": [4]}}}, {"features": [5]}]}', "application/json"),
        ('{"features": [4]}\n{"features": [5]}\n', "application/jsonlines"),
    ],
)
def test_a_regressor_answers_every_form_of_request(doubling: LinearModel, body: str, content_type: str) -> None:
    scores = [prediction["score"] for prediction in json.loads(ask(doubling, body, content_type))["predictions"]]
    assert scores == pytest.approx([8, 10])


def test_a_classifier_answers_a_probability_and_a_label(job: Job) -> None:
    job.channel("train", "0,1\n0,2\n1,2\n1,3\n").train(CLASSIFIER)
    low, high = json.loads(ask(job.model, "1\n3\n"))["predictions"]
    assert low["score"] < 0.5 < high["score"]
    assert (low["predicted_label"], high["predicted_label"]) == (0, 1)


def test_a_multiclass_classifier_answers_every_class_and_the_likeliest(job: Job) -> None:
    x = np.arange(30.0)
    job.channel("train", as_csv(np.floor(x / 10), x)).train(MULTICLASS)
    predictions = json.loads(ask(job.model, "2\n15\n28\n"))["predictions"]
    assert [prediction["predicted_label"] for prediction in predictions] == [0, 1, 2]
    assert [sum(prediction["score"]) for prediction in predictions] == pytest.approx([1, 1, 1])
    first, second, third, label = map(float, ask(job.model, "15", accept="text/csv").split(","))
    assert (first + second + third, label) == (pytest.approx(1), 1)


def test_the_answer_is_what_the_client_accepts(doubling: LinearModel) -> None:
    assert float(ask(doubling, "4", accept="text/csv")) == pytest.approx(8)
    assert json.loads(ask(doubling, "4", accept="application/jsonlines"))["score"] == pytest.approx(8)
    assert "predictions" in json.loads(ask(doubling, "4", accept="text/plain, */*"))
    with pytest.raises(Refused, match="Accept text/html") as refusal:
        ask(doubling, "4", accept="text/html")
    assert refusal.value.status == 406


@pytest.mark.parametrize(
    ("body", "content_type", "status", "expected"),
    [
        ("1,2\n", "text/csv", 400, "row 1 has 2 features, the model expects 1"),
        ("1\nx\n", "text/csv", 400, "row 2 has a value that is not a number"),
        ("nan\n", "text/csv", 400, "row 1 has a value that is not finite"),
        ("", "text/csv", 400, "the body has no rows"),
        ("{", "application/json", 400, "the body is not application/json"),
        ('{"instances": [{"features": 4}]}', "application/json", 400, "row 1 has 0 features"),
        ('{"instances": [[4]]}', "application/json", 400, "the body is not application/json"),
        ("4", "application/octet-stream", 415, "Content-type application/octet-stream is not supported"),
        ("4", "", 415, "Content-type none is not supported"),
    ],
)
def test_a_bad_request_is_refused_with_its_row_and_reason(
    doubling: LinearModel, body: str, content_type: str, status: int, expected: str
) -> None:
    with pytest.raises(Refused) as refusal:
        ask(doubling, body, content_type)
    assert refusal.value.status == status
    assert expected in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "holds no model_algo-1"),
        ("not json", "is not a model"),
        ('{"format": "other", "predictor_type": "regressor"}', "is not a model"),
        ('{"format": "refit-linear-learner-1", "predictor_type": "regressor"}', "is not a model"),
        (
            '{"format": "refit-linear-learner-1", "predictor_type": "regressor", "mean": [0, 0], "scale": [1],'
            ' "weights": [1], "intercept": 0}',
            "is damaged",
        ),
        (
            '{"format": "refit-linear-learner-1", "predictor_type": "multiclass_classifier", "mean": [0], "scale": [1],'
            ' "weights": [[1, 2]], "intercept": [0, 0, 0]}',
            "is damaged",
        ),
    ],
)
def test_a_folder_without_a_sound_model_cannot_be_loaded(tmp_path: Path, content: str | None, expected: str) -> None:
    if content is not None:
        (tmp_path / "model_algo-1").write_text(content)
    with pytest.raises(CannotLoad, match=expected):
        linear_learner.load(tmp_path)
