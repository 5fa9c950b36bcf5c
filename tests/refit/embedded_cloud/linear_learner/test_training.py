"""One training run: its channels, its mini-batch, its log and its memory."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from refit.embedded_cloud.instance.algorithm import Channel, CustomerError, Source
from tests.support.embedded_cloud.linear_learner_job import REGRESSOR, Job

# Trains on a file and prints the peak of its memory in KiB. Runs in its own process, without getrusage: a new process
# inherits pytest's maximum.
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


def test_the_log_contains_the_metrics(job: Job) -> None:
    metrics = job.channel("train", "1,2\n2,4\n").train(REGRESSOR)
    assert f"#quality_metric: host=algo-1, train:mse={metrics['train:mse']}" in job.lines


def test_the_log_warns_of_objects_in_several_folders(job: Job) -> None:
    warning = "channel train has several folders: AWS does not document that Linear Learner reads all of them"
    job.channel("train", "1,2\n2,4\n", "3,6\n").train(REGRESSOR)
    assert warning not in job.lines
    (job.folder / "later").mkdir()
    moved = job.channels["train"].sources[1].path.rename(job.folder / "later" / "day.csv")
    sources = (job.channels["train"].sources[0], Source("s3://bucket/later/day.csv", moved))
    job.channels["train"] = Channel("text/csv", sources)
    job.train(REGRESSOR)
    assert warning in job.lines


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


def test_bad_data_is_reported_before_too_few_rows(job: Job) -> None:
    job.channel("train", "1,2\n1,x\n")
    with pytest.raises(CustomerError, match="row 2, column 2 is text"):
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
