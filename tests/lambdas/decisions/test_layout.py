"""CheckData with a layout of the pipeline's own, and with a marker for each day: on a real S3."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from lambdas.aws import clients
from lambdas.check_data import handler
from tests.support.lambdas.stage import Context, Pipeline

DAYS = [date(2026, 11, day) for day in (15, 20, 22)]


FORMS = [
    ("dt=%Y-%m-%d/", "dt={:%Y-%m-%d}/part-0.csv"),
    ("year=%Y/month=%m/day=%d/", "year={0:%Y}/month={0:%m}/day={0:%d}/part-0.csv"),
    ("%Y/%m/%d/%H/", "{:%Y/%m/%d}/23/part-0.csv"),
    ("%Y%m%d.csv", "{:%Y%m%d}.csv"),
    ("part-%Y-%m-%d-*.csv", "part-{:%Y-%m-%d}-0001.csv"),
]
"""Layouts, and the name of a day's object in each."""


@pytest.mark.parametrize(("layout", "form"), FORMS)
def test_a_run_trains_on_the_days_of_its_layout(pipeline: Pipeline, context: Context, layout: str, form: str) -> None:
    pipeline.settings["layout"] = layout
    pipeline.put(*(form.format(day) for day in DAYS), "2026-11-21.csv", form="{}")
    run = handler(pipeline.event(pipeline.execution()), context)
    assert (run["outcome"], run["days"]["train"]) == ("NewData", ["2026-11-20", "2026-11-22"])
    prefix, *names = pipeline.get(f"runs/{pipeline.name}/{run['run']}/manifest.json")
    assert prefix == {"prefix": f"s3://{pipeline.bucket}/data/train/"}
    assert names == [form.format(day) for day in DAYS[1:]]


@pytest.mark.parametrize(("layout", "form"), [(None, "{:%Y-%m-%d}.csv"), *FORMS])
def test_the_listings_and_their_keys_do_not_grow_with_the_history(
    pipeline: Pipeline, context: Context, layout: str | None, form: str
) -> None:
    pipeline.settings["layout"] = layout
    pipeline.put(*(form.format(day) for day in DAYS), form="{}")
    listed: list[int] = []
    clients.s3().meta.events.register(
        "after-call.s3.ListObjectsV2", lambda parsed, **_: listed.append(parsed["KeyCount"])
    )
    execution = pipeline.execution()
    handler(pipeline.event(execution), context)
    few = list(listed)

    history = [DAYS[0] - timedelta(days=number) for number in range(20, 400)]
    pipeline.put(*(form.format(day) for day in history), form="{}")
    listed.clear()
    assert handler(pipeline.event(execution), context)["outcome"] == "NewData"
    assert listed == few


def test_only_the_window_is_listed(pipeline: Pipeline, context: Context) -> None:
    pipeline.settings["layout"] = "year=%Y/month=%m/day=%d/"
    pipeline.put(*(f"{day:%d}" for day in DAYS), form="year=2026/month=11/day={}/part-0.csv")
    listed: list[dict[str, str]] = []
    clients.s3().meta.events.register(
        "provide-client-params.s3.ListObjectsV2", lambda params, **_: listed.append(params)
    )
    handler(pipeline.event(pipeline.execution()), context)
    assert [request["StartAfter"] for request in listed] == ["data/train/year=2026/month=11/day=16"]


def test_days_without_their_marker_do_not_count(pipeline: Pipeline, context: Context) -> None:
    pipeline.settings |= {"layout": "dt=%Y-%m-%d/", "ready": "_SUCCESS"}
    execution = pipeline.execution()
    pipeline.put("2026-11-21", "2026-11-22", form="dt={}/part-0.csv")
    run = handler(pipeline.event(execution), context)
    assert (run["outcome"], run["reason"]) == (
        "NoNewData",
        "no data in the window 2026-11-16 to 2026-11-22; 2026-11-22 has data but does not count before "
        "data/train/dt=2026-11-22/_SUCCESS is there (data.ready), as 1 more day",
    )

    pipeline.put("2026-11-21", form="dt={}/_SUCCESS", body=b"")
    run = handler(pipeline.event(execution), context)
    assert (run["outcome"], run["newest"]) == ("NewData", "2026-11-21")
    assert pipeline.get(f"runs/{pipeline.name}/{run['run']}/manifest.json")[1:] == ["dt=2026-11-21/part-0.csv"]

    pipeline.watermark = "2026-11-21"
    run = handler(pipeline.event(execution), context)
    assert run["reason"].startswith("nothing new: ")
    assert run["reason"].endswith("before data/train/dt=2026-11-22/_SUCCESS is there (data.ready)")
