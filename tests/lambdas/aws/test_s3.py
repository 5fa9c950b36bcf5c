"""Listing a window, and writing each object once: on a real S3, through CheckData."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest

from lambdas.aws import clients
from lambdas.check_data import handler
from refit.domain.errors import ManifestConflict, Throttled
from tests.support.lambdas.fakes import Fault, answer
from tests.support.lambdas.stage import Context, Pipeline


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
        # Two, because the first affects the lease, which is then read back and found to be this run's own.
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
