"""CheckData with changed data, with stale data, and in runs that only train: on a real S3."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.check_data import handler
from refit.domain.errors import InvalidSettings
from refit.domain.run_document import Run
from tests.support.lambdas.fakes import Fault
from tests.support.lambdas.stage import Context, Pipeline


def check(pipeline: Pipeline, context: Context, time: str = "2026-11-22T06:00:00Z", **detail: Any) -> Run:
    """A new run, after the previous one has ended."""
    execution = pipeline.execution()
    run = handler(pipeline.event(execution, time, **detail), context)
    clients.stepfunctions().stop_execution(executionArn=execution["arn"])
    return run


def deploy(pipeline: Pipeline, context: Context, *days: str) -> Run:
    """A run that has trained on these days and deployed its model."""
    pipeline.put(*days)
    run = check(pipeline, context)
    assert (run["outcome"], run["newest"]) == ("NewData", days[-1])
    pipeline.watermark, pipeline.seen_run = days[-1], run["run"]
    return run


def remove(pipeline: Pipeline, day: str) -> None:
    clients.s3().delete_object(Bucket=pipeline.bucket, Key=f"{pipeline.settings['prefix']}{day}.csv")


class TestAnyChange:
    @pytest.fixture(autouse=True)
    def any_change(self, pipeline: Pipeline) -> None:
        pipeline.settings["retrain_on"] = "any_change"

    def test_nothing_changed_is_nothing_new(self, pipeline: Pipeline, context: Context) -> None:
        deploy(pipeline, context, "2026-11-17", "2026-11-22")
        run = check(pipeline, context)
        assert run["outcome"] == "NoNewData"
        assert run["reason"].startswith("nothing new: the newest data in the window")

    def test_corrected_late_and_gone_days_are_trained_on_and_named(self, pipeline: Pipeline, context: Context) -> None:
        deploy(pipeline, context, "2026-11-17", "2026-11-20", "2026-11-22")
        pipeline.put("2026-11-20", body=b"3,4\n")
        pipeline.put("2026-11-16", "2026-11-18")
        remove(pipeline, "2026-11-17")

        run = check(pipeline, context)

        assert run["outcome"] == "NewData"
        assert run["reason"] == (
            "4 of 7 days have data, the newest 2026-11-22; "
            "corrected: 2026-11-20; late: 2026-11-16, 2026-11-18; gone: 2026-11-17"
        )
        assert pipeline.get(f"runs/{pipeline.name}/{run['run']}/manifest.json")[1:] == [
            "2026-11-16.csv",
            "2026-11-18.csv",
            "2026-11-20.csv",
            "2026-11-22.csv",
        ]

    def test_one_more_part_of_a_day_is_a_correction(self, pipeline: Pipeline, context: Context) -> None:
        deploy(pipeline, context, "2026-11-22")
        pipeline.put("2026-11-22", form="{}/part-2.csv")
        assert check(pipeline, context)["reason"].endswith("; corrected: 2026-11-22")

    def test_once_that_run_is_deployed_it_is_nothing_new_again(self, pipeline: Pipeline, context: Context) -> None:
        deploy(pipeline, context, "2026-11-20", "2026-11-22")
        pipeline.put("2026-11-20", body=b"3,4\n")
        pipeline.seen_run = check(pipeline, context)["run"]
        assert check(pipeline, context)["outcome"] == "NoNewData"

    def test_as_long_as_it_is_not_deployed_it_is_asked_for_again(self, pipeline: Pipeline, context: Context) -> None:
        deploy(pipeline, context, "2026-11-20", "2026-11-22")
        pipeline.put("2026-11-20", body=b"3,4\n")
        assert check(pipeline, context)["outcome"] == "NewData"
        assert check(pipeline, context)["outcome"] == "NewData"

    def test_a_window_that_moves_on_has_not_changed(self, pipeline: Pipeline, context: Context) -> None:
        deploy(pipeline, context, "2026-11-16", "2026-11-17", "2026-11-22")
        assert check(pipeline, context, "2026-11-24T06:00:00Z")["outcome"] == "NoNewData"

    def test_neither_has_one_that_reaches_further_back(self, pipeline: Pipeline, context: Context) -> None:
        deploy(pipeline, context, "2026-11-15", "2026-11-22")
        pipeline.settings["window"]["days"] = 14
        assert check(pipeline, context)["outcome"] == "NoNewData"

    def test_no_model_comes_of_too_few_days_whatever_changed(self, pipeline: Pipeline, context: Context) -> None:
        deploy(pipeline, context, "2026-11-20", "2026-11-22")
        remove(pipeline, "2026-11-20")
        pipeline.settings["window"]["min_days"] = 2
        run = check(pipeline, context)
        assert (run["outcome"], run["reason"][:12]) == ("NoNewData", "too few days")

    @pytest.mark.parametrize("known", ["never", "a-run-without-fingerprints"])
    def test_without_fingerprints_only_newer_days_count(self, pipeline: Pipeline, context: Context, known: str) -> None:
        deploy(pipeline, context, "2026-11-20", "2026-11-22")
        pipeline.seen_run = known
        pipeline.put("2026-11-20", body=b"3,4\n")
        assert check(pipeline, context)["outcome"] == "NoNewData"
        assert check(pipeline, context, force=True)["outcome"] == "NewData"

    def test_fingerprints_that_cannot_be_read_are_not_missing(self, pipeline: Pipeline, context: Context) -> None:
        deploy(pipeline, context, "2026-11-22")
        event = pipeline.event(pipeline.execution())
        handler(event, context)
        # The second read: the first is of the lease, which this execution holds.
        reads: list[str] = []

        def deny_the_second(params: Any, **_: Any) -> None:
            reads.append(params["Key"])
            if len(reads) == 2:
                Fault(clients.s3(), "GetObject", "AccessDenied", status=403)

        clients.s3().meta.events.register("before-parameter-build.s3.GetObject", deny_the_second)
        with pytest.raises(ClientError, match="AccessDenied"):
            handler(event, context)
        assert reads[1].endswith("/fingerprints.json")


def test_a_change_is_nothing_new_for_a_pipeline_that_waits_for_new_days(pipeline: Pipeline, context: Context) -> None:
    deploy(pipeline, context, "2026-11-20", "2026-11-22")
    pipeline.put("2026-11-20", body=b"3,4\n")
    pipeline.put("2026-11-21")
    assert check(pipeline, context)["outcome"] == "NoNewData"


def test_every_run_with_new_data_writes_down_what_each_day_was(pipeline: Pipeline, context: Context) -> None:
    run = deploy(pipeline, context, "2026-11-20", "2026-11-22")
    written = pipeline.get(f"runs/{pipeline.name}/{run['run']}/fingerprints.json")
    assert list(written) == [f"2026-11-{day}" for day in range(16, 23)]
    assert {day for day, fingerprint in written.items() if fingerprint} == {"2026-11-20", "2026-11-22"}


class TestStale:
    @pytest.fixture(autouse=True)
    def three_days(self, pipeline: Pipeline) -> None:
        pipeline.settings["stale_after_days"] = 3

    def test_stale_data_is_reported(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-19")
        pipeline.watermark = "2026-11-19"
        run = check(pipeline, context)
        assert (run["outcome"], run["stale"]) == ("NoNewData", "The newest data is from 2026-11-19: 3 days old.")
        assert check(pipeline, context, "2026-11-21T23:59:59Z")["stale"] is None

    def test_so_it_is_when_the_window_has_moved_past_all_data(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.watermark = "2026-10-22"
        run = check(pipeline, context)
        assert (run["outcome"], run["stale"]) == ("NoNewData", "The newest data is from 2026-10-22: 31 days old.")

    def test_new_data_may_be_old(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-18")
        run = check(pipeline, context)
        assert (run["outcome"], run["stale"]) == ("NewData", "The newest data is from 2026-11-18: 4 days old.")

    def test_its_age_is_counted_in_the_windows_time_zone_and_without_the_lag(
        self, pipeline: Pipeline, context: Context
    ) -> None:
        pipeline.put("2026-11-19")
        pipeline.settings["window"] |= {"timezone": "America/Los_Angeles", "lag_days": 1}
        assert check(pipeline, context, "2026-11-22T07:59:59Z")["stale"] is None
        assert check(pipeline, context, "2026-11-22T08:00:00Z")["stale"] is not None

    def test_stale_data_is_only_reported_on_request(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.settings["stale_after_days"] = None
        pipeline.watermark = "2020-01-01"
        assert check(pipeline, context)["stale"] is None

    def test_an_unknown_time_zone_is_refused(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.settings["window"] |= {"days": None, "start": "2026-11-01", "end": "2026-11-07", "timezone": "Mars"}
        with pytest.raises(InvalidSettings, match="unknown time zone 'Mars'"):
            check(pipeline, context)


class TestTrainOnly:
    def test_it_trains_again_on_what_the_deployed_model_has_seen(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-22")
        pipeline.watermark = "2026-11-22"
        run = check(pipeline, context, train_only=True)
        assert (run["outcome"], run["train_only"]) == ("NewData", True)

    def test_it_may_have_a_window_of_its_own(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-01-01")
        window = {"start": "2025-12-31", "end": "2026-01-02"}
        run = check(pipeline, context, train_only=True, force=True, window=window)
        assert (run["outcome"], run["newest"]) == ("NewData", "2026-01-01")

    def test_it_needs_enough_days_all_the_same(self, pipeline: Pipeline, context: Context) -> None:
        assert check(pipeline, context, train_only=True)["outcome"] == "NoNewData"

    def test_it_has_nothing_to_say_about_data_that_stays_away(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.settings["stale_after_days"] = 1
        pipeline.watermark = "2026-10-22"
        assert check(pipeline, context, train_only=True)["stale"] is None
