"""`refit check` judges the days of a window by the data contract, on a real S3 and with the real pyarrow."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.data.check import Checked, check
from refit.domain.data_quality import DayQuality, WindowQuality
from refit.domain.day_statistics import DayStatistics
from refit.domain.window import Window
from refit.errors import NotInstalled
from refit.pipeline import files
from refit.report.check import lines
from tests.refit.domain.test_day_statistics import numbers
from tests.support.checkout import Checkout
from tests.support.command_line import refit

BUCKET = "prices-000000000000-us-west-2"
RUN = "/models/prices/train/run"
COLUMNS = 'schema = [{ name = "medv", min = 0 }, { name = "crim" }]'
WINDOW = Window(date(2026, 11, 1), date(2026, 11, 5))


def put(aws: Aws, key: str, body: bytes) -> None:
    aws.s3.put_object(Bucket=BUCKET, Key=key, Body=body)


@pytest.fixture
def bucket(aws: Aws) -> Iterator[Aws]:
    """A bucket with data of four days, of which the second is bad, and the fourth has two objects and a marker."""
    place = {"LocationConstraint": "us-west-2"}
    aws.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)  # type: ignore[arg-type]
    for key, body in {
        "2026-11-01.csv": b"1,2\n3,4\n",
        "2026-11-02.csv": b"1,2\n-3,4\nx,5\n-4,6\n",
        "2026-11-04/part-0.csv": b"1,2\n",
        "2026-11-04/part-1.csv": b"1,2,3\n",
        "2026-11-04/_SUCCESS": b"",
        "2026-11-05.csv": b"after the window",
    }.items():
        put(aws, f"data/prices/{key}", body)
    yield aws
    for item in aws.s3.list_objects_v2(Bucket=BUCKET)["Contents"]:
        aws.s3.delete_object(Bucket=BUCKET, Key=item["Key"])
    aws.s3.delete_bucket(Bucket=BUCKET)
    with suppress(aws.ssm.exceptions.ParameterNotFound):
        aws.ssm.delete_parameter(Name=RUN)


def load(tmp_path: Path, contract: str = COLUMNS, more: str = "") -> Checkout:
    checkout = Checkout(tmp_path)
    text = 'pipeline = "prices"\nregion = "us-west-2"\n'
    text += f'data = {{ prefix = "data/prices/", feature_dim = 1, {contract} }}\n'
    checkout.write("terraform/pipelines/local/prices.tfvars", f"{text}{more}\n".encode())
    return checkout


def checked(tmp_path: Path, aws: Aws, contract: str = COLUMNS, more: str = "") -> Checked:
    loaded = files.load(load(tmp_path, contract, more).project.find("local/prices"))
    assert loaded.contract
    return check(aws, Stack.of(loaded, aws), "prices", loaded.contract, WINDOW)


def test_every_day_with_data_is_measured_and_judged(tmp_path: Path, bucket: Aws) -> None:
    found = checked(tmp_path, bucket)
    assert list(lines(found)) == [
        "2026-11-01  2 rows, good",
        "2026-11-02  4 rows, 2 kinds of breach",
        "  type: medv: x, not a finite number (row 3 of data/prices/2026-11-02.csv)",
        "  min: medv: -3, below min = 0 (2 rows, first row 2 of data/prices/2026-11-02.csv)",
        "2026-11-04  2 rows, 1 kind of breach",
        "  columns: 3 columns, but the contract has 2 columns (row 1 of data/prices/2026-11-04/part-1.csv)",
        "no data: 2026-11-03",
        "prices: 2 of 3 days break the data contract",
    ]
    assert not found.passed
    document = json.loads(json.dumps(found.document(), allow_nan=False))
    assert document["bad_days"] == ["2026-11-02", "2026-11-04"]
    assert document["missing"] == ["2026-11-03"]


def test_the_rows_of_a_day_are_compared_with_the_window_without_earlier_runs(tmp_path: Path, bucket: Aws) -> None:
    rules = f"{COLUMNS}, rows = {{ min = 3, max_change = 0.5 }}"
    found = {
        day: [str(one) for one in quality.breaches]
        for day, quality in checked(tmp_path, bucket, rules).quality.days.items()
    }
    assert found["2026-11-01"] == ["2 rows, below rows.min = 3"]
    assert found["2026-11-02"][-1] == "4 rows, more than rows.max_change = 0.5 from the median of the last runs, 2"


def test_what_the_live_model_was_trained_on_is_known_from_its_run(tmp_path: Path, bucket: Aws) -> None:
    trained = DayStatistics(100, {"medv": numbers([1.0, 3.0] * 50), "crim": numbers([200.0, 300.0] * 50)})
    skipped = DayStatistics(1, {"crim": numbers([2.0, 4.0] * 500)})
    live = WindowQuality({"2026-10-01": DayQuality(trained), "2026-10-02": DayQuality(skipped)}, ("2026-10-02",))
    put(bucket, "runs/prices/run-1/quality.json", json.dumps(live.to_document()).encode())
    bucket.ssm.put_parameter(Name=RUN, Value="run-1", Type="String")
    rules = f"{COLUMNS}, rows = {{ max_change = 0.5 }}"
    result = checked(tmp_path, bucket, rules, "drift = { max_psi = 0.25 }")
    found = result.quality.days["2026-11-01"]
    first = next(lines(result))
    assert first.startswith("2026-11-01  2 rows, 2 kinds of breach; greatest drift: crim (population stability index ")
    assert first.endswith(", 100.0% outside the live model's range)")
    assert json.loads(json.dumps(result.document()))["drift"]["2026-11-01"]["crim"]["outside"] == 1
    assert [(breach.rule, breach.column) for breach in found.breaches] == [
        ("rows.max_change", None),
        ("max_psi", "crim"),
    ]
    assert "the median of the last runs, 100" in str(found.breaches[0])


def test_a_run_that_checked_nothing_is_no_obstacle(tmp_path: Path, bucket: Aws) -> None:
    bucket.ssm.put_parameter(Name=RUN, Value="never", Type="String")
    assert checked(tmp_path, bucket, more="drift = { max_psi = 0.25 }").quality.days["2026-11-01"].passed


def test_without_pyarrow_the_extra_to_install_is_named(
    tmp_path: Path, bucket: Aws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NotInstalled) as missing:
        checked(tmp_path, bucket)
    assert missing.value.hint == 'run: pip install "refit-sagemaker[check]"'


def test_the_command_exits_with_1_for_a_bad_day(tmp_path: Path, bucket: Aws, exported: None) -> None:
    root = load(tmp_path, f'{COLUMNS}, on_bad_day = "skip"').root
    good = refit("check", "local/prices", "--day", "2026-11-01", cwd=root)
    assert (good.returncode, good.stdout) == (0, "2026-11-01  2 rows, good\nprices: 1 day checked\n"), good.stderr
    bad = refit("check", "local/prices", "--day", "2026-11-02", "--json", cwd=root)
    assert bad.returncode == 1
    (first, second) = json.loads(bad.stdout)["days"]["2026-11-02"]["breaches"]
    assert (first["rule"], first["row"], second["count"]) == ("type", 3, 2)


def test_a_pipeline_without_a_contract_has_nothing_to_check(tmp_path: Path) -> None:
    said = refit("check", "local/prices", cwd=load(tmp_path, "stale_after_days = 3").root)
    assert said.returncode == 1
    assert said.stderr == (
        "local/prices has no data contract (data.schema) to check its data by\n"
        "add what this prints to data: refit schema infer local/prices\n"
    )
