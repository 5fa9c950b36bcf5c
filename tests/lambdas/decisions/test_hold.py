"""During a hold no run replaces the live model: on a real SSM."""

from __future__ import annotations

import json

import pytest

from lambdas.check_data import handler
from refit.domain.errors import InvalidParameter
from tests.support.lambdas.deployments import serve
from tests.support.lambdas.fakes import SageMaker
from tests.support.lambdas.stage import Context, Pipeline

HELD = json.dumps({"by": "ada", "since": "2026-11-21T09:00:00Z", "reason": "the new model is too low in Ballard"})


def test_a_run_with_new_data_ends_held_and_says_who_when_why_and_how_to_go_on(
    pipeline: Pipeline, context: Context
) -> None:
    pipeline.put("2026-11-22")
    pipeline.watermark, pipeline.hold = "2026-11-21", HELD
    run = handler(pipeline.event(pipeline.execution()), context)
    assert run["outcome"] == "Held"
    assert run["reason"] == (
        "held by ada since 2026-11-21T09:00:00Z: the new model is too low in Ballard; "
        f"release it: refit release prod/{pipeline.name}"
    )
    assert (run["watermark"], run["newest"]) == ("2026-11-21", None)
    assert {tag["Key"] for tag in run["tags"]} == {"team", "refit:pipeline", "refit:run"}
    assert pipeline.keys("runs/") == [f"runs/{pipeline.name}/lease.json"]


def test_force_does_not_break_it(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-22")
    pipeline.hold = HELD
    assert handler(pipeline.event(pipeline.execution(), force=True), context)["outcome"] == "Held"


def test_a_training_that_deploys_nothing_is_let_through(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-22")
    pipeline.hold = HELD
    assert handler(pipeline.event(pipeline.execution(), train_only=True), context)["outcome"] == "NewData"


def test_so_is_what_a_person_asks_of_the_model_itself(
    pipeline: Pipeline, sagemaker: SageMaker, context: Context
) -> None:
    model = serve(sagemaker, pipeline, InitialInstanceCount=2)
    sagemaker.models[model] = {"ModelName": model}
    pipeline.hold = HELD
    execution = pipeline.execution()
    assert handler(pipeline.event(execution, redeploy=True), context)["outcome"] == "Redeploy"
    assert handler(pipeline.event(execution, rollback=model), context)["outcome"] == "Rollback"


def test_a_run_without_the_lease_does_not_look_at_the_hold(pipeline: Pipeline, context: Context) -> None:
    handler(pipeline.event(pipeline.execution()), context)
    pipeline.hold = HELD
    assert handler(pipeline.event(pipeline.execution()), context)["outcome"] == "AlreadyRunning"


def test_a_hold_that_tells_less_is_a_hold(pipeline: Pipeline, context: Context) -> None:
    pipeline.put("2026-11-22")
    pipeline.hold = '{"since": null}'
    run = handler(pipeline.event(pipeline.execution()), context)
    assert run["outcome"] == "Held"
    assert run["reason"].startswith("held by an unknown user since an unknown time: no reason given; release it: ")


@pytest.mark.parametrize("text", ["None", "ada", "null", "[]", '"none"', "{", " "])
def test_what_is_neither_a_hold_nor_none_is_refused(pipeline: Pipeline, context: Context, text: str) -> None:
    pipeline.put("2026-11-22")
    pipeline.hold = text
    with pytest.raises(InvalidParameter, match=r"hold: .* is not a hold; write \"none\", or a JSON"):
        handler(pipeline.event(pipeline.execution()), context)
