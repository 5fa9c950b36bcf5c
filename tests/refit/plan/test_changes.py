"""What a changed pipeline file means: values and not text are compared, and every field has its action."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from refit.errors import Problem
from refit.pipeline.files import parse
from refit.pipeline.model import Pipeline
from refit.pipeline.problems import section_of
from refit.plan.actions import ACTIONS, REMARKS, Action
from refit.plan.changes import Change, FieldChange, Kind, changes
from refit.problem_codes import Code
from refit.project import PipelineRef, Project

KEY = "prod/prices"
REF = PipelineRef(Project(Path("/checkout")), Path("/checkout/terraform/pipelines/prod/prices.tfvars"))
LEAST: dict[str, Any] = {"pipeline": "prices", "data": {"prefix": "data/prices/", "feature_dim": 13}}
BROKEN = (Problem(REF.display_path, 1, 1, Code.SYNTAX, "broken"),)


def pipeline(**fields: Any) -> Pipeline:
    return Pipeline.model_validate(LEAST | fields)


def change(before: Pipeline, after: Pipeline) -> Change | None:
    found = changes({KEY: before}, {KEY: after})
    assert len(found) <= 1
    return found[0] if found else None


def leaves(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        section = section_of(field)
        yield from leaves(section, f"{prefix}{name}.") if section else [f"{prefix}{name}"]


def test_every_field_of_the_schema_has_its_action_and_no_other_has() -> None:
    assert set(ACTIONS) == set(leaves(Pipeline))
    assert set(REMARKS) <= set(ACTIONS)


CHANGED: dict[str, dict[str, Any]] = {
    "region": {"region": "eu-central-1"},
    "schedule.expression": {"schedule": {"expression": "rate(2 days)"}},
    "schedule.timezone": {"schedule": {"timezone": "Europe/Berlin"}},
    "schedule.enabled": {"schedule": {"enabled": False}},
    "orchestration": {"orchestration": "polling"},
    "retrain_on": {"retrain_on": "any_change"},
    "data.prefix": {"data": {"prefix": "data/other/", "feature_dim": 13}},
    "data.stale_after_days": {"data": {"prefix": "data/prices/", "feature_dim": 13, "stale_after_days": 3}},
    "data.feature_dim": {"data": {"prefix": "data/prices/", "feature_dim": 14}},
    "window.days": {"window": {"days": 14}},
    "window.holdout_days": {"window": {"holdout_days": 1}},
    "window.min_days": {"window": {"min_days": 2}},
    "window.lag_days": {"window": {"lag_days": 1}},
    "window.timezone": {"window": {"timezone": "Asia/Tokyo"}},
    "training.image": {"training": {"image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1"}},
    "training.predictor_type": {"training": {"predictor_type": "binary_classifier"}},
    "training.instance_type": {"training": {"instance_type": "ml.c5.xlarge"}},
    "training.instance_count": {"training": {"instance_count": 2}},
    "training.volume_gb": {"training": {"volume_gb": 20}},
    "training.max_runtime_minutes": {"training": {"max_runtime_minutes": 30}},
    "endpoint.name": {"endpoint": {"name": "other"}},
    "endpoint.instance_type": {"endpoint": {"instance_type": "ml.c5.large"}},
    "endpoint.instance_count": {"endpoint": {"instance_count": 2}},
    "endpoint.timeout_minutes": {"endpoint": {"timeout_minutes": 30}},
    "endpoint.keep": {"endpoint": {"keep": 10}},
    "alarms.actions": {"alarms": {"actions": ("arn:aws:sns:us-west-2:123456789012:ml-alerts",)}},
    "poll_interval_seconds": {"poll_interval_seconds": 30},
    "bucket": {"bucket": "my-company-prices"},
    "sagemaker_role_arn": {"sagemaker_role_arn": "arn:aws:iam::123456789012:role/mine"},
    "log_retention_days": {"log_retention_days": 60},
    "force_destroy": {"force_destroy": True},
}


@pytest.mark.parametrize("field", CHANGED)
def test_a_new_value_of_a_field_does_what_its_action_says(field: str) -> None:
    before, after = pipeline(), pipeline(**CHANGED[field])
    found = change(before, after)
    assert found is not None
    assert [one.field for one in found.fields] == [field]
    assert found.action is found.fields[0].action is ACTIONS[field]
    assert found.remarks == ((REMARKS[field],) if field in REMARKS else ())


def test_the_strongest_action_of_several_wins() -> None:
    resized = pipeline(endpoint={"instance_count": 2}, log_retention_days=60)
    assert change(pipeline(), resized).action is Action.REDEPLOY  # type: ignore[union-attr]
    wider = pipeline(endpoint={"instance_count": 2}, log_retention_days=60, window={"days": 14})
    assert change(pipeline(), wider).action is Action.RETRAIN  # type: ignore[union-attr]


def test_a_sliding_window_that_is_pinned_tells_all_three_values() -> None:
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
def test_how_the_next_deployment_goes_is_applied_and_nothing_is_deployed_for_it(
    written: dict[str, Any], fields: list[str]
) -> None:
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
        ("gate", {"max": None, "min": 1, "metric": "validation:accuracy"}),
        ("gate", {"max_regression": 0.2}),
        ("gate", {"sample_rows": 100, "advance_on_reject": True}),
        ("approval", {"timeout_minutes": 60}),
        ("arrival", {"quiet_minutes": 5, "max_wait_minutes": 60}),
    ],
)
def test_how_the_next_model_starts_and_is_judged_is_applied_and_nothing_is_trained_for_it(
    section: str, written: dict[str, Any]
) -> None:
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


def coded(source: str) -> Pipeline:
    return pipeline(training={"image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1", "source": source})


def test_other_code_in_the_same_folder_is_another_model() -> None:
    same = {KEY: coded("examples/gbm")}
    before, after = {"examples/gbm": "1a2b3c4" + "0" * 33}, {"examples/gbm": "5d6e7f8" + "0" * 33}
    (found,) = changes(same, same, before, after)
    assert found.action is Action.RETRAIN
    assert found.fields == (
        FieldChange("training.source", "examples/gbm@1a2b3c4", "examples/gbm@5d6e7f8", Action.RETRAIN),
    )
    assert changes(same, same, before, before) == ()


def test_ids_that_only_begin_alike_are_not_the_same_code() -> None:
    same = {KEY: coded("code")}
    (found,) = changes(same, same, {"code": "a" * 40}, {"code": "a" * 39 + "b"})
    assert found.action is Action.RETRAIN


def test_code_that_comes_goes_or_moves_is_told_with_what_is_known_of_it() -> None:
    here, there = {KEY: coded("code")}, {KEY: coded("other")}
    ids = {"code": "1" * 40, "other": "2" * 40}
    told = [
        (one.fields[0].before, one.fields[0].after)
        for one in (*changes(here, here, {}, ids), *changes(here, here, ids, {}), *changes(here, there, ids, ids))
    ]
    assert told == [("code", "code@1111111"), ("code@1111111", "code"), ("code@1111111", "other@2222222")]


def test_a_slash_behind_the_folder_is_no_change() -> None:
    ids = {"code": "1" * 40, "code/": "1" * 40}
    assert changes({KEY: coded("code")}, {KEY: coded("code/")}, ids, ids) == ()


def test_an_entry_of_a_map_is_a_field_of_its_own() -> None:
    before = pipeline(training={"hyperparameters": {"epochs": "15", "l1": "0"}}, tags={"team": "a"})
    after = pipeline(training={"hyperparameters": {"epochs": "20", "wd.x": "1"}}, tags={"team": "b"})
    found = change(before, after)
    assert found is not None
    assert [(one.field, one.before, one.after) for one in found.fields] == [
        ("training.hyperparameters.epochs", "15", "20"),
        ("training.hyperparameters.l1", "0", None),
        ("training.hyperparameters.wd.x", None, "1"),
        ("tags.team", "a", "b"),
    ]
    assert [one.action for one in found.fields] == [
        Action.RETRAIN,
        Action.RETRAIN,
        Action.RETRAIN,
        Action.APPLY_ONLY,
    ]


def test_a_section_that_was_null_changes_value_by_value() -> None:
    found = change(pipeline(), pipeline(slack={"channel": "ml", "token_parameter": "/refit/slack-token"}))
    assert found is not None
    assert found.action is Action.APPLY_ONLY
    assert [(one.field, one.before, one.after) for one in found.fields] == [
        ("slack.channel", None, "ml"),
        ("slack.token_parameter", None, "/refit/slack-token"),
    ]


def test_a_default_that_is_written_out_is_no_change() -> None:
    written = pipeline(window={"days": 7, "min_days": 1}, endpoint={"name": "prices"}, tags={}, log_retention_days=30)
    assert change(pipeline(), written) is None


def test_comments_order_and_layout_are_no_change() -> None:
    before = b'pipeline = "prices"\ndata = { prefix = "data/prices/", feature_dim = 13 }\n'
    after = (
        b'# Prices.\ndata = {\n  feature_dim = 13 # label first\n  prefix = "data/prices/"\n}\n\npipeline = "prices"\n'
    )
    assert changes({KEY: parse(before, REF)}, {KEY: parse(after, REF)}) == ()


def test_a_new_pipeline_has_its_first_run() -> None:
    assert changes({}, {KEY: pipeline()}) == (Change(KEY, Kind.ADDED, Action.RETRAIN),)


def test_a_removed_pipeline_is_left_to_a_person() -> None:
    (found,) = changes({KEY: pipeline()}, {})
    assert (found.kind, found.action) == (Kind.REMOVED, Action.NONE)
    assert "Nothing is destroyed" in found.remarks[0]


def test_a_file_that_is_not_valid_does_nothing_and_says_why() -> None:
    assert changes({KEY: pipeline()}, {KEY: BROKEN}) == (Change(KEY, Kind.CHANGED, Action.NONE, problems=BROKEN),)
    assert changes({}, {KEY: BROKEN}) == (Change(KEY, Kind.ADDED, Action.NONE, problems=BROKEN),)


def test_a_file_that_was_mended_is_trained_anew() -> None:
    (found,) = changes({KEY: BROKEN}, {KEY: pipeline()})
    assert (found.kind, found.action, found.fields) == (Kind.CHANGED, Action.RETRAIN, ())


def test_a_move_to_another_environment_is_one_removed_and_one_added() -> None:
    found = changes({"dev/prices": pipeline()}, {"prod/prices": pipeline()})
    assert [(one.key, one.kind) for one in found] == [("dev/prices", Kind.REMOVED), ("prod/prices", Kind.ADDED)]


some_pipelines = st.dictionaries(
    st.sampled_from(["dev/a", "dev/b", "prod/a"]),
    st.one_of(st.just(BROKEN), st.builds(lambda field: pipeline(**CHANGED[field]), st.sampled_from(sorted(CHANGED)))),
)


@settings(deadline=None)
@given(some_pipelines, some_pipelines)
def test_each_pipeline_that_differs_is_told_once_and_no_other(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = {one.key: one for one in changes(before, after)}
    assert list(found) == sorted(found)
    for key in before.keys() | after.keys():
        same = key in before and before[key] == after.get(key) and after[key] is not BROKEN
        assert (key in found) != same
        if key in found and found[key].action is not Action.NONE:
            assert isinstance(after[key], Pipeline)


@settings(deadline=None)
@given(some_pipelines)
def test_a_revision_does_not_differ_from_itself(side: dict[str, Any]) -> None:
    assert all(one.problems for one in changes(side, side))
