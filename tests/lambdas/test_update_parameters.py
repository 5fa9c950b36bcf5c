"""UpdateParameters on a real SSM."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from fakes import Fault, answer
from stage import Context, Pipeline, hold_lease, run_document

from lambdas import clients
from lambdas.contract import InvalidParameter, Throttled, WatermarkNotAdvanced
from lambdas.update_parameters import handler


def event(pipeline: Pipeline, newest: str | None = "2026-11-22") -> dict[str, Any]:
    known = None if pipeline.watermark == "never" else pipeline.watermark
    run = run_document(pipeline=pipeline.name, bucket=pipeline.bucket, newest=newest, watermark=known)
    hold_lease(run)
    return {"run": run, "settings": {"watermark_parameter": pipeline.settings["watermark_parameter"]}}


def test_the_first_deployment_sets_the_watermark(pipeline: Pipeline, context: Context) -> None:
    assert handler(event(pipeline), context) == {"watermark": "2026-11-22", "previous": None, "advanced": True}
    assert pipeline.watermark == "2026-11-22"


def test_a_newer_day_advances_it(pipeline: Pipeline, context: Context) -> None:
    pipeline.watermark = "2026-09-30"
    assert handler(event(pipeline), context) == {"watermark": "2026-11-22", "previous": "2026-09-30", "advanced": True}
    assert pipeline.watermark == "2026-11-22"


@pytest.mark.parametrize("newest", ["2026-11-22", "2026-11-21", "2025-12-31"])
def test_it_never_moves_backwards(pipeline: Pipeline, context: Context, newest: str) -> None:
    pipeline.watermark = "2026-11-22"
    parameters = handler(event(pipeline, newest), context)
    assert parameters == {"watermark": "2026-11-22", "previous": "2026-11-22", "advanced": False}
    assert pipeline.watermark == "2026-11-22"


@pytest.mark.parametrize(("written", "read"), [("2026-11-22", "2026-11-22"), ("never", None)])
def test_a_redeployment_leaves_it(pipeline: Pipeline, context: Context, written: str, read: str | None) -> None:
    pipeline.watermark = written
    parameters = handler(event(pipeline, newest=None), context)
    assert parameters == {"watermark": read, "previous": read, "advanced": False}
    assert pipeline.watermark == written


def test_a_watermark_that_is_missing_is_not_made_anew(pipeline: Pipeline, context: Context) -> None:
    asked = event(pipeline)
    clients.ssm().delete_parameter(Name=pipeline.settings["watermark_parameter"])
    with pytest.raises(InvalidParameter, match="does not exist"):
        handler(asked, context)


def test_a_write_that_does_not_read_back_is_an_error(pipeline: Pipeline, context: Context) -> None:
    def pretend(request: Any, **_: Any) -> Any:
        return answer(request.url, 200, '{"Version": 2, "Tier": "Standard"}')

    clients.ssm().meta.events.register_first("before-send.ssm.PutParameter", pretend)
    with pytest.raises(WatermarkNotAdvanced, match="was set to 2026-11-22 and reads never"):
        handler(event(pipeline), context)


def test_a_stale_read_is_mended_by_the_next_attempt(pipeline: Pipeline, context: Context) -> None:
    asked = event(pipeline)
    reads = iter(["never", "never"])

    def from_before(request: Any, **_: Any) -> Any:
        value = next(reads, None)
        return value and answer(request.url, 200, json.dumps({"Parameter": {"Value": value}}))

    clients.ssm().meta.events.register_first("before-send.ssm.GetParameter", from_before)
    with pytest.raises(WatermarkNotAdvanced, match="reads never"):
        handler(asked, context)
    parameters = handler(asked, context)
    assert parameters == {"watermark": "2026-11-22", "previous": None, "advanced": True}


def test_too_many_updates_is_left_to_the_state_machine_to_retry(pipeline: Pipeline, context: Context) -> None:
    fault = Fault(clients.ssm(), "PutParameter", "TooManyUpdates", times=1)
    with pytest.raises(Throttled, match="TooManyUpdates"):
        handler(event(pipeline), context)
    assert handler(event(pipeline), context)["advanced"]
    assert fault.struck == 1


def test_access_denied_stays_access_denied(pipeline: Pipeline, context: Context) -> None:
    Fault(clients.ssm(), "PutParameter", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        handler(event(pipeline), context)
    assert pipeline.watermark == "never"
