"""Parquet, then CSV with gzip, into a program of the user's own on an applied stack. The tests run in order."""

from __future__ import annotations

import gzip
import io
from datetime import date, timedelta

import pyarrow as pa
import pytest
from pyarrow import parquet

from refit.embedded_cloud import lifecycle
from tests.support.end_to_end.deployed import FIRST_DAY, Deployed, apply, merge

FILE = """\
pipeline = "lake-trees"
region   = "us-west-2"
schedule = {{ enabled = false }}
data     = {{ prefix = "data/lake-trees/", feature_dim = 13, format = "{format}" }}
window   = {{ days = 3, holdout_days = 1, min_days = 2 }}
training = {{
  image      = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
  source     = "algorithms/lake"
  input_mode = "{mode}"
  metrics    = {{ "validation:mse" = "validation:mse=([0-9.e+-]+)", "top_files" = "top_files=([0-9]+)" }}
}}
gate                  = {{ metric = "validation:mse", max = 200 }}
orchestration         = "{orchestration}"
poll_interval_seconds = 1
force_destroy         = true
"""
PARQUET = FILE.format(format="parquet", mode="FastFile", orchestration="direct")
GZIP = FILE.format(format="csv.gz", mode="File", orchestration="polling")
PROGRAM = """\
import gzip, json, os
from pathlib import Path

import numpy as np
from pyarrow import parquet


def table(channel):
    folder = Path(os.environ[f"SM_CHANNEL_{channel.upper()}"])
    form = json.loads(os.environ["SM_INPUT_DATA_CONFIG"])[channel]["ContentType"]
    paths = sorted(Path(where, name) for where, _, names in os.walk(folder) for name in names)
    if form == "application/x-parquet":
        found = [np.column_stack(parquet.read_table(path).columns) for path in paths]
    else:
        found = [np.loadtxt(gzip.open(path, "rt"), delimiter=",", ndmin=2) for path in paths]
    rows = np.vstack(found)
    top_files = sum(path.is_file() for path in folder.iterdir())
    return rows[:, 0], np.column_stack([np.ones(len(rows)), rows[:, 1:]]), top_files


def model_fn(model_dir):
    return np.load(Path(model_dir, "weights.npy"))


def predict_fn(rows, weights):
    rows = np.atleast_2d(rows)
    return np.column_stack([np.ones(len(rows)), rows]) @ weights


if __name__ == "__main__":
    prices, rows, top_files = table("train")
    weights = np.linalg.lstsq(rows, prices, rcond=None)[0]
    np.save(Path(os.environ["SM_MODEL_DIR"], "weights.npy"), weights)
    prices, rows, _ = table("validation")
    print(f"top_files={top_files}")
    print(f"validation:mse={np.mean((rows @ weights - prices) ** 2)}")
"""


@pytest.fixture(scope="module")
def applied(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The pipeline that reads Parquet, without data and runs."""
    folder = tmp_path_factory.mktemp("checkout")
    source = folder / "algorithms" / "lake"
    source.mkdir(parents=True)
    (source / "train.py").write_text(PROGRAM)
    return apply(cloud, folder, PARQUET, name="lake-trees")


def numbers(stack: Deployed, day: date) -> list[list[float]]:
    return [[float(cell) for cell in row.cells] for row in stack.sales(day)]


def put(stack: Deployed, name: str, body: bytes) -> None:
    stack.aws.s3.put_object(Bucket=stack.stack.bucket, Key=f"data/lake-trees/{name}", Body=body)


def put_parquet(stack: Deployed, day: date) -> None:
    file = io.BytesIO()
    columns = list(zip(*numbers(stack, day), strict=True))
    parquet.write_table(pa.table({f"x{at}": column for at, column in enumerate(columns)}), file)
    put(stack, f"{day}/part-00000.snappy.parquet", file.getvalue())
    put(stack, f"{day}/_SUCCESS", b"")


def put_gzip(stack: Deployed, day: date) -> None:
    text = "".join(f"{','.join(map(str, row))}\n" for row in numbers(stack, day))
    put(stack, f"{day}.csv.gz", gzip.compress(text.encode()))


def live_error(stack: Deployed) -> float:
    rows = stack.rows[:100]
    errors = [price - row.label for price, row in zip(stack.prices(rows), rows, strict=True)]
    return sum(error**2 for error in errors) / len(errors)


def test_parquet_is_walked_by_a_program_and_its_model_is_deployed(stack: Deployed) -> None:
    days = [FIRST_DAY + timedelta(days=number) for number in range(3)]
    for day in days:
        put_parquet(stack, day)
    put(stack, f"{days[0]}.csv", b"not,parquet\n")
    ending = stack.run(days[-1])
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    job = stack.aws.sagemaker.describe_training_job(TrainingJobName=ending.document["name"])
    members = [(one["ContentType"], one["InputMode"], one["CompressionType"]) for one in job["InputDataConfig"]]
    assert members == [("application/x-parquet", "FastFile", "None")] * 2
    assert job["AlgorithmSpecification"]["TrainingInputMode"] == "FastFile"
    assert live_error(stack) < 100


def test_a_program_that_lists_only_the_channels_folder_would_find_nothing(stack: Deployed) -> None:
    job = stack.aws.sagemaker.describe_training_job(TrainingJobName=stack.jobs()[0])
    assert {one["MetricName"]: one["Value"] for one in job["FinalMetricDataList"]}["top_files"] == 0


def test_after_a_change_to_gzip_only_days_of_gzip_count(stack: Deployed) -> None:
    merge(stack, GZIP)
    days = [FIRST_DAY + timedelta(days=number) for number in (3, 4)]
    for day in days:
        put_gzip(stack, day)
    ending = stack.run(days[-1])
    assert (ending.status, ending.outcome) == ("FAILED", "JobFailed"), ending.reason  # a folder with Parquet is left
    stack.aws.s3.delete_object(
        Bucket=stack.stack.bucket, Key=f"data/lake-trees/{FIRST_DAY + timedelta(days=2)}/part-00000.snappy.parquet"
    )
    ending = stack.run(days[-1])
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    trained = {name: ending.document["days"][name] for name in ("train", "validation")}
    assert trained == {"train": [str(days[0])], "validation": [str(days[1])]}
    job = stack.aws.sagemaker.describe_training_job(TrainingJobName=ending.document["name"])
    assert {(one["ContentType"], one["InputMode"]) for one in job["InputDataConfig"]} == {("text/csv", "File")}
    assert live_error(stack) < 200
