"""The pull request's comment: its text, its maximum length, and escaping, so that no value acts as Markdown."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refit.costs.estimate import Cost
from refit.data.coverage import Coverage, cover
from refit.domain.days import DataObject
from refit.domain.layout import Layout
from refit.domain.unread_objects import in_other_layout
from refit.domain.window import Window, window_of
from refit.errors import Problem
from refit.git import Commit
from refit.pipeline.model import Pipeline
from refit.plan.actions import REMARKS, REMOVED, Action
from refit.plan.field_changes import Change, FieldChange, Kind, changes
from refit.plan.machinery import Upgrade
from refit.plan.plan import Plan, PlannedPipeline
from refit.problem_codes import Code
from refit.report.pull_request_comment import LONGEST, comment
from tests.support.golden import same_as
from tests.support.markdown import nasty, tokens

AT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
BASE, HEAD = Commit("a" * 40, AT), Commit("0123456789abcdef" + "0" * 24, AT)


PREFIX = "data/prices/"


COST = Cost(
    transitions=53,
    polls=13,
    training=0.019,
    training_at_most=0.23,
    orchestration=0.0015,
    second_fleet=0.0153,
    run=0.0358,
    run_at_most=0.2468,
    endpoint_month=83.95,
    alarms_month=0.4,
    assumptions=("5 minutes of training, all billed",),
    unknown=(),
)


def pipeline(**fields: Any) -> Pipeline:
    return Pipeline.model_validate({"pipeline": "prices", "data": {"prefix": PREFIX, "feature_dim": 2}, **fields})


def covered(chosen: Pipeline, days: Sequence[str], empty: Sequence[str] = (), other: Sequence[str] = ()) -> Coverage:
    objects = [DataObject(f"{PREFIX}{day}.csv", "e", 1_234) for day in days]
    objects += [DataObject(f"{PREFIX}{day}.csv", "e", 0) for day in empty]
    objects += [DataObject(f"{PREFIX}{key}", "e", 5) for key in other]
    settings = chosen.window.settings
    return cover(objects, "prices-000000000000-us-west-2", Layout(PREFIX), window_of(settings, AT), settings)


def changed(key: str, before: Pipeline, after: Pipeline, **known: Any) -> PlannedPipeline:
    (change,) = changes({key: before}, {key: after})
    window = window_of(after.window.settings, AT) if change.action is Action.RETRAIN else None
    return PlannedPipeline(change, f"terraform/pipelines/{key}.tfvars", after, window, **known)


def plan(*pipelines: PlannedPipeline, **known: Any) -> Plan:
    return Plan(BASE, HEAD, AT, pipelines, **known)


def retrained(key: str = "prod/prices") -> PlannedPipeline:
    after = pipeline(window={"days": 14, "holdout_days": 2}, log_retention_days=60)
    days = [f"2026-11-{number:02}" for number in (9, 10, 11, 13, 14, 15, 16, 18, 19, 20)]
    data = covered(after, days, empty=["2026-11-17"], other=["2026-11-12.parquet", "2026-11-1|`@octocat`\n"])
    return changed(key, pipeline(), after, coverage=data, cost=COST, endpoint_month_before=83.95)


def test_a_plan_of_everything() -> None:
    pinned = pipeline(window={"start": "2026-10-28", "end": "2026-11-10"})
    broken = Problem(
        "terraform/pipelines/prod/broken.tfvars",
        4,
        19,
        Code.OUT_OF_RANGE,
        "window.days must be between 1 and 3653, got 0",
    )
    added = pipeline(endpoint={"name": "fresh"})
    text = comment(
        plan(
            PlannedPipeline(Change("dev/gone", Kind.REMOVED, Action.NONE, remarks=(REMOVED,)), "…"),
            PlannedPipeline(Change("prod/broken", Kind.CHANGED, Action.NONE, problems=(broken,)), "…"),
            changed("prod/chatty", pipeline(), pipeline(log_retention_days=60), cost=COST),
            PlannedPipeline(
                Change("prod/fresh", Kind.ADDED, Action.RETRAIN),
                "…",
                added,
                Window(date(2026, 11, 16), date(2026, 11, 23)),
                unknown="there is no bucket fresh-1 yet; terraform apply creates it",
                cost=replace(COST, run=None, run_at_most=None, unknown=("the price of training on ml.z9.large",)),
            ),
            changed(
                "prod/larger",
                pipeline(),
                pipeline(endpoint={"instance_count": 2}),
                cost=replace(COST, endpoint_month=167.9),
                endpoint_month_before=83.95,
            ),
            changed("prod/pinned", pipeline(), pinned, coverage=covered(pinned, ["2026-11-01"]), cost=COST),
            retrained(),
            reformatted=("prod/tidy", "prod/tidier"),
            upgrade=Upgrade("0.1.0", "0.2.0"),
        )
    )
    assert same_as("comment.md", text)


def test_a_plan_of_nothing() -> None:
    assert same_as("comment-of-nothing.md", comment(plan(reformatted=("prod/tidy",), machinery=("asl/x", "lambdas/y"))))


def test_one_new_pipeline_is_announced_as_such() -> None:
    added = PlannedPipeline(Change("prod/fresh", Kind.ADDED, Action.RETRAIN), "…", pipeline())
    assert "\n1 pipeline added; it will be trained.\n" in comment(plan(added))


@pytest.mark.parametrize(
    ("kind", "action", "sentence"),
    [
        (Kind.CHANGED, Action.RETRAIN, "1 pipeline changes; it will be retrained."),
        (Kind.CHANGED, Action.REDEPLOY, "1 pipeline changes; its model will be redeployed."),
        (Kind.CHANGED, Action.APPLY_ONLY, "1 pipeline changes; it will be applied without a run."),
        (Kind.REMOVED, Action.NONE, "1 pipeline changes; nothing will run."),
    ],
)
def test_one_changed_pipeline_is_a_sentence(kind: Kind, action: Action, sentence: str) -> None:
    one = PlannedPipeline(Change("prod/prices", kind, action), "…", pipeline())
    assert f"\n{sentence}\n" in comment(plan(one))


def test_an_upgrade_alone_says_why_every_stack_is_applied() -> None:
    text = comment(plan(upgrade=Upgrade("0.1.0", "0.2.0"), machinery=("requirements.txt",)))
    assert "Every stack is applied again, without a run: `refit 0.1.0 → 0.2.0 (refit.toml)`." in text
    assert "1 file that every stack is built from changed (`requirements.txt`)" in text


def test_too_little_data_is_announced_as_the_end_that_it_leads_to() -> None:
    after = pipeline(window={"min_days": 3})
    text = comment(plan(changed("prod/prices", pipeline(), after, coverage=covered(after, ["2026-11-20"]), cost=COST)))
    assert "**The run will end in NoNewData.** Days with data: 1 of 7; a run needs 3." in text


def test_objects_that_may_be_the_missing_data_are_named() -> None:
    objects = [DataObject(f"{PREFIX}2026-11-22/_part|0.csv", "e", 5)]
    settings = pipeline().window.settings
    found = cover(objects, "prices-000000000000-us-west-2", Layout(PREFIX), window_of(settings, AT), settings)
    found = replace(found, other_layout=in_other_layout([f"{PREFIX}dt=2026-11-22/part-0.csv"], Layout(PREFIX)))
    text = comment(plan(changed("prod/prices", pipeline(), pipeline(window={"days": 3}), coverage=found, cost=COST)))
    hidden, other = (html.unescape(line) for line in text.splitlines() if line.startswith("Not read: "))
    assert hidden.startswith(f"Not read: <code>{PREFIX}2026-11-22/_part|0.csv is not data: it is hidden")
    assert other.startswith(f"Not read: `{PREFIX}dt=2026-11-22/part-0.csv looks like a day's data in the layout dt=")


def test_a_moved_bucket_warns() -> None:
    text = comment(plan(changed("prod/prices", pipeline(), pipeline(bucket="my-company-prices"), cost=COST)))
    assert f"> {REMARKS['bucket']}" in text


@settings(deadline=None)
@given(st.lists(nasty, min_size=4, max_size=4))
def test_no_value_of_a_plan_becomes_structure(texts: list[str]) -> None:
    field, value, key, fault = texts
    change = Change(
        key,
        Kind.CHANGED,
        Action.RETRAIN,
        (FieldChange(field, value, None, Action.RETRAIN),),
        (Problem(fault, 1, 1, Code.SYNTAX, value, field),),
    )
    hostile = replace(retrained(), change=change)
    calm = replace(
        hostile,
        change=replace(
            change,
            key="k",
            fields=(FieldChange("f", "v", None, Action.RETRAIN),),
            problems=(Problem("f", 1, 1, Code.SYNTAX, "m", "h"),),
        ),
    )
    structure = [token.type for token in tokens(comment(plan(calm))) if token.type not in ("text", "code_inline")]
    hostile_structure = [
        token.type for token in tokens(comment(plan(hostile))) if token.type not in ("text", "code_inline")
    ]
    assert without_inline_html(hostile_structure) == without_inline_html(structure)


def without_inline_html(kinds: list[str]) -> list[str]:
    return [kind for kind in kinds if kind not in ("html_inline", "softbreak")]


def test_a_comment_stays_below_what_github_takes_and_names_what_it_leaves_out() -> None:
    text = comment(plan(*(retrained(f"prod/p{number:03}") for number in range(400))))
    assert len(text) <= LONGEST
    assert "pipelines do not fit in this comment" in text
    assert "`prod/p000`" in text
    assert "left out)" in text
    assert text.count("```") % 2 == 0


def test_a_comment_of_one_enormous_pipeline_stays_below_it_too() -> None:
    fields = tuple(FieldChange(f"tags.{'|' * 100}{n}", "|" * 500, "`" * 500, Action.APPLY_ONLY) for n in range(200))
    problems = tuple(Problem("|" * 500, n, 1, Code.SYNTAX, "|" * 500) for n in range(200))
    window = {"start": "2025-11-22", "end": "2026-11-22"}
    after = pipeline(window=window)
    data = covered(after, [], other=["2025-12-31" + "|" * 900 + str(n) for n in range(9)])
    enormous = changed("prod/prices", pipeline(), after, coverage=data, cost=COST)
    enormous = replace(enormous, change=replace(enormous.change, fields=fields, problems=problems))
    text = comment(plan(enormous, retrained(), reformatted=tuple(f"prod/{'x' * 100}{n}" for n in range(500))))
    assert len(text) <= LONGEST
    assert "left out" in text


def test_files_that_no_command_reads_are_named() -> None:
    stray = Problem("terraform/pipelines/gamma.tfvars", 1, 1, Code.NOT_A_PIPELINE, "no command reads it", "move it")
    assert comment(plan(strays=(stray,))).splitlines()[4:7] == [
        "**No command reads these new files:**",
        "",
        "- `terraform/pipelines/gamma.tfvars:1:1: not-a-pipeline no command reads it; move it`",
    ]


def test_a_page_that_is_no_comment_leaves_nothing_out() -> None:
    text = comment(plan(*(retrained(f"prod/p{number:03}") for number in range(400))), longest=None)
    assert "do not fit" not in text
    assert all(f"`prod/p{number:03}`" in text for number in range(400))
