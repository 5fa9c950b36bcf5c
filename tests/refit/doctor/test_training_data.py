"""The data of the current window, and the objects that are not read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from refit.aws.session import Aws
from refit.doctor import training_data
from refit.doctor.results import Check, Status
from refit.pipeline import files
from tests.support.checkout import REQUIRED, write


def check(aws: Aws, folder: Path, name: str, *keys: str) -> Check:
    """The check of a pipeline whose bucket has these objects; without any, there is no bucket."""
    ref = write(folder, REQUIRED.format(name=name), name)
    pipeline, bucket = files.load(ref), f"{name}-000000000000-us-west-2"
    if keys:
        aws.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    for key in keys:
        aws.s3.put_object(Bucket=bucket, Key=f"{pipeline.data.prefix}{key}", Body=b"1,2,3\n")
    return training_data.check(ref, pipeline, aws)


def days(form: str) -> list[str]:
    """The keys of three days: at least two are in the window, also if it moves on during the test."""
    return [form.format(datetime.now(UTC) - timedelta(days=back)) for back in range(3)]


def test_enough_data_is_ok(tmp_path: Path, aws: Aws) -> None:
    found = check(aws, tmp_path, "plenty", *days("{:%Y-%m-%d}.csv"))
    assert (found.status, found.fix) == (Status.OK, "")


@pytest.mark.parametrize(
    ("name", "form", "said"),
    [
        ("hive", "dt={:%Y-%m-%d}/part-0.csv", "looks like a day's data in the layout dt=YYYY-MM-DD/"),
        ("hidden", "{:%Y-%m-%d}/_part-0.csv", "is not data: it is hidden or temporary"),
    ],
)
def test_objects_that_may_be_the_missing_data_are_named(
    tmp_path: Path, aws: Aws, name: str, form: str, said: str
) -> None:
    found = check(aws, tmp_path, name, *days(form))
    assert (found.status, found.fix) == (Status.NOT_OK, f"refit validate --live prod/{name}")
    counts, example = found.detail.splitlines()
    assert counts.startswith("0 of 7 days from ")
    assert said in example


def test_without_a_stack_there_is_nothing_to_check(tmp_path: Path, aws: Aws) -> None:
    found = check(aws, tmp_path, "planned")
    assert (found.status, found.fix) == (Status.NOT_CHECKED, "refit terraform apply prod/planned")
