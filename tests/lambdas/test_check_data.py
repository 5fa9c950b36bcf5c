"""CheckData on a real S3, SSM and Step Functions."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from lambdas.aws import clients
from lambdas.check_data import handler
from refit.domain.errors import (
    InvalidEvent,
    InvalidParameter,
    InvalidSettings,
    ManifestConflict,
    Throttled,
    UnknownRegion,
)
from tests.support.lambdas.fakes import Fault, answer
from tests.support.lambdas.stage import IMAGE, Context, Pipeline


def test_new_data_gives_the_whole_run_document(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-20", "2026-11-22", body=b"12345")
    pipeline.settings["window"]["holdout_days"] = 1
    execution = pipeline.execution()

    run = handler(pipeline.event(execution, commit="0123abc"), context)

    digest = hashlib.sha256(execution["arn"].encode()).hexdigest()[:8]
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
        "window": {"start": "2026-11-16", "end": "2026-11-22"},
        "days": {
            "train": ["2026-11-20"],
            "validation": ["2026-11-22"],
            "missing": ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19", "2026-11-21"],
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
    pipeline.settings |= {"image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/own:2", "region": "us-isob-east-1"}
    run = handler(pipeline.event(pipeline.execution()), context)
    assert run["image"] == "123456789012.dkr.ecr.us-west-2.amazonaws.com/own:2"


def test_a_region_without_the_image_is_refused_before_anything_is_touched(pipeline: Pipeline, context: Context) -> None:
    pipeline.settings["region"] = "us-isob-east-1"
    with pytest.raises(UnknownRegion, match=r"set training\.image"):
        handler(pipeline.event(pipeline.execution()), context)
    assert pipeline.keys() == []


def test_the_listing_reads_no_page_before_the_window_and_none_after_it(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-22", *(f"2025-{month:02}-01" for month in range(1, 13)))
    pipeline.put("2026-11-23", *(f"2027-{month:02}-01" for month in range(1, 13)))
    asked: list[dict[str, str]] = []
    s3 = clients.s3()
    s3.meta.events.register("before-parameter-build.s3.ListObjectsV2", lambda params, **_: asked.append(dict(params)))
    s3.meta.events.register("before-parameter-build.s3.ListObjectsV2", lambda params, **_: params.update(MaxKeys=2))

    run = handler(pipeline.event(pipeline.execution()), context)

    assert run["objects"] == 1
    assert [params["StartAfter"] for params in asked] == ["data/train/2026-11-16"]


def test_a_window_of_many_pages_is_read_whole(pipeline: Pipeline, context: Context) -> None:
    for part in range(7):
        pipeline.put("2026-11-21", form=f"{{}}/{part}.csv")
    clients.s3().meta.events.register(
        "before-parameter-build.s3.ListObjectsV2", lambda params, **_: params.update(MaxKeys=2)
    )
    assert handler(pipeline.event(pipeline.execution()), context)["objects"] == 7


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


def test_an_events_window_may_be_a_leap_year(pipeline: Pipeline, context: Context) -> None:
    run = handler(pipeline.event(pipeline.execution(), window={"start": "2024-01-01", "end": "2024-12-31"}), context)
    assert len(run["days"]["missing"]) == 366


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
        ({"detail": {"window": {"start": "2024-01-01", "end": "2025-01-01"}}}, "is 367 days; write 366 at most"),
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


class TestLease:
    def test_a_running_execution_keeps_the_others_out(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-22")
        first, second = pipeline.execution(), pipeline.execution()
        handler(pipeline.event(first), context)

        run = handler(pipeline.event(second), context)

        assert run["outcome"] == "AlreadyRunning"
        assert run["reason"] == f"{first['arn']} is still running"
        assert run["objects"] == 0
        assert pipeline.get(f"runs/{pipeline.name}/lease.json")["execution_arn"] == first["arn"]
        assert not pipeline.keys(f"runs/{pipeline.name}/{second['name']}/")

    def test_an_execution_that_closed_is_taken_over(self, pipeline: Pipeline, context: Context) -> None:
        closed, next_one = pipeline.execution(running=False), pipeline.execution()
        handler(pipeline.event(closed), context)
        run = handler(pipeline.event(next_one), context)
        assert run["outcome"] == "NoNewData"
        assert pipeline.get(f"runs/{pipeline.name}/lease.json") == {
            "execution_arn": next_one["arn"],
            "run": next_one["name"],
            "started_at": next_one["started_at"],
        }

    def test_an_aborted_execution_is_taken_over(self, pipeline: Pipeline, context: Context) -> None:
        aborted = pipeline.execution()
        handler(pipeline.event(aborted), context)
        clients.stepfunctions().stop_execution(executionArn=aborted["arn"])
        assert handler(pipeline.event(pipeline.execution()), context)["outcome"] == "NoNewData"

    def test_an_execution_that_step_functions_has_forgotten_is_taken_over(
        self, pipeline: Pipeline, context: Context
    ) -> None:
        real = pipeline.execution()
        forgotten = real | {"arn": real["arn"] + "-long-ago", "started_at": "2026-08-22T06:00:01.123Z"}
        handler(pipeline.event(forgotten), context)
        assert handler(pipeline.event(real), context)["outcome"] == "NoNewData"

    @pytest.mark.parametrize(
        ("started_at", "outcome"),
        [
            ("2026-11-22T05:55:02Z", "AlreadyRunning"),
            ("2026-11-22T06:00:02Z", "AlreadyRunning"),
            ("2026-11-22T05:55:01Z", "NoNewData"),
            ("a moment ago", "NoNewData"),
        ],
    )
    def test_an_execution_that_step_functions_does_not_know_yet_runs(
        self, pipeline: Pipeline, context: Context, started_at: str, outcome: str
    ) -> None:
        real = pipeline.execution()
        unheard_of = real | {"arn": real["arn"] + "-just-now", "started_at": started_at}
        handler(pipeline.event(unheard_of, time="2026-11-22T06:00:00Z"), context)
        assert handler(pipeline.event(real), context)["outcome"] == outcome

    def test_a_retry_of_the_same_execution_keeps_its_lease_and_its_manifest(
        self, pipeline: Pipeline, context: Context
    ) -> None:
        pipeline.put("2026-11-22")
        execution = pipeline.execution()
        first = handler(pipeline.event(execution), context)
        assert handler(pipeline.event(execution), context) == first

    @pytest.mark.parametrize("body", [b"", b"not JSON", b"[]", b'{"execution_arn": 7}', b'{"execution_arn": "x"}'])
    def test_a_lease_that_names_nobody_is_taken_over(self, pipeline: Pipeline, context: Context, body: bytes) -> None:
        key = f"runs/{pipeline.name}/lease.json"
        clients.s3().put_object(Bucket=pipeline.bucket, Key=key, Body=body)
        execution = pipeline.execution()
        assert handler(pipeline.event(execution), context)["outcome"] == "NoNewData"
        assert pipeline.get(key)["execution_arn"] == execution["arn"]

    @pytest.mark.parametrize("conflict", [False, True], ids=["412", "409"])
    def test_who_loses_the_take_over_is_told_who_won(
        self, pipeline: Pipeline, context: Context, conflict: bool
    ) -> None:
        closed, winner, loser = pipeline.execution(running=False), pipeline.execution(), pipeline.execution()
        handler(pipeline.event(closed), context)

        def win_first(params: dict[str, Any], **_: Any) -> None:
            if "IfMatch" in params:
                body = json.dumps({"execution_arn": winner["arn"]}).encode()
                clients.s3().put_object(Bucket=params["Bucket"], Key=params["Key"], Body=body)
                if conflict:
                    Fault(clients.s3(), "PutObject", "ConditionalRequestConflict", status=409, times=1)

        clients.s3().meta.events.register("before-parameter-build.s3.PutObject", win_first)
        run = handler(pipeline.event(loser), context)
        assert run["outcome"] == "AlreadyRunning"
        assert run["reason"] == f"{winner['arn']} is still running"

    def test_a_lease_that_step_functions_will_not_talk_about_is_nobodys_to_take(
        self, pipeline: Pipeline, context: Context
    ) -> None:
        first, second = pipeline.execution(), pipeline.execution()
        handler(pipeline.event(first), context)
        Fault(clients.stepfunctions(), "DescribeExecution", "AccessDeniedException")
        with pytest.raises(ClientError, match="AccessDeniedException"):
            handler(pipeline.event(second), context)
        assert pipeline.get(f"runs/{pipeline.name}/lease.json")["execution_arn"] == first["arn"]


class TestManifestIsWrittenOnce:
    def test_data_that_changed_between_two_attempts_is_a_conflict(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-21")
        execution = pipeline.execution()
        first = handler(pipeline.event(execution), context)
        pipeline.put("2026-11-22")
        with pytest.raises(ManifestConflict, match=r"manifest\.json exists with other contents"):
            handler(pipeline.event(execution), context)
        assert pipeline.get(f"runs/{pipeline.name}/{first['run']}/manifest.json")[1:] == ["2026-11-21.csv"]

    def test_a_write_that_s3_calls_a_conflict_is_tried_again(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-22")
        execution = pipeline.execution()
        handler(pipeline.event(execution), context)
        clients.s3().delete_object(
            Bucket=pipeline.bucket, Key=f"runs/{pipeline.name}/{execution['name']}/manifest.json"
        )
        # Two: one strikes the lease, which is read back and found our own.
        fault = Fault(clients.s3(), "PutObject", "ConditionalRequestConflict", status=409, times=2)
        assert handler(pipeline.event(execution), context)["outcome"] == "NewData"
        assert fault.struck == 2

    def test_a_conflict_that_never_ends_is_left_to_the_state_machine(
        self, pipeline: Pipeline, context: Context
    ) -> None:
        pipeline.put("2026-11-22")
        execution = pipeline.execution()
        run = handler(pipeline.event(execution), context)
        clients.s3().delete_object(Bucket=pipeline.bucket, Key=f"runs/{pipeline.name}/{run['run']}/manifest.json")
        Fault(clients.s3(), "PutObject", "ConditionalRequestConflict", status=409)
        with pytest.raises(Throttled, match="another write in progress"):
            handler(pipeline.event(execution), context)

    @pytest.mark.parametrize(("breaks", "outcome"), [(2, "NewData"), (3, "Throttled")])
    def test_a_body_that_breaks_off_is_read_again(
        self, pipeline: Pipeline, context: Context, capsys: pytest.CaptureFixture[str], breaks: int, outcome: str
    ) -> None:
        pipeline.put("2026-11-22")
        execution = pipeline.execution()
        handler(pipeline.event(execution), context)
        left = [None] * breaks

        def break_off(request: Any, **_: Any) -> Any:
            headers = {"Content-Length": "99", "ETag": '"x"'}
            return answer(request.url, 200, "{", headers) if left and not left.pop() else None

        clients.s3().meta.events.register_first("before-send.s3.GetObject", break_off)
        with suppress(Throttled):
            handler(pipeline.event(execution), context)
        assert json.loads(capsys.readouterr().out.splitlines()[-1])["outcome"] == outcome
        assert left == []


class TestWatermark:
    @pytest.mark.parametrize("value", ["yesterday", "2026-02-30", "20261122", "Never", " never"])
    def test_one_that_is_no_date_is_refused(self, pipeline: Pipeline, context: Context, value: str) -> None:
        pipeline.put("2026-11-22")
        pipeline.watermark = value
        with pytest.raises(InvalidParameter, match='or write "never" to start over'):
            handler(pipeline.event(pipeline.execution()), context)

    def test_one_that_is_missing_is_not_taken_for_never(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.put("2026-11-22")
        clients.ssm().delete_parameter(Name=pipeline.settings["watermark_parameter"])
        with pytest.raises(InvalidParameter, match=r"latest does not exist; apply the Terraform stack"):
            handler(pipeline.event(pipeline.execution()), context)

    @pytest.mark.parametrize("setting", ["run_parameter", "hold_parameter"])
    def test_its_neighbours_are_not_guessed_either(self, pipeline: Pipeline, context: Context, setting: str) -> None:
        clients.ssm().delete_parameter(Name=pipeline.settings[setting])
        with pytest.raises(InvalidParameter, match=f"{pipeline.settings[setting]} does not exist; apply"):
            handler(pipeline.event(pipeline.execution()), context)

    def test_all_three_are_read_at_once(self, pipeline: Pipeline, context: Context) -> None:
        asked: list[dict[str, Any]] = []
        clients.ssm().meta.events.register("before-parameter-build.ssm", lambda params, **_: asked.append(dict(params)))
        handler(pipeline.event(pipeline.execution()), context)
        names = [pipeline.settings[f"{name}_parameter"] for name in ("watermark", "run", "hold")]
        assert asked == [{"Names": names}]


class TestTrouble:
    @pytest.mark.parametrize(
        ("service", "operation", "code", "status"),
        [
            ("s3", "PutObject", "SlowDown", 503),
            ("s3", "GetObject", "InternalError", 500),
            ("s3", "ListObjectsV2", "RequestTimeout", 400),
            ("ssm", "GetParameters", "ThrottlingException", 400),
            ("stepfunctions", "DescribeExecution", "ServiceUnavailable", 503),
        ],
    )
    def test_throttling_that_outlives_the_sdks_retries_is_throttled(
        self, pipeline: Pipeline, context: Context, service: str, operation: str, code: str, status: int
    ) -> None:
        pipeline.put("2026-11-22")
        handler(pipeline.event(pipeline.execution(running=False)), context)
        execution = pipeline.execution()
        fault = Fault(getattr(clients, service)(), operation, code, status=status)
        with pytest.raises(Throttled, match=code):
            handler(pipeline.event(execution), context)
        assert fault.struck == 3

    def test_throttling_that_passes_is_nobodys_business(self, pipeline: Pipeline, context: Context) -> None:
        fault = Fault(clients.ssm(), "GetParameters", "ThrottlingException", times=2)
        assert handler(pipeline.event(pipeline.execution()), context)["outcome"] == "NoNewData"
        assert fault.struck == 2

    def test_a_network_that_is_gone_is_throttled(self, pipeline: Pipeline, context: Context) -> None:
        Fault(clients.s3(), "ListObjectsV2", EndpointConnectionError(endpoint_url="https://s3"))
        with pytest.raises(Throttled, match="Could not connect"):
            handler(pipeline.event(pipeline.execution()), context)

    @pytest.mark.parametrize(
        ("service", "operation", "code"),
        [
            ("s3", "PutObject", "AccessDenied"),
            ("s3", "ListObjectsV2", "AccessDenied"),
            ("ssm", "GetParameters", "AccessDeniedException"),
        ],
    )
    def test_access_denied_stays_access_denied(
        self, pipeline: Pipeline, context: Context, service: str, operation: str, code: str
    ) -> None:
        fault = Fault(getattr(clients, service)(), operation, code, status=403)
        with pytest.raises(ClientError) as raised:
            handler(pipeline.event(pipeline.execution()), context)
        assert raised.value.response["Error"]["Code"] == code
        assert fault.struck == 1

    def test_a_missing_bucket_keeps_its_name(self, pipeline: Pipeline, context: Context) -> None:
        pipeline.settings["bucket"] = "no-such-bucket-here"
        with pytest.raises(ClientError, match="NoSuchBucket"):
            handler(pipeline.event(pipeline.execution()), context)


def test_one_json_line_says_what_happened(
    pipeline: Pipeline, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    execution = pipeline.execution()
    handler(pipeline.event(execution), context)
    line = json.loads(capsys.readouterr().out)
    assert line.pop("milliseconds") >= 0
    assert line == {"state": "CheckData", "run": execution["name"], "outcome": "NoNewData"}

    pipeline.watermark = "x"
    with pytest.raises(InvalidParameter):
        handler(pipeline.event(execution), context)
    line = json.loads(capsys.readouterr().out)
    assert (line["outcome"], line["message"][:8]) == ("InvalidParameter", "/models/")
