"""Changes of pipeline files: values are compared, not text, and every field has its action."""

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from refit.errors import Problem
from refit.pipeline.files import Source, parse
from refit.pipeline.model import Pipeline
from refit.plan.actions import Action
from refit.plan.field_changes import Change, FieldChange, Kind, changes
from refit.problem_codes import Code
from refit.project import PipelineRef, Project
from tests.support.field_changes import KEY, change, pipeline
from tests.support.fields import leaves, pipelines, with_another_value

REF = PipelineRef(Project(Path("/checkout")), Path("/checkout/terraform/pipelines/prod/prices.tfvars"))


BROKEN = (Problem(REF.display_path, 1, 1, Code.SYNTAX, "broken"),)


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


def test_ids_with_the_same_prefix_are_different_code() -> None:
    same = {KEY: coded("code")}
    (found,) = changes(same, same, {"code": "a" * 40}, {"code": "a" * 39 + "b"})
    assert found.action is Action.RETRAIN


def test_added_removed_or_moved_code_is_a_change_of_the_source() -> None:
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
    assert changes({KEY: parse(Source(before), REF)}, {KEY: parse(Source(after), REF)}) == ()


def test_a_new_pipeline_has_its_first_run() -> None:
    assert changes({}, {KEY: pipeline()}) == (Change(KEY, Kind.ADDED, Action.RETRAIN),)


def test_a_removed_pipeline_requires_manual_action() -> None:
    (found,) = changes({KEY: pipeline()}, {})
    assert (found.kind, found.action) == (Kind.REMOVED, Action.NONE)
    assert "Nothing is destroyed" in found.remarks[0]


def test_a_file_that_is_not_valid_does_nothing_and_says_why() -> None:
    assert changes({KEY: pipeline()}, {KEY: BROKEN}) == (Change(KEY, Kind.CHANGED, Action.NONE, problems=BROKEN),)
    assert changes({}, {KEY: BROKEN}) == (Change(KEY, Kind.ADDED, Action.NONE, problems=BROKEN),)


def test_a_file_that_was_fixed_is_retrained() -> None:
    (found,) = changes({KEY: BROKEN}, {KEY: pipeline()})
    assert (found.kind, found.action, found.fields) == (Kind.CHANGED, Action.RETRAIN, ())


def test_a_move_to_another_environment_is_one_removed_and_one_added() -> None:
    found = changes({"dev/prices": pipeline()}, {"prod/prices": pipeline()})
    assert [(one.key, one.kind) for one in found] == [("dev/prices", Kind.REMOVED), ("prod/prices", Kind.ADDED)]


some_pipelines = st.dictionaries(
    st.sampled_from(["dev/a", "dev/b", "prod/a"]),
    st.sampled_from([BROKEN, *(with_another_value(pipelines(field)[0], field) for field in leaves())]),
)


@settings(deadline=None)
@given(some_pipelines, some_pipelines)
def test_each_differing_pipeline_is_listed_once_and_no_other(before: dict[str, Any], after: dict[str, Any]) -> None:
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
