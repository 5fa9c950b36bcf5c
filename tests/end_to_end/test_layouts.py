"""Every documented layout over a year's boundary, among markers and debris, in a window that expands. Run in order."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from refit.domain.date_ranges import days_in
from refit.domain.layout import Layout
from refit.embedded_cloud import lifecycle
from tests.support.end_to_end.deployed import Deployed, apply, merge

FIRST = date(2025, 12, 30)
DAYS = [FIRST + timedelta(days=number) for number in range(4)]
FILE = """\
pipeline = "lake-prices"
region   = "us-west-2"
schedule = {{ enabled = false }}
data     = {{ prefix = "lake/prices/", layout = "{layout}", feature_dim = 13{more} }}
window   = {{ expanding_from = "{first}", min_days = 2 }}
training = {{ hyperparameters = {{ mini_batch_size = "30" }} }}
slack    = {{ channel = "ml-deployments", token_parameter = "/refit/slack-token" }}
poll_interval_seconds = 1
force_destroy = true
"""
LAYOUTS = {
    "dt=%Y-%m-%d/": ["dt={:%Y-%m-%d}/part-0.csv", "dt={:%Y-%m-%d}/part-1.csv"],
    "year=%Y/month=%m/day=%d/": ["year={0:%Y}/month={0:%m}/day={0:%d}/part-0.csv"],
    "%Y/%m/%d/%H/": ["{:%Y/%m/%d}/00/stream-1-a.csv", "{:%Y/%m/%d}/23/stream-1-b.csv"],
    "%Y%m%d.csv": ["{:%Y%m%d}.csv"],
    "part-%Y-%m-%d-*.csv": ["part-{:%Y-%m-%d}-00000.csv", "part-{:%Y-%m-%d}-00001.csv"],
}
"""The names of a day's objects below the prefix, of each layout that docs/how-to/data.md names."""
IN_FOLDER = ["_SUCCESS", ".part-0.csv.crc", "_temporary/0/part-9.csv", "part-7.csv._COPYING_", "a.csv.metadata"]
"""What jobs leave in the folder of a day."""
BESIDE = ["_SUCCESS", "2025-13-01.csv", "dt=2025-12-32/part-0.csv", "readme.txt", "20251301.csv", "archive/x.csv"]
"""What lies next to the days, and names none."""


def file(layout: str, more: str = "") -> str:
    return FILE.format(layout=layout, first=FIRST, more=more)


@pytest.fixture(scope="module")
def applied(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """A pipeline without data: its layout is the first of LAYOUTS."""
    return apply(cloud, tmp_path_factory.mktemp("lake"), file(next(iter(LAYOUTS))), name="lake-prices")


def put(stack: Deployed, name: str, body: bytes = b"not,data\n") -> None:
    stack.aws.s3.put_object(Bucket=stack.stack.bucket, Key=f"lake/prices/{name}", Body=body)


def put_day(stack: Deployed, layout: str, day: date) -> list[str]:
    """Uploads a day's sales, divided between the objects of `layout`, with debris around them; the objects' names."""
    names = [form.format(day) for form in LAYOUTS[layout]]
    sales = stack.sales(day)
    for number, name in enumerate(names):
        put(stack, name, "".join(f"{','.join(row.cells)}\n" for row in sales[number :: len(names)]).encode())
        if "/" in name:
            for debris in IN_FOLDER:
                put(stack, f"{name.rpartition('/')[0]}/{debris}")
    return names


def trained_on(stack: Deployed, run: str) -> list[str]:
    """The names that the manifest of a run lists, below the prefix."""
    body = stack.aws.s3.get_object(Bucket=stack.stack.bucket, Key=f"runs/lake-prices/{run}/manifest.json")["Body"]
    prefix, *names = json.loads(body.read())
    assert prefix == {"prefix": f"s3://{stack.stack.bucket}/lake/prices/"}
    return names


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_run_trains_on_the_days_of_the_layout_and_on_nothing_else(stack: Deployed, layout: str) -> None:
    if layout != next(iter(LAYOUTS)):
        merge(stack, file(layout))
    for name in BESIDE:
        put(stack, name)
    before = FIRST - timedelta(days=1)
    put_day(stack, layout, before)
    expected = [name for day in DAYS for name in put_day(stack, layout, day)]

    ending = stack.run(day=DAYS[-1], force=True)
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "Deployed"), ending.reason
    assert ending.document["window"] == {"start": str(FIRST), "end": str(DAYS[-1])}
    assert days_in(ending.document["days"]["train"]) == DAYS
    assert trained_on(stack, ending.document["run"]) == sorted(expected)


def test_a_day_without_its_marker_waits_and_the_window_expands_by_it(stack: Deployed) -> None:
    layout, tomorrow = "year=%Y/month=%m/day=%d/", DAYS[-1] + timedelta(days=1)
    merge(stack, file(layout, ', ready = "_READY"'))
    for day in DAYS:
        put(stack, f"{day:year=%Y/month=%m/day=%d}/_READY")
    names = put_day(stack, layout, tomorrow)
    early = stack.run(day=tomorrow)
    assert early.outcome == "NoNewData"
    assert f"does not count before {Layout('lake/prices/', layout, '_READY').marker(tomorrow)}" in early.reason

    put(stack, f"{tomorrow:year=%Y/month=%m/day=%d}/_READY")
    ending = stack.run(day=tomorrow)
    assert ending.outcome == "Deployed", ending.reason
    assert days_in(ending.document["days"]["train"]) == [*DAYS, tomorrow]
    assert trained_on(stack, ending.document["run"])[-1:] == names
    assert stack.watermark() == str(tomorrow)
