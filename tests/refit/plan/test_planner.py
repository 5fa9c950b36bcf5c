"""The effect of a merge, planned from a real git history and a real bucket."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from refit.aws.session import Aws
from refit.costs.prices import Prices
from refit.domain.window import Window
from refit.errors import RefitError
from refit.plan.actions import Action
from refit.plan.field_changes import Kind
from refit.plan.planner import plan
from refit.plan.trigger_plan import announced
from tests.support.checkout import FOLDER, Checkout
from tests.support.plans import AT, WIDER, offline, only


def test_a_new_pipeline_has_its_first_run_on_its_window(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    checkout.commit()
    planned = only(offline(checkout, checkout.base))
    assert (planned.key, planned.change.kind, planned.action) == ("prod/prices", Kind.ADDED, Action.RETRAIN)
    assert planned.file == f"{FOLDER}/prod/prices.tfvars"
    assert planned.window == Window(date(2026, 11, 16), date(2026, 11, 23))
    assert (planned.coverage, planned.unknown) == (None, "not checked (--offline)")


def test_only_what_changed_is_planned(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    checkout.pipeline("prod/churn")
    checkout.pipeline("prod/tidy")
    base = checkout.commit()
    checkout.pipeline("prod/churn", WIDER)
    checkout.pipeline("prod/tidy", "# a comment")
    checkout.write("README.md", b"hello")
    checkout.commit()
    found = offline(checkout, base)
    assert only(found).key == "prod/churn"
    assert found.reformatted == ("prod/tidy",)
    assert (found.base and found.base.sha) == base


def test_the_run_has_the_announced_days_the_commit_and_trains_in_any_case(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices", WIDER)
    head = checkout.commit()
    run = only(offline(checkout, checkout.base)).run
    assert run is not None
    assert run.name == f"{head[:12]}-20261109-20261122"
    assert run.event == {
        "source": "refit.schedule",
        "time": "2026-11-22T12:00:00Z",
        "detail": {"window": {"start": "2026-11-09", "end": "2026-11-22"}, "commit": head, "force": True},
    }


def test_a_redeployment_trains_nothing(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    base = checkout.commit()
    checkout.pipeline("prod/prices", "endpoint = { instance_count = 2 }")
    head = checkout.commit()
    planned = only(offline(checkout, base))
    assert (planned.action, planned.window) == (Action.REDEPLOY, None)
    assert planned.run is not None
    assert planned.run.name == f"{head[:12]}-redeploy"
    assert planned.run.event["detail"] == {"commit": head, "redeploy": True}
    assert (planned.endpoint_month_before, planned.cost and planned.cost.endpoint_month) == (83.95, 167.9)


def test_what_is_only_applied_or_removed_starts_nothing(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    checkout.pipeline("prod/churn")
    base = checkout.commit()
    checkout.pipeline("prod/prices", "log_retention_days = 60")
    (checkout.root / FOLDER / "prod" / "churn.tfvars").unlink()
    checkout.commit()
    found = offline(checkout, base)
    assert {one.key: (one.action, one.run) for one in found.pipelines} == {
        "prod/churn": (Action.NONE, None),
        "prod/prices": (Action.APPLY_ONLY, None),
    }


def test_a_file_that_is_not_valid_is_in_the_plan_with_its_places(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    base = checkout.commit()
    checkout.pipeline("prod/prices", "window = { days = 0 }", "windov = 1")
    checkout.commit()
    found = offline(checkout, base)
    assert not found.valid
    assert [(one.file, one.line) for one in only(found).change.problems] == [
        (f"{FOLDER}/prod/prices.tfvars", 4),
        (f"{FOLDER}/prod/prices.tfvars", 5),
    ]
    assert only(found).run is None


def test_a_pinned_window_must_not_end_after_the_event(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices", 'window = { start = "2026-11-20", end = "2026-11-23" }')
    checkout.commit()
    assert not offline(checkout, checkout.base).valid
    later = datetime(2026, 11, 23, tzinfo=UTC)
    assert plan(checkout.project, checkout.base, "HEAD", at=later, live=False).valid


def test_a_commits_own_date_is_the_event_time(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    checkout.clock = datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    checkout.commit()
    found = plan(checkout.project, checkout.base, "HEAD", live=False)
    assert found.at == datetime(2026, 3, 1, 0, 30, tzinfo=UTC)
    assert only(found).window == Window(date(2026, 2, 23), date(2026, 3, 2))


def test_the_same_commits_give_the_same_plan(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices", WIDER)
    checkout.commit()
    first = plan(checkout.project, checkout.base, "HEAD", live=False)
    assert plan(checkout.project, checkout.base, "HEAD", live=False) == first


def test_without_a_head_the_working_tree_is_planned_and_no_run_is_named(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices", WIDER)
    found = offline(checkout, checkout.base, head=None)
    assert found.head is None
    assert only(found).window == Window(date(2026, 11, 9), date(2026, 11, 23))
    assert only(found).run is None


def test_a_working_tree_is_planned_for_now_in_whole_seconds(checkout: Checkout) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    found = plan(checkout.project, checkout.base, None, live=False)
    assert before <= found.at <= datetime.now(UTC)
    assert found.at.microsecond == 0


def test_what_others_have_merged_since_is_not_a_change_of_this_branch(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    checkout.commit()
    checkout.git("checkout", "--quiet", "-b", "topic")
    checkout.pipeline("prod/churn")
    checkout.commit()
    checkout.git("checkout", "--quiet", "main")
    checkout.pipeline("prod/prices", WIDER)
    checkout.commit()
    assert only(offline(checkout, "main", "topic")).key == "prod/churn"


def test_after_a_forced_push_the_two_revisions_themselves_are_compared(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    checkout.commit()
    checkout.git("branch", "old")
    checkout.git("checkout", "--quiet", "old")
    checkout.pipeline("prod/prices", WIDER)
    applied = checkout.commit()
    checkout.git("checkout", "--quiet", "main")
    (change,) = announced(checkout.project, applied).pipelines
    assert [(one.field, one.before, one.after) for one in change.change.fields] == [
        ("window.days", 14, 7),
        ("window.holdout_days", 1, 0),
    ]


def test_prices_of_a_file_replace_the_table(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    checkout.commit()
    table = {"us-west-2": Prices(endpoint_hour={"ml.m5.large": 1.0})}
    cost = only(plan(checkout.project, checkout.base, "HEAD", at=AT, live=False, prices=table)).cost
    assert cost is not None
    assert (cost.endpoint_month, cost.training) == (730.0, None)


def test_a_plan_is_json(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices", WIDER)
    checkout.commit()
    document = json.loads(json.dumps(offline(checkout, checkout.base).document()))
    assert document["pipelines"][0]["window"] == {"start": "2026-11-09", "end": "2026-11-22"}
    assert document["pipelines"][0]["data_unknown"] == "not checked (--offline)"


def test_an_unknown_base_is_refused_with_advice(checkout: Checkout) -> None:
    with pytest.raises(RefitError, match="there is no revision") as raised:
        offline(checkout, "f" * 40)
    assert "fetch" in (raised.value.hint or "")


@pytest.mark.usefixtures("exported")
def test_the_bucket_says_which_days_have_data(checkout: Checkout, aws: Aws) -> None:
    bucket = "prices-000000000000-us-west-2"
    aws.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    for number in (16, 18, 19):
        aws.s3.put_object(Bucket=bucket, Key=f"data/prices/2026-11-{number}.csv", Body=b"1,2,3\n" * number)
    checkout.pipeline("local/prices", "window = { days = 7, holdout_days = 1 }")
    checkout.commit()
    planned = only(plan(checkout.project, checkout.base, "HEAD", at=AT))
    assert planned.unknown == ""
    assert planned.coverage is not None
    assert planned.coverage.train.days == (date(2026, 11, 16), date(2026, 11, 18))
    assert planned.coverage.train.bytes == 6 * (16 + 18)
    assert planned.coverage.validation.days == (date(2026, 11, 19),)
    assert not planned.too_little_data


@pytest.mark.usefixtures("exported")
def test_a_bucket_that_the_apply_will_make_is_no_error(checkout: Checkout) -> None:
    checkout.pipeline("local/newcomer")
    checkout.commit()
    planned = only(plan(checkout.project, checkout.base, "HEAD", at=AT))
    assert planned.unknown == "there is no bucket newcomer-000000000000-us-west-2 yet; terraform apply creates it"
    assert planned.run is not None


def test_without_aws_the_plan_still_has_the_window(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    checkout.pipeline("local/prices")
    checkout.commit()
    planned = only(plan(checkout.project, checkout.base, "HEAD", at=AT))
    assert planned.unknown == "the embedded cloud is not running"
    assert planned.window == Window(date(2026, 11, 16), date(2026, 11, 23))
