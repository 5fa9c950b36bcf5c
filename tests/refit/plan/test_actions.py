"""The action that a new value of each pipeline file field requires."""

from typing import Any

import pytest

from refit.pipeline.model import Pipeline
from refit.plan.actions import ACTIONS, INCOMPARABLE, MODELS_DIFFER, REMARKS, Action
from refit.plan.field_changes import FieldChange
from tests.support.field_changes import change, pipeline
from tests.support.fields import leaves, pipelines, with_another_value


def test_every_field_of_the_schema_has_its_action_and_no_other_has() -> None:
    assert set(ACTIONS) == set(leaves())
    assert set(REMARKS) <= set(ACTIONS)


# Not "pipeline", the name of the file: other names derive from it.
@pytest.mark.parametrize("field", [field for field in leaves() if field != "pipeline"])
def test_a_new_value_of_a_field_does_what_its_action_says(field: str) -> None:
    for before in pipelines(field):
        found = change(before, with_another_value(before, field))
        assert found is not None
        (changed,) = found.fields
        assert changed.field in (field, f"{field}.another")  # of a map, the entry that was added
        assert found.action is changed.action is ACTIONS[field]
        remarks = (REMARKS.get(field), INCOMPARABLE if field in MODELS_DIFFER else None)
        assert found.remarks == tuple(remark for remark in remarks if remark)


def test_the_strongest_action_of_several_wins() -> None:
    resized = pipeline(endpoint={"instance_count": 2}, log_retention_days=60)
    assert change(pipeline(), resized).action is Action.REDEPLOY  # type: ignore[union-attr]
    wider = pipeline(endpoint={"instance_count": 2}, log_retention_days=60, window={"days": 14})
    assert change(pipeline(), wider).action is Action.RETRAIN  # type: ignore[union-attr]


@pytest.mark.parametrize("gate", [None, {"max": 60}, {"max_regression": 0.1, "on_incomparable": "accept"}])
def test_other_columns_need_no_remark_if_the_gate_does_not_reject_the_new_model(gate: dict[str, Any] | None) -> None:
    fields: dict[str, Any] = {"gate": gate and {"metric": "validation:mse", **gate}, "window": {"holdout_days": 1}}
    found = change(pipeline(**fields), pipeline(**fields, data={"prefix": "data/train/", "feature_dim": 14}))
    assert found is not None
    assert INCOMPARABLE not in found.remarks


def test_pinning_a_sliding_window_changes_all_three_values() -> None:
    found = change(pipeline(), pipeline(window={"start": "2026-11-01", "end": "2026-11-07"}))
    assert found is not None
    assert found.fields == (
        FieldChange("window.days", 7, None, Action.RETRAIN),
        FieldChange("window.start", None, "2026-11-01", Action.RETRAIN),
        FieldChange("window.end", None, "2026-11-07", Action.RETRAIN),
    )


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        ({"strategy": "linear"}, ["strategy"]),
        ({"wait_seconds": 60, "alarms": ("errors",)}, ["wait_seconds", "alarms"]),
        ({"batch_percent": 50, "termination_wait_seconds": 60}, ["batch_percent", "termination_wait_seconds"]),
        ({"timeout_minutes": 30}, ["timeout_minutes"]),
    ],
)
def test_deployment_settings_are_only_applied(written: dict[str, Any], fields: list[str]) -> None:
    def guarded(**deployment: Any) -> Pipeline:
        return pipeline(endpoint={"instance_count": 2, "deployment": {"strategy": "canary", **deployment}})

    found = change(guarded(), guarded(**written))
    assert found is not None
    assert [one.field for one in found.fields] == [f"endpoint.deployment.{field}" for field in fields]
    assert found.action is Action.APPLY_ONLY


GATE = {"metric": "validation:mse", "max": 60, "max_regression": 0.1}


@pytest.mark.parametrize(
    ("section", "written"),
    [
        ("gate", {"metric": "validation:rmse"}),
        ("gate", {"max": 50}),
        ("gate", {"max": None}),
        ("gate", {"max_regression": 0.2}),
        ("gate", {"sample_rows": 100, "advance_on_reject": True}),
        ("approval", {"timeout_minutes": 60}),
        ("arrival", {"quiet_minutes": 5, "max_wait_minutes": 60}),
    ],
)
def test_settings_of_the_next_run_are_only_applied(section: str, written: dict[str, Any]) -> None:
    sections: dict[str, dict[str, Any]] = {"gate": GATE, "approval": {}, "arrival": {}}
    window = {"holdout_days": 1}
    before = pipeline(window=window, **sections)
    after = pipeline(window=window, **{**sections, section: {**sections[section], **written}})
    found = change(before, after)
    assert found is not None
    assert {one.field for one in found.fields} == {f"{section}.{field}" for field in written}
    assert found.action is Action.APPLY_ONLY


@pytest.mark.parametrize(
    ("written", "fields"),
    [
        ({"source": "code"}, ["source"]),
        ({"source": "code", "entry_point": "fit.py"}, ["source", "entry_point"]),
        ({"channels": {"regions": "data/regions/"}}, ["channels.regions"]),
        ({"metrics": {"validation:mse": "mse=(.+)"}}, ["metrics.validation:mse"]),
    ],
)
def test_another_algorithm_is_another_model(written: dict[str, Any], fields: list[str]) -> None:
    own = {"image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1"}
    found = change(pipeline(training=own), pipeline(training={**own, **written}))
    assert found is not None
    assert [one.field for one in found.fields] == [f"training.{field}" for field in fields]
    assert found.action is Action.RETRAIN
