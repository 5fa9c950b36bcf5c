"""CheckData names the objects that it does not read, if they may be the missing data: on a real S3."""

from __future__ import annotations

from datetime import date

import pytest

from lambdas.check_data import handler
from tests.support.lambdas.stage import Context, Pipeline


def test_objects_that_are_not_data_are_named(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-21", "2026-11-22", form="{}/_part-0.csv")
    run = handler(pipeline.event(pipeline.execution()), context)
    assert run["reason"] == (
        "no data in the window 2026-11-16 to 2026-11-22; data/train/2026-11-21/_part-0.csv is not data: "
        "it is hidden or temporary, because a part of its name starts with _ or ., as 1 more object"
    )


@pytest.mark.parametrize(
    ("form", "layout"),
    [
        ("dt={}/part-0.csv", "dt=YYYY-MM-DD/"),
        ("year={:%Y}/month={:%m}/day={:%d}/part-0.csv", "year=YYYY/month=MM/day=DD/"),
        ("{:%Y/%m/%d}/03/part-0.csv", "YYYY/MM/DD/HH/"),
        ("{:%Y%m%d}.csv", "YYYYMMDD.csv"),
        ("part-{}-0001.csv", "part-YYYY-MM-DD-*.csv"),
    ],
)
def test_data_in_another_layout_is_named(pipeline: Pipeline, context: Context, form: str, layout: str) -> None:
    name = form.format(*[date(2026, 11, 22)] * 3)
    pipeline.put(name, form="{}")
    execution = pipeline.execution()
    run = handler(pipeline.event(execution), context)
    unread = f"data/train/{name} looks like a day's data in the layout {layout}, which this pipeline does not read"
    assert run["reason"] == f"no data in the window 2026-11-16 to 2026-11-22; {unread}"

    pipeline.put("2026-11-15", "2026-11-20")
    pipeline.settings["window"]["min_days"] = 2
    run = handler(pipeline.event(execution), context)
    assert run["reason"].startswith("too few days")
    assert run["reason"].endswith(f"; {unread}")
