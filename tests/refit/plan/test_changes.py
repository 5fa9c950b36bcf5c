"""`refit changes`: the pipelines that changed between two commits, and the stacks to apply."""

from __future__ import annotations

import json

import pytest

from refit.pipeline.schema.training import OWN_IMAGE
from refit.plan.actions import Action
from refit.plan.changes import compare
from refit.plan.field_changes import FieldChange, Kind
from refit.plan.trigger_plan import announced
from tests.support.checkout import FOLDER, Checkout
from tests.support.plans import WIDER, offline, only


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

    def test_the_folder_may_be_missing_at_either_revision(self, coded: Checkout) -> None:
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


def test_before_the_first_push_there_was_nothing(checkout: Checkout) -> None:
    checkout.pipeline("prod/prices")
    checkout.pipeline("prod/churn")
    checkout.commit()
    nothing = "0" * 40
    assert compare(checkout.project, nothing, "HEAD").to_apply == ("prod/churn", "prod/prices")
    assert [one.change.kind for one in offline(checkout, nothing).pipelines] == [Kind.ADDED, Kind.ADDED]
    assert len(announced(checkout.project, nothing).pipelines) == 2


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

    def test_files_that_only_look_like_pipelines_are_named(self, checkout: Checkout) -> None:
        for path in (f"{FOLDER}/prices.tfvars", f"{FOLDER}/a/b/prices.tfvars", f"{FOLDER}/prod/prices.tf"):
            checkout.write(path, b"x")
        checkout.commit()
        document = compare(checkout.project, checkout.base, "HEAD").document()
        assert document["changed"] == []
        assert [one.partition(":")[0] for one in document["ignored"]] == [
            f"{FOLDER}/a/b/prices.tfvars",
            f"{FOLDER}/prices.tfvars",
            f"{FOLDER}/prod/prices.tf",
        ]
