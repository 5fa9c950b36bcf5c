"""CheckData with another format than CSV: a day's data is what has the format's names, on a real S3."""

from __future__ import annotations

from lambdas.check_data import handler
from tests.support.lambdas.stage import Context, Pipeline


def test_a_run_trains_on_the_objects_of_its_format(pipeline: Pipeline, context: Context) -> None:
    pipeline.settings["format"] = "parquet"
    pipeline.put("2026-11-20.csv", "2026-11-21.parquet", "2026-11-22/part-0.snappy.parquet", form="{}")
    pipeline.put("2026-11-22/_SUCCESS", "2026-11-22/_committed_1", form="{}")
    run = handler(pipeline.event(pipeline.execution()), context)
    assert (run["outcome"], run["days"]["train"]) == ("NewData", ["2026-11-21/2026-11-22"])
    names = pipeline.get(f"runs/{pipeline.name}/{run['run']}/manifest.json")[1:]
    assert names == ["2026-11-21.parquet", "2026-11-22/part-0.snappy.parquet"]


def test_objects_of_another_format_are_named_when_there_is_no_data(pipeline: Pipeline, context: Context) -> None:
    pipeline.settings["format"] = "parquet"
    pipeline.put("2026-11-21.csv", "2026-11-22.csv", form="{}")
    run = handler(pipeline.event(pipeline.execution()), context)
    assert (run["outcome"], run["reason"]) == (
        "NoNewData",
        "no data in the window 2026-11-16 to 2026-11-22; data/train/2026-11-21.csv looks like a day's data in the "
        "layout YYYY-MM-DD.csv, which this pipeline does not read",
    )


def test_a_content_type_without_names_has_folders(pipeline: Pipeline, context: Context) -> None:
    pipeline.settings["content_type"] = "application/x-npy"
    pipeline.put("2026-11-21.csv", "2026-11-22/a.npy", form="{}")
    run = handler(pipeline.event(pipeline.execution()), context)
    assert run["days"]["train"] == ["2026-11-22"]
