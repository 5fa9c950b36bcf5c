"""A plan says what a new data contract means for the days that the live model was trained on, from a real bucket."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from rich.console import Console

from refit.aws.session import Aws
from refit.domain.data_quality import DayQuality, WindowQuality
from refit.domain.day_statistics import DayStatistics
from refit.plan.actions import Action
from refit.plan.plan import Plan
from refit.plan.planner import plan
from refit.report.plan import page
from refit.report.pull_request_comment import comment
from tests.refit.domain.test_day_statistics import numbers
from tests.support.checkout import FOLDER, Checkout
from tests.support.plans import AT, only

BUCKET = "sales-000000000000-us-west-2"
RUN = "/models/sales/train/run"


def day(lowest: float) -> DayQuality:
    return DayQuality(DayStatistics(2, {"y": numbers([1.0, 2.0]), "x": numbers([lowest, 50.0])}))


@pytest.fixture
def measured(aws: Aws, exported: None) -> Iterator[Aws]:
    """The bucket of a pipeline whose live model was trained on two days, one with a negative number."""
    aws.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    found = WindowQuality({"2026-11-21": day(-3), "2026-11-22": day(3)})
    aws.s3.put_object(Bucket=BUCKET, Key="runs/sales/run-1/quality.json", Body=json.dumps(found.to_document()).encode())
    for number in (21, 22):
        aws.s3.put_object(Bucket=BUCKET, Key=f"data/sales/2026-11-{number}.csv", Body=b"1,2\n")
    aws.ssm.put_parameter(Name=RUN, Value="run-1", Type="String")
    yield aws
    aws.ssm.delete_parameter(Name=RUN)
    for item in aws.s3.list_objects_v2(Bucket=BUCKET)["Contents"]:
        aws.s3.delete_object(Bucket=BUCKET, Key=item["Key"])
    aws.s3.delete_bucket(Bucket=BUCKET)


def write(checkout: Checkout, x: str, window: str = "window = { days = 2 }") -> str:
    schema = f'schema = [{{ name = "y" }}, {{ name = "x"{x} }}]'
    data = f'data = {{ prefix = "data/sales/", feature_dim = 1, {schema} }}'
    text = f'pipeline = "sales"\nregion = "us-west-2"\n{data}\n{window}\n'
    checkout.write(f"{FOLDER}/local/sales.tfvars", text.encode())
    return checkout.commit()


def planned(checkout: Checkout, base: str) -> Plan:
    return plan(checkout.project, base, "HEAD", at=AT)


BREAKS = ["data contract: 1 of 2 days of the live model's run breaks it", "2026-11-21: x: -3, below min = 0"]


def test_a_stricter_contract_names_the_days_that_break_it(checkout: Checkout, measured: Aws) -> None:
    base = write(checkout, "")
    write(checkout, ", min = 0")
    found = planned(checkout, base)
    assert only(found).action is Action.APPLY_ONLY
    assert [one.field for one in only(found).change.fields] == ["data.schema.x.min"]
    for line in BREAKS:
        assert f"- `{line}`" in comment(found)
    console = Console(width=200)
    with console.capture() as shown:
        console.print(page(found))
    assert all(f"- {line}" in shown.get() for line in BREAKS)
    document = json.loads(json.dumps(found.document(), allow_nan=False))["pipelines"][0]["contract"]
    assert (document["2026-11-22"], document["2026-11-21"][0]["rule"]) == ([], "min")


def test_a_contract_that_all_days_keep_is_said_to_be_kept(checkout: Checkout, measured: Aws) -> None:
    base = write(checkout, "")
    write(checkout, ", min = -5")
    assert "`data contract: 2 days of the live model's run, none breaks it`" in comment(planned(checkout, base))


def test_the_calendar_of_a_retraining_marks_the_bad_days(checkout: Checkout, measured: Aws) -> None:
    base = write(checkout, ", min = 0")
    write(checkout, ", min = 0", "window = { days = 3 }")
    text = comment(planned(checkout, base))
    assert "2026-11-16               ·  ×  ■" in text  # Friday has no data, Saturday is bad
    assert "× breaks the data contract" in text


def test_without_a_measured_day_nothing_is_said(checkout: Checkout, measured: Aws) -> None:
    measured.ssm.put_parameter(Name=RUN, Value="never", Type="String", Overwrite=True)
    base = write(checkout, "")
    write(checkout, ", min = 0")
    found = planned(checkout, base)
    assert only(found).contract == {}
    assert "data contract" not in comment(found)
