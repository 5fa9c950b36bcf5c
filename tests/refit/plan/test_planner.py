"""What a merge will do, from a real git history and a real bucket."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from refit.aws.session import Aws
from refit.costs.prices import Prices
from refit.domain.window import Window
from refit.errors import PipelineNotFound, RefitError
from refit.pipeline.schema.training import OWN_IMAGE
from refit.plan.actions import Action
from refit.plan.changes import compare
from refit.plan.field_changes import FieldChange, Kind
from refit.plan.plan import Plan, Planned
from refit.plan.planner import plan
from refit.plan.trigger_plan import announced
from tests.support.checkout import FOLDER, Checkout

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
WIDER = "window = { days = 14, holdout_days = 1 }"


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def only(found: Plan) -> Planned:
    (planned,) = found.pipelines
    return planned


def offline(checkout: Checkout, base: str, head: str | None = "HEAD") -> Plan:
    return plan(checkout.project, base, head, at=AT, live=False)


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


class TestCode:
    """The code of an own algorithm, in a folder of the repository."""

    @pytest.fixture
    def coded(self, checkout: Checkout) -> Checkout:
        own = f'training = {{ image = "{OWN_IMAGE}", source = "examples/gbm" }}'
        checkout.pipeline("prod/prices", own)
        checkout.pipeline("prod/churn", own.replace("gbm", "other"))
        checkout.pipeline("prod/plain")
        checkout.write("examples/gbm/train.py", b"1")
        checkout.write("examples/other/train.py", b"1")
        checkout.base = checkout.commit()
        return checkout

    def test_a_merge_that_changes_it_alone_is_applied_and_trains(self, coded: Checkout) -> None:
        coded.write("examples/gbm/train.py", b"2")
        head = coded.commit()
        found = compare(coded.project, coded.base, "HEAD")
        assert (found.document()["retrain"], found.to_apply) == (["prod/prices"], ("prod/prices",))
        assert found.reformatted == ()
        planned = only(offline(coded, coded.base))
        ids = [coded.git("rev-parse", f"{commit}:examples/gbm")[:7] for commit in (coded.base, head)]
        assert planned.change.fields == (
            FieldChange("training.source", f"examples/gbm@{ids[0]}", f"examples/gbm@{ids[1]}", Action.RETRAIN),
        )
        assert planned.run is not None
        assert planned.run.event["detail"]["force"] is True
        assert only(announced(coded.project, coded.base, ["prod/prices"])).run is not None

    def test_the_working_tree_is_planned_with_its_own(self, coded: Checkout) -> None:
        assert offline(coded, "HEAD", head=None).pipelines == ()
        coded.write("examples/gbm/more.py", b"not committed")
        assert only(offline(coded, "HEAD", head=None)).action is Action.RETRAIN

    def test_it_may_be_away_at_either_revision(self, coded: Checkout) -> None:
        (coded.root / "examples/gbm/train.py").unlink()
        without = coded.commit()
        tree = coded.git("rev-parse", f"{coded.base}:examples/gbm")[:7]
        for base, head, values in (
            (coded.base, without, (f"examples/gbm@{tree}", "examples/gbm")),
            (without, coded.base, ("examples/gbm", f"examples/gbm@{tree}")),
        ):
            (change,) = compare(coded.project, base, head).changes
            assert [(one.before, one.after) for one in change.fields] == [values]

    def test_it_may_change_with_the_comments_of_the_file(self, coded: Checkout) -> None:
        coded.pipeline("prod/prices", "# a comment", f'training = {{ image = "{OWN_IMAGE}", source = "examples/gbm" }}')
        coded.write("examples/gbm/train.py", b"2")
        coded.commit()
        found = offline(coded, coded.base)
        assert ([one.key for one in found.pipelines], found.reformatted) == (["prod/prices"], ())

    def test_before_the_first_push_there_was_none(self, coded: Checkout) -> None:
        found = compare(coded.project, "0" * 40, "HEAD").changes
        assert {one.kind for one in found} == {Kind.ADDED}


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


def test_what_others_merged_meanwhile_is_not_this_branchs_change(checkout: Checkout) -> None:
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


def test_prices_of_ones_own_count(checkout: Checkout) -> None:
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


def test_before_the_first_push_there_was_nothing(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    checkout.pipeline("prod/churn")
    checkout.commit()
    nothing = "0" * 40
    assert compare(checkout.project, nothing, "HEAD").to_apply == ("prod/churn", "prod/prices")
    assert [one.change.kind for one in offline(checkout, nothing).pipelines] == [Kind.ADDED, Kind.ADDED]
    assert len(announced(checkout.project, nothing).pipelines) == 2


class TestAnnounced:
    """What `refit trigger` is about to start."""

    @pytest.fixture
    def merged(self, checkout: Checkout) -> Checkout:
        for key in ("prod/prices", "prod/churn", "dev/churn"):
            checkout.pipeline(key)
        checkout.base = checkout.commit()
        checkout.pipeline("prod/prices", WIDER)
        checkout.commit()
        checkout.pipeline("prod/prices", "window = { days = 300 }")
        return checkout

    def test_the_commit_counts_and_not_the_working_tree(self, merged: Checkout) -> None:
        found = announced(merged.project, merged.base)
        assert only(found).window == Window(date(2026, 11, 9), date(2026, 11, 23))
        assert found.at == datetime(2026, 11, 22, 8, tzinfo=UTC)

    def test_it_is_the_plan_of_the_pull_request(self, merged: Checkout) -> None:
        promised = plan(merged.project, merged.base, "HEAD", live=False)
        assert announced(merged.project, merged.base) == promised

    def test_a_named_pipeline_trains_on_new_data_alone(self, merged: Checkout) -> None:
        run = only(announced(merged.project, None, ["dev/churn"])).run
        assert run is not None
        assert run.name.endswith("-20261116-20261122-if-new")
        assert "force" not in run.event["detail"]

    def test_what_a_person_asks_for_by_name_is_of_the_day_that_it_is_asked_on(self, merged: Checkout) -> None:
        later = datetime(2026, 11, 25, 9, tzinfo=UTC)
        found = announced(merged.project, None, ["dev/churn"], asked_at=later)
        assert only(found).window == Window(date(2026, 11, 19), date(2026, 11, 26))
        run = only(found).run
        assert run is not None
        assert run.event["time"] == "2026-11-25T09:00:00Z"
        assert announced(merged.project, merged.base, asked_at=later) == announced(merged.project, merged.base)
        same_day = datetime(2026, 11, 22, 23, tzinfo=UTC)
        assert announced(merged.project, None, ["dev/churn"], asked_at=same_day).at == datetime(
            2026, 11, 22, 8, tzinfo=UTC
        )

    def test_force_makes_it_the_same_request_as_a_change(self, merged: Checkout) -> None:
        changed = only(announced(merged.project, merged.base)).run
        assert only(announced(merged.project, None, ["prod/prices"], force=True)).run == changed

    def test_a_window_of_ones_own_replaces_the_pipelines(self, merged: Checkout) -> None:
        days = date(2026, 1, 1), date(2026, 1, 31)
        planned = only(announced(merged.project, merged.base, window=days))
        assert planned.run is not None
        assert planned.run.event["detail"]["window"] == {"start": "2026-01-01", "end": "2026-01-31"}
        assert "20260101-20260131" in planned.run.name

    def test_names_narrow_the_changes_and_say_what_has_not_changed(self, merged: Checkout) -> None:
        found = announced(merged.project, merged.base, ["prod/churn", "prices"])
        assert [(one.key, one.action, one.change.kind) for one in found.pipelines] == [
            ("prod/churn", Action.NONE, Kind.NAMED),
            ("prod/prices", Action.RETRAIN, Kind.CHANGED),
        ]
        assert "has not changed since" in found.pipelines[0].change.remarks[0]

    def test_a_pipeline_goes_by_its_key_its_name_or_its_file(self, merged: Checkout) -> None:
        file = str(merged.root / FOLDER / "prod" / "prices.tfvars")
        for name in ("prod/prices", "prices", file):
            assert only(announced(merged.project, None, [name])).key == "prod/prices"
        assert len(announced(merged.project, None, ["prices", file]).pipelines) == 1

    @pytest.mark.parametrize(
        ("name", "said"), [("churn", "more than one environment"), ("house", "no pipeline house in this commit")]
    )
    def test_a_name_that_means_none_or_several_is_refused(self, merged: Checkout, name: str, said: str) -> None:
        with pytest.raises(PipelineNotFound, match=said):
            announced(merged.project, None, [name])


class TestChanges:
    """`refit changes`: what workflows go by."""

    def test_only_the_changed_stacks_are_applied(self, checkout: Checkout) -> None:
        for key in ("prod/prices", "prod/churn", "prod/tidy", "prod/same"):
            checkout.pipeline(key)
        base = checkout.commit()
        checkout.pipeline("prod/prices", WIDER)
        checkout.pipeline("prod/tidy", "# a comment")
        checkout.pipeline("prod/added", "window = { days = 0 }")
        (checkout.root / FOLDER / "prod" / "churn.tfvars").unlink()
        checkout.commit()
        document = compare(checkout.project, base, "HEAD").document()
        assert document["apply"] == ["prod/added", "prod/prices", "prod/tidy"]
        assert (document["removed"], document["retrain"]) == (["prod/churn"], ["prod/prices"])
        assert (document["reformatted"], document["machinery"]) == (["prod/tidy"], [])
        assert [(one["pipeline"], one["valid"]) for one in document["changed"]] == [
            ("prod/added", False),
            ("prod/churn", True),
            ("prod/prices", True),
        ]
        json.dumps(document)

    @pytest.mark.parametrize("path", ["terraform/main.tf", "asl/states/new.json.j2", "driver/refit/domain/window.py"])
    def test_new_machinery_is_applied_everywhere(self, checkout: Checkout, path: str) -> None:
        checkout.pipeline("prod/prices")
        checkout.pipeline("prod/churn")
        base = checkout.commit()
        checkout.write(path, b"new")
        checkout.commit()
        found = compare(checkout.project, base, "HEAD")
        assert (found.machinery, found.changes) == ((path,), ())
        assert found.to_apply == ("prod/churn", "prod/prices")

    @pytest.mark.parametrize("path", ["README.md", "terraform/bootstrap/main.tf", "tests/new.py", "docs/x.md"])
    def test_other_files_apply_nothing(self, checkout: Checkout, path: str) -> None:
        checkout.pipeline("prod/prices")
        base = checkout.commit()
        checkout.write(path, b"new")
        checkout.commit()
        assert compare(checkout.project, base, "HEAD").to_apply == ()

    def test_files_that_only_look_like_pipelines_are_none(self, checkout: Checkout) -> None:
        for path in (f"{FOLDER}/prices.tfvars", f"{FOLDER}/a/b/prices.tfvars", f"{FOLDER}/prod/prices.tf"):
            checkout.write(path, b"x")
        checkout.commit()
        assert compare(checkout.project, checkout.base, "HEAD").document()["changed"] == []


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


def test_without_aws_the_days_are_still_told(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    checkout.pipeline("local/prices")
    checkout.commit()
    planned = only(plan(checkout.project, checkout.base, "HEAD", at=AT))
    assert planned.unknown == "the embedded cloud is not running"
    assert planned.window == Window(date(2026, 11, 16), date(2026, 11, 23))
