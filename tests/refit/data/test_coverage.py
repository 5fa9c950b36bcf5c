"""The days that have data, by the same rules as a run, on a real S3; only the window is listed."""

from __future__ import annotations

import json
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st

from lambdas import check_data
from lambdas.aws import clients
from refit.artifacts import state_machine
from refit.aws.session import Aws
from refit.data.coverage import DataSet, State, cover, listed, survey
from refit.domain.data_bucket import DataBucket
from refit.domain.days import DataObject, by_day
from refit.domain.layout import Layout
from refit.domain.window import Window, window_of
from refit.embedded_cloud import lifecycle
from refit.errors import NotFound
from refit.pipeline.model import Pipeline
from tests.support.price_data import BUCKET, NOON, PREFIX, day, fill, pipeline, requests

LAYOUT = Layout(PREFIX)


def item(key: str, size: int = 10) -> DataObject:
    return DataObject(f"{PREFIX}{key}", f"etag-{key}", size)


def covered(*objects: DataObject, faults: dict[str, str] | None = None, **window: Any) -> Any:
    settings = pipeline(window=window).window.settings
    return cover(objects, BUCKET, LAYOUT, window_of(settings, NOON), settings, faults)


@pytest.mark.parametrize(
    "window",
    [
        {},
        {"days": 3, "holdout_days": 1, "min_days": 2, "lag_days": 1, "timezone": "Asia/Tokyo"},
        {"start": "2026-11-01", "end": "2026-11-07", "holdout_days": 2},
    ],
)
def test_the_settings_are_those_that_check_data_is_given(window: dict[str, Any]) -> None:
    chosen = pipeline(window=window)
    rendered = json.loads(state_machine.render(chosen))["States"]["CheckData"]["Parameters"]["settings"]["window"]
    settings = chosen.window.settings
    assert {name: value for name, value in settings.items() if value is not None} == rendered
    assert window_of(settings, NOON) == window_of(rendered, NOON)


def test_each_day_is_present_missing_or_empty() -> None:
    found = covered(item("2026-11-20.csv"), item("2026-11-21/part.csv", 0), item("2026-11-22/b"), item("2026-11-22/a"))
    assert [(one.day.day, one.state, one.objects, one.bytes) for one in found.days][-3:] == [
        (20, State.PRESENT, 1, 10),
        (21, State.EMPTY, 0, 0),
        (22, State.PRESENT, 2, 20),
    ]
    assert found.in_state(State.MISSING) == tuple(day(number) for number in range(16, 20))


def test_the_newest_days_with_data_are_held_out() -> None:
    found = covered(item("2026-11-17.csv"), item("2026-11-18.csv"), item("2026-11-20.csv"), holdout_days=1)
    assert found.train == DataSet((day(17), day(18)), 2, 20)
    assert found.validation == DataSet((day(20),), 1, 10)


@pytest.mark.parametrize(("days_with_data", "enough"), [(0, False), (2, False), (3, True)])
def test_enough_is_what_a_run_needs(days_with_data: int, enough: bool) -> None:
    objects = [item(f"2026-11-{22 - back}.csv") for back in range(days_with_data)]
    assert covered(*objects, holdout_days=2).enough is enough
    assert covered(*objects, min_days=3).enough is enough


def test_freshness_counts_from_the_windows_last_day() -> None:
    assert covered(item("2026-11-20.csv"), lag_days=1).days_behind == 1
    assert covered(item("2026-11-22.csv")).days_behind == 0
    assert covered().days_behind == 7


def test_a_fault_makes_its_day_malformed_and_leaves_it_in_the_training_set() -> None:
    broken = item("2026-11-22.csv")
    found = covered(broken, faults={broken.key: "row 1 is a header"})
    assert found.days[-1].state is State.MALFORMED
    assert found.days[-1].faults == ("row 1 is a header",)
    assert found.train.days == (day(22),)


def test_objects_that_are_no_days_data_are_named() -> None:
    found = covered(item("2026-11-21.csv.gz"), item("2026-11-21.parquet"), item("2026-11-22.csv"), item("2026-11-2\n"))
    assert found.ignored == (f"{PREFIX}2026-11-21.csv.gz", f"{PREFIX}2026-11-21.parquet", f"'{PREFIX}2026-11-2\\n'")


def test_markers_next_to_data_are_neither_counted_nor_reported() -> None:
    markers = ("_SUCCESS", "_temporary/0/part-0.csv", ".part-0.csv.crc", "manifest", "part-0.csv.metadata")
    found = covered(item("2026-11-22/part-0.csv"), *(item(f"2026-11-22/{name}") for name in markers))
    assert (found.train.objects, found.ignored, found.skipped) == (1, (), ())


def test_objects_that_are_not_data_are_named_if_their_day_has_none() -> None:
    found = covered(item("2026-11-21/_part-0.csv"), item("2026-11-21/_part-1.csv"), item("2026-11-22/_SUCCESS", 0))
    assert found.in_state(State.MISSING)[-2:] == (day(21), day(22))
    assert found.unread == (
        f"{PREFIX}2026-11-21/_part-0.csv is not data: it is hidden or temporary, because a part of its name starts "
        "with _ or ., as 1 more object",
    )
    assert found.document()["skipped"][1]["key"] == f"{PREFIX}2026-11-21/_part-1.csv"


keys = st.builds(
    lambda back, form, size: DataObject(f"{PREFIX}{NOON.date() - timedelta(days=back)}{form}", f"{back}{form}", size),
    st.integers(-3, 12),
    st.sampled_from([".csv", "/a.csv", "/b", "/", ".parquet", ""]),
    st.sampled_from([0, 1, 100]),
)


@hypothesis(deadline=None)
@given(
    st.lists(keys, unique_by=lambda one: one.key),
    st.integers(1, 9),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_every_object_of_the_window_is_in_one_set_and_counted_once(
    objects: list[DataObject], days: int, holdout: int, lag: int
) -> None:
    if holdout >= days:
        holdout = days - 1
    settings = pipeline(window={"days": days, "holdout_days": holdout, "lag_days": lag}).window.settings
    window = window_of(settings, NOON)
    found = cover(objects, BUCKET, LAYOUT, window, settings)
    data = by_day(objects, LAYOUT, window)
    assert [one.day for one in found.days] == window.days
    assert found.train.days + found.validation.days == tuple(data) == found.with_data
    assert found.train.objects + found.validation.objects == sum(map(len, data.values()))
    assert found.train.bytes + found.validation.bytes == sum(one.bytes for one in found.days)
    assert len(found.validation.days) == min(holdout, len(data))
    json.dumps(found.document())


@pytest.fixture(scope="module")
def aws(aws: Aws) -> Aws:
    """With a bucket full of data, and the parameters of a stack."""
    return fill(aws)


def handed_to_check_data(chosen: Pipeline) -> dict[str, Any]:
    """The settings in the built definition, with what Terraform fills in."""
    built = json.loads(state_machine.render(chosen))["States"]["CheckData"]["Parameters"]["settings"]
    filled_in = {
        "environment": "prod",
        "region": "us-west-2",
        "bucket": BUCKET,
        "watermark_parameter": chosen.watermark_parameter,
        "run_parameter": chosen.run_parameter,
        "hold_parameter": chosen.hold_parameter,
    }
    return built | filled_in


@pytest.mark.parametrize(
    "window",
    [
        {"days": 7, "holdout_days": 1},
        {"days": 5, "lag_days": 2, "holdout_days": 2, "min_days": 3, "timezone": "Pacific/Kiritimati"},
        {"start": "2026-11-03", "end": "2026-11-05", "holdout_days": 1},
        {"start": "2026-10-30", "end": "2026-11-02"},
        {"days": 365},
    ],
)
@pytest.mark.parametrize("hour", [0, 12, 23])
def test_the_plan_is_what_the_run_of_the_same_event_chooses(
    aws: Aws, cloud: lifecycle.Cloud, monkeypatch: pytest.MonkeyPatch, window: dict[str, Any], hour: int
) -> None:
    for name, value in cloud.environment().items():
        monkeypatch.setenv(name, value)
    for make in (clients.s3, clients.ssm, clients.sagemaker):
        make.cache_clear()
    aws.s3.delete_object(Bucket=BUCKET, Key="runs/prices/lease.json")
    at = NOON.replace(hour=hour)
    chosen = pipeline(window=window)
    run = check_data.handler(
        {
            "event": {"time": at.isoformat().replace("+00:00", "Z"), "detail": {"force": True}},
            "execution": {
                "arn": "arn:aws:states:…",
                "name": f"run-{hour}-{len(str(window))}",
                "started_at": "2026-11-22T06:00:00Z",
            },
            "settings": handed_to_check_data(chosen),
        },
        SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000),
    )
    planned = survey(aws, DataBucket(BUCKET), chosen, window_of(chosen.window.settings, at)).document()
    assert planned["window"] == run["window"]
    assert planned["train"]["days"] == run["days"]["train"]
    assert planned["validation"]["days"] == run["days"]["validation"]
    assert planned["missing"] == run["days"]["missing"]
    assert planned["train"]["objects"] + planned["validation"]["objects"] == run["objects"]
    assert planned["train"]["bytes"] + planned["validation"]["bytes"] == run["bytes"]
    assert planned["fingerprint"] == run["fingerprint"]
    assert planned["newest"] == run["newest"]
    assert run["outcome"] == ("NewData" if planned["enough"] else "NoNewData")


def test_only_the_window_is_listed(aws: Aws) -> None:
    made = requests(aws, "ListObjectsV2")
    found = list(listed(aws, DataBucket(BUCKET), LAYOUT, Window(day(20), day(23))))
    assert [one.key.removeprefix(f"{PREFIX}2026-11-") for one in found] == [
        "20.csv",
        "20/_SUCCESS",
        "20/part-0.csv",
        "20/part-1.csv",
        "20/part-2.csv",
        "21.csv",
        "22.csv",
        "22.parquet",
    ]
    assert [params["StartAfter"] for params in made] == [f"{PREFIX}2026-11-20"]


def test_a_missing_bucket_is_not_an_empty_one(aws: Aws) -> None:
    with pytest.raises(NotFound):
        survey(aws, DataBucket("no-such-bucket"), pipeline(), Window(day(18), day(21)))
