"""A bad day that a run rejects, then leaves out, and that is repaired, on an applied stack. Run in order."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from refit.embedded_cloud import lifecycle
from tests.support.end_to_end.deployed import Deployed, apply, merge

NAME = "checked"
COLUMNS = ", ".join(f'{{ name = "x{at}" }}' for at in range(1, 14))
FILE = f"""\
pipeline = "{NAME}"
region   = "us-west-2"
schedule = {{ enabled = false }}
data     = {{
  prefix      = "data/{NAME}/train/"
  feature_dim = 13
  schema      = [{{ name = "price", min = 0 }}, {COLUMNS}]
  rows        = {{ min = 10, max_change = 0.5 }}
  on_bad_day  = "fail"
}}
window   = {{ days = 7, min_days = 2, holdout_days = 1 }}
training = {{ hyperparameters = {{ mini_batch_size = "30" }} }}
slack    = {{ channel = "ml-deployments", token_parameter = "/refit/slack-token" }}
orchestration         = "direct"
poll_interval_seconds = 1
force_destroy         = true
"""


@pytest.fixture(scope="module")
def applied(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    return apply(cloud, tmp_path_factory.mktemp("checkout"), FILE, name=NAME, days=3)


def spoil(stack: Deployed, day: date) -> str:
    """Replaces a day by rows whose second has a negative price; returns the object's key."""
    rows = [",".join(row.cells) for row in stack.sales(day)]
    rows[1] = ",".join(["-5", *stack.sales(day)[1].cells[1:]])
    key = f"{stack.stack.data_prefix}{day}.csv"
    stack.aws.s3.put_object(Bucket=stack.stack.bucket, Key=key, Body="\n".join(rows).encode())
    return key


def written(stack: Deployed, run: str, file: str) -> Any:
    key = f"runs/{NAME}/{run}/{file}.json"
    return json.loads(stack.aws.s3.get_object(Bucket=stack.stack.bucket, Key=key)["Body"].read())


def test_good_data_is_measured_and_trained_on(stack: Deployed) -> None:
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    quality = ending.document["quality"]
    assert (quality["decision"], quality["rows"], quality["skipped"]) == ("Accepted", 3 * 72, [])
    found = written(stack, ending.name, "quality")["days"]
    assert sorted(found) == [str(day) for day in stack.days]
    assert found[str(stack.days[0])]["statistics"]["columns"]["price"]["count"] == 72


def test_a_bad_day_is_rejected_and_nothing_is_trained(stack: Deployed) -> None:
    watermark, live, jobs = stack.watermark(), stack.endpoint()["EndpointConfigName"], stack.jobs()
    bad = stack.new_day()
    key = spoil(stack, bad)
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("FAILED", "DataRejected")
    named = f"1 of 4 days breaks the data contract: {bad}: price: -5, "
    assert ending.reason.startswith(named)
    assert f"(row 2 of {key})" in ending.reason
    assert (stack.watermark(), stack.endpoint()["EndpointConfigName"], stack.jobs()) == (watermark, live, jobs)
    said = stack.said()[-1]
    assert "data rejected" in said
    assert named in said
    assert f"Nothing was trained. The watermark stays at {watermark}." in said
    record = written(stack, ending.name, "record")
    assert record["end"]["state"] == "DataRejected"
    (breach,) = record["quality"]["breaches"]
    assert {**breach, "expected": ""} == {
        "day": str(bad),
        "object": key,
        "row": 2,
        "column": "price",
        "rule": "min",
        "value": "-5",
        "expected": "",
        "count": 1,
    }


def test_it_is_left_out_if_the_pipeline_file_says_so(stack: Deployed) -> None:
    bad = stack.days[-1]
    # The columns are in a file from now on.
    columns = [{"name": "price", "min": 0}, *({"name": f"x{at}"} for at in range(1, 14))]
    stack.ref.path.with_name("checked.schema.json").write_text(json.dumps(columns))
    inline = f'schema      = [{{ name = "price", min = 0 }}, {COLUMNS}]'
    in_file = FILE.replace(inline, 'schema_file = "checked.schema.json"')
    assert in_file != FILE
    merge(stack, in_file.replace('"fail"', '"skip"'))
    newest = stack.new_day()
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    assert ending.document["quality"]["skipped"] == [str(bad)]
    assert ending.document["days"] == {
        "train": [f"{stack.days[0]}/{stack.days[2]}"],
        "validation": [str(newest)],
        "missing": ending.document["days"]["missing"],
    }
    assert stack.watermark() == str(newest)
    assert written(stack, ending.name, "checked_manifest")[1:] == [f"{day}.csv" for day in stack.days[:3]]
    assert written(stack, ending.name, "manifest")[1:] == [f"{day}.csv" for day in stack.days[:4]]
    assert f"Bad days are left out: without {bad}: price: -5, " in stack.said()[-1]


def test_the_same_data_is_not_trained_on_again(stack: Deployed) -> None:
    ending = stack.run()
    assert (ending.status, ending.outcome) == ("SUCCEEDED", "NoNewData"), ending.reason


def test_the_repaired_day_is_trained_on(stack: Deployed) -> None:
    repaired = stack.days[3]
    stack.correct(repaired)
    ending = stack.run()
    assert ending.outcome == "Deployed", ending.reason
    assert f"corrected: {repaired}" in ending.document["reason"]
    assert (ending.document["quality"]["skipped"], ending.document["quality"]["rows"]) == ([], 5 * 72)
    assert stack.endpoint()["EndpointConfigName"] == ending.document["name"]
