"""UpdateParameters, with a real SSM."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from lambdas.aws import clients
from lambdas.update_parameters import handler
from refit.domain.errors import InvalidParameter, Throttled, WatermarkNotAdvanced
from tests.support.lambdas.fakes import Fault, answer
from tests.support.lambdas.stage import Context, Pipeline, hold_lease, run_document


def event(pipeline: Pipeline, newest: str | None = "2026-11-22") -> dict[str, Any]:
    known = None if pipeline.watermark == "never" else pipeline.watermark
    run = run_document(pipeline=pipeline.name, bucket=pipeline.bucket, newest=newest, watermark=known)
    hold_lease(run)
    settings = {name: pipeline.settings[name] for name in ("watermark_parameter", "run_parameter")}
    return {"run": run, "settings": settings}


def writes() -> list[str]:
    """Records the names of the parameters that are written from now on."""
    written: list[str] = []
    clients.ssm().meta.events.register(
        "before-parameter-build.ssm.PutParameter", lambda params, **_: written.append(params["Name"])
    )
    return written


def test_the_first_deployment_sets_the_watermark(pipeline: Pipeline, context: Context) -> None:
    assert handler(event(pipeline), context) == {"watermark": "2026-11-22", "previous": None, "advanced": True}
    assert pipeline.watermark == "2026-11-22"


def test_a_newer_day_advances_it(pipeline: Pipeline, context: Context) -> None:
    pipeline.watermark = "2026-09-30"
    assert handler(event(pipeline), context) == {"watermark": "2026-11-22", "previous": "2026-09-30", "advanced": True}
    assert pipeline.watermark == "2026-11-22"


@pytest.mark.parametrize("watermark", ["never", "2026-09-30", "2026-11-22"])
def test_the_watermark_speaks_of_this_runs_data_from_now_on(
    pipeline: Pipeline, context: Context, watermark: str
) -> None:
    pipeline.watermark, pipeline.seen_run = watermark, "run-0"
    handler(event(pipeline), context)
    assert (pipeline.watermark, pipeline.seen_run) == ("2026-11-22", "run-1")


def test_a_model_of_older_days_is_not_what_the_watermark_speaks_of(pipeline: Pipeline, context: Context) -> None:
    pipeline.watermark, pipeline.seen_run = "2026-11-23", "run-0"
    written = writes()
    handler(event(pipeline), context)
    assert (pipeline.seen_run, written) == ("run-0", [])


def test_the_watermark_moves_before_its_run_does(pipeline: Pipeline, context: Context) -> None:
    written = writes()
    handler(event(pipeline), context)
    assert written == [pipeline.settings["watermark_parameter"], pipeline.settings["run_parameter"]]


def test_a_second_attempt_writes_what_is_left_to_write(pipeline: Pipeline, context: Context) -> None:
    asked = event(pipeline)
    run_parameter = pipeline.settings["run_parameter"]

    def refuse(params: Any, **_: Any) -> None:
        if params["Name"] == run_parameter:
            Fault(clients.ssm(), "PutParameter", "TooManyUpdates", times=1)

    clients.ssm().meta.events.register("before-parameter-build.ssm.PutParameter", refuse)
    with pytest.raises(Throttled):
        handler(asked, context)
    assert (pipeline.watermark, pipeline.seen_run) == ("2026-11-22", "never")
    clients.ssm().meta.events.unregister("before-parameter-build.ssm.PutParameter", refuse)

    written = writes()
    assert handler(asked, context) == {"watermark": "2026-11-22", "previous": None, "advanced": True}
    assert (pipeline.seen_run, written) == ("run-1", [run_parameter])


def test_a_third_attempt_writes_nothing_and_says_the_same(pipeline: Pipeline, context: Context) -> None:
    asked = event(pipeline)
    first = handler(asked, context)
    written = writes()
    assert handler(asked, context) == first
    assert written == []


@pytest.mark.parametrize("newest", ["2026-11-22", "2026-11-21", "2025-12-31"])
def test_it_never_moves_backwards(pipeline: Pipeline, context: Context, newest: str) -> None:
    pipeline.watermark = "2026-11-22"
    parameters = handler(event(pipeline, newest), context)
    assert parameters == {"watermark": "2026-11-22", "previous": "2026-11-22", "advanced": False}
    assert pipeline.watermark == "2026-11-22"


@pytest.mark.parametrize(("written", "read"), [("2026-11-22", "2026-11-22"), ("never", None)])
def test_a_run_that_looked_at_no_data_leaves_both(
    pipeline: Pipeline, context: Context, written: str, read: str | None
) -> None:
    pipeline.watermark = written
    parameters = handler(event(pipeline, newest=None), context)
    assert parameters == {"watermark": read, "previous": read, "advanced": False}
    assert (pipeline.watermark, pipeline.seen_run) == (written, "never")


@pytest.mark.parametrize("missing", ["watermark_parameter", "run_parameter"])
def test_a_missing_parameter_is_not_created(pipeline: Pipeline, context: Context, missing: str) -> None:
    asked = event(pipeline)
    clients.ssm().delete_parameter(Name=pipeline.settings[missing])
    with pytest.raises(InvalidParameter, match=f"the parameter {pipeline.settings[missing]} does not exist; apply"):
        handler(asked, context)


def test_a_write_that_does_not_read_back_is_an_error(pipeline: Pipeline, context: Context) -> None:
    def pretend(request: Any, **_: Any) -> Any:
        return answer(request.url, 200, '{"Version": 2, "Tier": "Standard"}')

    clients.ssm().meta.events.register_first("before-send.ssm.PutParameter", pretend)
    with pytest.raises(WatermarkNotAdvanced, match="latest was set to 2026-11-22, but its value is never"):
        handler(event(pipeline), context)


def test_the_run_has_to_read_back_too(pipeline: Pipeline, context: Context) -> None:
    pipeline.watermark, pipeline.seen_run = "2026-11-22", "run-0"
    asked = event(pipeline)

    def pretend(request: Any, **_: Any) -> Any:
        return answer(request.url, 200, '{"Version": 2, "Tier": "Standard"}')

    clients.ssm().meta.events.register_first("before-send.ssm.PutParameter", pretend)
    with pytest.raises(WatermarkNotAdvanced, match="train/run was set to run-1, but its value is run-0"):
        handler(asked, context)


def test_a_stale_read_is_mended_by_the_next_attempt(pipeline: Pipeline, context: Context) -> None:
    asked = event(pipeline)
    reads = iter(["never", "never"])

    def from_before(request: Any, **_: Any) -> Any:
        value = next(reads, None)
        names = json.loads(request.body)["Names"]
        old = {"Parameters": [{"Name": name, "Value": value} for name in names], "InvalidParameters": []}
        return value and answer(request.url, 200, json.dumps(old))

    clients.ssm().meta.events.register_first("before-send.ssm.GetParameters", from_before)
    with pytest.raises(WatermarkNotAdvanced, match="its value is never"):
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
