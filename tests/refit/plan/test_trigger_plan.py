"""The runs that `refit trigger` starts: those that a commit requires, or those of pipelines given by name."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from refit.domain.window import Window
from refit.errors import PipelineNotFound
from refit.plan.actions import Action
from refit.plan.field_changes import Kind
from refit.plan.planner import plan
from refit.plan.trigger_plan import announced
from tests.support.checkout import FOLDER, Checkout
from tests.support.plans import WIDER, only


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

    def test_windows_of_named_pipelines_end_on_the_day_of_the_request(self, merged: Checkout) -> None:
        later = datetime(2026, 11, 25, 9, tzinfo=UTC)
        found = announced(merged.project, None, ["dev/churn"], requested_at=later)
        assert only(found).window == Window(date(2026, 11, 19), date(2026, 11, 26))
        run = only(found).run
        assert run is not None
        assert run.event["time"] == "2026-11-25T09:00:00Z"
        assert announced(merged.project, merged.base, requested_at=later) == announced(merged.project, merged.base)
        same_day = datetime(2026, 11, 22, 23, tzinfo=UTC)
        assert announced(merged.project, None, ["dev/churn"], requested_at=same_day).at == datetime(
            2026, 11, 22, 8, tzinfo=UTC
        )

    def test_force_makes_it_the_same_request_as_a_change(self, merged: Checkout) -> None:
        changed = only(announced(merged.project, merged.base)).run
        assert only(announced(merged.project, None, ["prod/prices"], force=True)).run == changed

    def test_a_given_window_replaces_the_pipelines(self, merged: Checkout) -> None:
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

    def test_a_pipeline_is_found_by_its_key_its_name_or_its_file(self, merged: Checkout) -> None:
        file = str(merged.root / FOLDER / "prod" / "prices.tfvars")
        for name in ("prod/prices", "prices", file):
            assert only(announced(merged.project, None, [name])).key == "prod/prices"
        assert len(announced(merged.project, None, ["prices", file]).pipelines) == 1

    def test_a_local_pipeline_is_planned_from_its_file_if_that_is_not_committed(self, merged: Checkout) -> None:
        merged.pipeline("local/prices", "window = { days = 3 }")
        now = datetime(2026, 11, 25, 8, tzinfo=UTC)
        found = announced(merged.project, None, ["local/prices"], requested_at=now)
        run = only(found).run
        assert run is not None
        assert (found.head, only(found).window) == (None, Window(date(2026, 11, 23), date(2026, 11, 26)))
        assert run.name.startswith("local-")
        assert run.name.endswith("-20261123-20261125-if-new")
        assert "commit" not in run.event["detail"]
        merged.pipeline("local/prices", "window = { days = 3, holdout_days = 1 }")
        again = only(announced(merged.project, None, ["local/prices"], requested_at=now)).run
        assert again is not None
        assert again.name != run.name, "another file is another request"

    def test_a_local_pipeline_that_is_committed_is_planned_from_the_commit(self, merged: Checkout) -> None:
        merged.pipeline("local/prices", "window = { days = 3 }")
        merged.commit()
        run = only(announced(merged.project, None, ["local/prices"])).run
        assert run is not None
        assert "commit" in run.event["detail"]

    @pytest.mark.parametrize(
        ("name", "said"), [("churn", "more than one environment"), ("house", "this commit has no pipeline house")]
    )
    def test_an_unknown_or_ambiguous_name_is_rejected(self, merged: Checkout, name: str, said: str) -> None:
        with pytest.raises(PipelineNotFound, match=said):
            announced(merged.project, None, [name])
