"""The names of executions: equal for equal requests, different for different ones, within AWS's length."""

from __future__ import annotations

from datetime import UTC, date, datetime

from refit.domain.window import Window
from refit.git import Commit
from refit.runs import execution_names
from refit.runs.execution_names import ATTEMPTS, MAX_NAME

COMMIT = Commit("0123456789abcdef" * 4, datetime(2026, 11, 22, 12, tzinfo=UTC))
WINDOW = Window(date(2026, 11, 16), date(2026, 11, 23))
MODEL = "prices-20261121-0a1b2c3d"


def test_a_run_of_a_merge_is_named_for_its_commit_and_days() -> None:
    assert execution_names.for_merge(COMMIT, WINDOW, force=True) == "0123456789ab-20261116-20261122"
    assert execution_names.for_merge(COMMIT, WINDOW, force=False) == "0123456789ab-20261116-20261122-if-new"
    assert execution_names.for_merge(COMMIT, None, force=True) == "0123456789ab-redeploy"


def test_a_run_of_a_backfill_is_named_for_its_days_and_what_it_trains_by() -> None:
    names = [execution_names.for_backfill(WINDOW, "0a1b2c3d", deploys=deploys) for deploys in (False, True)]
    assert names == ["backfill-20261116-20261122-0a1b2c3d", "backfill-20261116-20261122-deploy-0a1b2c3d"]
    assert all(name.startswith(execution_names.BACKFILL) for name in names)


def test_a_rollback_is_named_for_the_model_and_the_endpoint_config_in_use() -> None:
    name = execution_names.for_rollback(MODEL, "now", "prices")
    assert name.startswith("rollback-20261121-0a1b2c3d-")
    assert name == execution_names.for_rollback(MODEL, "now", "prices")
    assert len({name, execution_names.for_rollback(MODEL, "later", "prices")}) == 2


def test_a_rollback_is_recognized_with_and_without_a_number() -> None:
    name = execution_names.for_rollback(MODEL, "now", "prices")
    numbered = [execution_names.numbered(name, attempt) for attempt in range(1, ATTEMPTS + 1)]
    assert {execution_names.model_of_rollback(one, "prices") for one in numbered} == {MODEL}
    others = [execution_names.for_merge(COMMIT, WINDOW, force=True), f"{name}-x", name[:-1], f"my-{name}"]
    assert {execution_names.model_of_rollback(one, "prices") for one in others} == {None}


def test_a_request_knows_its_own_executions_and_the_next_name() -> None:
    trained, deployed = (execution_names.for_backfill(WINDOW, "0a1b2c3d", deploys=one) for one in (False, True))
    known = [trained, deployed, f"{trained}-2"]
    assert execution_names.attempts(trained, known) == [trained, f"{trained}-2"]
    assert execution_names.unused(trained, [trained, f"{trained}-2"]) == f"{trained}-3"
    assert execution_names.unused(trained, [f"{trained}-2"]) == trained
    assert execution_names.unused(deployed, []) == deployed


def test_every_name_fits_with_its_number() -> None:
    names = [
        execution_names.for_merge(COMMIT, WINDOW, force=False),
        execution_names.for_merge(COMMIT, None, force=True),
        execution_names.for_backfill(WINDOW, "0a1b2c3d", deploys=True) + "-999",
        execution_names.for_rollback(f"{'p' * 32}-20261121-0a1b2c3d", "now", "p" * 32),
    ]
    assert max(len(execution_names.numbered(name, ATTEMPTS)) for name in names) <= MAX_NAME
