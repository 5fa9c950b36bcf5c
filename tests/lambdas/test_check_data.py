"""CheckData, with real S3, SSM and Step Functions."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from lambdas.check_data import handler
from refit.domain.errors import InvalidEvent, InvalidSettings, UnknownRegion, UnreadableData
from tests.support.lambdas.stage import IMAGE, Context, Pipeline

OWN_IMAGE = "123456789012.dkr.ecr.us-west-2.amazonaws.com/own:2"


def test_new_data_gives_the_whole_run_document(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-20", "2026-11-22", body=b"12345")
    pipeline.settings["window"]["holdout_days"] = 1
    execution = pipeline.execution()

    run = handler(pipeline.event(execution, commit="0123abc"), context)

    digest = hashlib.sha256(f"{execution['arn']} {execution['started_at']}".encode()).hexdigest()[:8]
    folder = f"s3://{pipeline.bucket}/runs/{pipeline.name}/{execution['name']}"
    assert run | {"fingerprint": ""} == {
        "outcome": "NewData",
        "reason": "2 of 7 days have data, the newest 2026-11-22",
        "pipeline": pipeline.name,
        "run": execution["name"],
        "execution_arn": execution["arn"],
        "event_time": "2026-11-22T06:00:00Z",
        "commit": "0123abc",
        "train_only": False,
        "bucket": pipeline.bucket,
        "data_bucket": pipeline.bucket,
        "data_bucket_owner": None,
        "window": {"start": "2026-11-16", "end": "2026-11-22"},
        "days": {
            "train": ["2026-11-20"],
            "validation": ["2026-11-22"],
            "missing": ["2026-11-16/2026-11-19", "2026-11-21"],
        },
        "objects": 2,
        "bytes": 10,
        "fingerprint": "",
        "newest": "2026-11-22",
        "watermark": None,
        "stale": None,
        "manifest": f"{folder}/manifest.json",
        "validation": f"{folder}/validation.json",
        "source": None,
        "name": f"{pipeline.name}-20261122-{digest}",
        "endpoint": pipeline.name,
        "image": IMAGE,
        "tags": [
            {"Key": "team", "Value": "homes"},
            {"Key": "refit:pipeline", "Value": pipeline.name},
            {"Key": "refit:run", "Value": execution["name"]},
            {"Key": "refit:fingerprint", "Value": run["fingerprint"]},
            {"Key": "refit:commit", "Value": "0123abc"},
        ],
    }
    assert len(run["fingerprint"]) == 64
    json.dumps(run)


def test_the_manifests_list_exactly_the_days_of_each_channel(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-15", "2026-11-16", "2026-11-21", "2026-11-22", "2026-11-23")
    pipeline.put("2026-11-21", form="{}/part-0001 ü.csv")
    pipeline.put("2026-11-22", form="{}/empty.csv", body=b"")
    pipeline.put("2026-11-31", "2026-11-22-backup")
    for form in ("{}/_SUCCESS", "{}/_temporary/0/_temporary/attempt_1/part-0.csv", "{}/.part-0.csv.crc", "{}/manifest"):
        pipeline.put("2026-11-21", form=form)
    pipeline.settings["window"]["holdout_days"] = 1

    run = handler(pipeline.event(pipeline.execution()), context)

    prefix = {"prefix": f"s3://{pipeline.bucket}/data/train/"}
    folder = f"runs/{pipeline.name}/{run['run']}"
    assert pipeline.get(f"{folder}/manifest.json") == [
        prefix,
        "2026-11-16.csv",
        "2026-11-21.csv",
        "2026-11-21/part-0001 ü.csv",
    ]
    assert pipeline.get(f"{folder}/validation.json") == [prefix, "2026-11-22.csv"]


def test_without_a_holdout_there_is_no_validation(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-22")
    run = handler(pipeline.event(pipeline.execution()), context)
    assert run["validation"] is None
    folder = f"runs/{pipeline.name}/{run['run']}"
    assert pipeline.keys(f"{folder}/") == [f"{folder}/fingerprints.json", f"{folder}/manifest.json"]


def test_an_own_image_goes_the_way_of_the_document(pipeline: Pipeline, context: Context) -> None:
    pipeline.settings |= {"image": OWN_IMAGE, "region": "us-isob-east-1"}
    run = handler(pipeline.event(pipeline.execution()), context)
    assert run["image"] == OWN_IMAGE


def test_a_region_without_the_image_is_refused_before_anything_is_touched(pipeline: Pipeline, context: Context) -> None:
    pipeline.settings["region"] = "us-isob-east-1"
    with pytest.raises(UnknownRegion, match=r"set training\.image"):
        handler(pipeline.event(pipeline.execution()), context)
    assert pipeline.keys() == []


class TestXGBoost:
    def test_its_image_is_that_of_the_region(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.settings |= {"image": None, "algorithm": "xgboost", "region": "eu-west-1"}
        run = handler(pipeline.event(pipeline.execution()), context)
        assert run["image"] == "141502667606.dkr.ecr.eu-west-1.amazonaws.com/sagemaker-xgboost:1.7-1"

    def test_objects_that_its_container_would_skip_fail_the_run(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-21")
        pipeline.put("2026-11-22", form="{}/part-1.csv")
        pipeline.settings |= {"image": None, "algorithm": "xgboost"}
        with pytest.raises(
            UnreadableData, match=r"data/train/2026-11-22/part-1\.csv is in 3 folders; XGBoost reads keys"
        ):
            handler(pipeline.event(pipeline.execution()), context)
        assert not any(key.endswith(("manifest.json", "validation.json")) for key in list(pipeline.keys()))

    @pytest.mark.parametrize(
        "settings", [{"algorithm": "linear-learner"}, {"algorithm": "xgboost", "image": OWN_IMAGE}]
    )
    def test_others_read_them(self, pipeline: Pipeline, context: Context, settings: dict[str, Any]) -> None:
        pipeline.put("2026-11-22", form="{}/part-1.csv")
        pipeline.settings |= settings
        assert handler(pipeline.event(pipeline.execution()), context)["outcome"] == "NewData"


class TestNoNewData:
    def test_an_empty_window(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-15", "2026-11-23")
        run = handler(pipeline.event(pipeline.execution()), context)
        assert run["outcome"] == "NoNewData"
        assert run["reason"] == "no data in the window 2026-11-16 to 2026-11-22"
        assert (run["newest"], run["manifest"]) == (None, None)
        assert run["name"].startswith(f"{pipeline.name}-20261122-")

    def test_too_few_days(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-20", "2026-11-22")
        pipeline.settings["window"]["min_days"] = 3
        run = handler(pipeline.event(pipeline.execution(), force=True), context)
        assert run["outcome"] == "NoNewData"
        assert run["reason"] == (
            "too few days: 2 days have data in the window 2026-11-16 to 2026-11-22 (2026-11-20, 2026-11-22), "
            "3 are needed (min_days = 3, holdout_days = 0)"
        )

    def test_a_holdout_that_would_leave_nothing_to_train_on(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-22")
        pipeline.settings["window"]["holdout_days"] = 1
        run = handler(pipeline.event(pipeline.execution()), context)
        assert run["outcome"] == "NoNewData"
        assert "1 day has data" in run["reason"]
        assert "2 are needed" in run["reason"]

    def test_nothing_newer_than_the_watermark(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-20", "2026-11-22")
        pipeline.watermark = "2026-11-22"
        run = handler(pipeline.event(pipeline.execution()), context)
        assert run["outcome"] == "NoNewData"
        assert run["reason"] == (
            "nothing new: the newest data in the window 2026-11-16 to 2026-11-22 is from 2026-11-22, "
            "and the live model has seen data up to 2026-11-22"
        )
        assert run["watermark"] == "2026-11-22"
        assert run["manifest"] is None

    def test_it_writes_nothing_but_the_lease(self, pipeline: Pipeline, context: Context) -> None:
        handler(pipeline.event(pipeline.execution()), context)
        assert pipeline.keys("runs/") == [f"runs/{pipeline.name}/lease.json"]


def test_force_trains_on_data_that_is_not_new(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-22")
    pipeline.watermark = "2026-11-22"
    assert handler(pipeline.event(pipeline.execution(), force=True), context)["outcome"] == "NewData"


def test_an_events_window_overrides_the_pipelines(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-01-01", "2026-11-22")
    run = handler(pipeline.event(pipeline.execution(), window={"start": "2025-12-31", "end": "2026-01-02"}), context)
    assert run["window"] == {"start": "2025-12-31", "end": "2026-01-02"}
    assert run["newest"] == "2026-01-01"


def test_an_events_window_may_be_ten_years(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2020-02-29")
    run = handler(pipeline.event(pipeline.execution(), window={"start": "2016-01-01", "end": "2025-12-31"}), context)
    assert run["days"]["missing"] == ["2016-01-01/2020-02-28", "2020-03-01/2025-12-31"]


def test_an_event_without_a_time_happens_when_the_execution_starts(pipeline: Pipeline, context: Context) -> None:
    run = handler(pipeline.event(pipeline.execution(), time=None), context)
    assert run["event_time"] == "2026-11-22T06:00:01.123000Z"


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ("soon", "not an object"),
        ({"time": "2026-11-22"}, "time: '2026-11-22' is not a time"),
        ({"time": "2026-11-22T06:00:00"}, "is not a time"),
        ({"time": 1795327200}, "is not a time"),
        ({"detail": "all"}, "detail: write an object"),
        ({"detail": {"force": "yes"}}, "detail.force: write true or false"),
        ({"detail": {"redeploy": 1}}, "detail.redeploy: write true or false"),
        ({"detail": {"train_only": "yes"}}, "detail.train_only: write true or false"),
        ({"detail": {"rollback": True}}, "detail.rollback: write text of 1 to 63 characters"),
        ({"detail": {"rollback": ""}}, "detail.rollback: write text of 1 to 63 characters"),
        ({"detail": {"rollback": "x" * 64}}, "detail.rollback: write text of 1 to 63 characters"),
        ({"detail": {"rollback": "a-model", "redeploy": True}}, "redeploy and detail.rollback: leave one out"),
        *(
            ({"detail": {**deploy, **train}}, f"detail.{name}: leave out detail.window, detail.force")
            for name, deploy in {"redeploy": {"redeploy": True}, "rollback": {"rollback": "a-model"}}.items()
            for train in (
                {"force": True},
                {"train_only": True},
                {"window": {"start": "2026-11-01", "end": "2026-11-02"}},
            )
        ),
        ({"detail": {"commit": 7}}, "detail.commit: write text"),
        ({"detail": {"window": {"start": "2026-11-01"}}}, "detail.window: write"),
        ({"detail": {"window": {"start": "2026-11-02", "end": "2026-11-01"}}}, "2026-11-02 is after 2026-11-01"),
        ({"detail": {"window": {"start": "2026-11-31", "end": "2026-12-01"}}}, "2026-11-31 is not a real date"),
        ({"detail": {"window": {"start": "2026-1-1", "end": "2026-12-01"}}}, "write YYYY-MM-DD"),
        ({"detail": {"window": {"start": "2026-01-01", "end": "9999-12-31"}}}, "too late"),
        ({"detail": {"window": {"start": "2015-01-01", "end": "2025-01-01"}}}, "is 3,654 days; write 3653 at most"),
    ],
)
def test_an_event_that_makes_no_sense_is_refused_before_anything_is_touched(
    pipeline: Pipeline, context: Context, event: Any, said: str
) -> None:
    execution = pipeline.execution()
    with pytest.raises(InvalidEvent, match=said):
        handler({"event": event, "execution": execution, "settings": pipeline.settings}, context)
    assert pipeline.keys() == []


def test_settings_without_a_real_window_are_refused(pipeline: Pipeline, context: Context) -> None:
    pipeline.settings["window"]["timezone"] = "Mars/Olympus"
    with pytest.raises(InvalidSettings, match="unknown time zone 'Mars/Olympus'"):
        handler(pipeline.event(pipeline.execution()), context)
