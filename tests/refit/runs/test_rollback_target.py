"""The earlier model that a rollback restores."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from refit.aws.endpoint import EndpointStatus, Variant
from refit.domain.endpoint_config import VariantIdentity
from refit.runs import rollback_target
from refit.runs.record import Record
from refit.runs.rollback_target import RollbackTarget

MINE = "prices-20261121-0a1b2c3d"


OTHER = "prices-20261120-0a1b2c3d"


def variants_of(model: str) -> tuple[Variant]:
    return (Variant(VariantIdentity("AllTraffic", model, {}), running=2),)


LIVE = EndpointStatus("prices", "InService", "", "config", variants_of(MINE))


def deployed(run: str, model: str, outcome: str = "NewData") -> Record:
    return Record(run, "", "Deployed", "", datetime(2026, 11, 22, tzinfo=UTC), outcome=outcome, model=model)


def previous(runs: Iterable[Record], live: EndpointStatus | None = LIVE) -> RollbackTarget:
    return rollback_target.previous(runs, live, lambda model: True, "prod/prices")


def test_a_redeployment_of_the_live_model_is_skipped() -> None:
    assert previous([deployed("r3", MINE, "Redeploy"), deployed("r2", MINE), deployed("r1", OTHER)]).run == "r1"


def test_a_second_rollback_after_a_redeployment_does_not_undo_the_first() -> None:
    runs = [deployed("r4", MINE, "Redeploy"), deployed("r3", MINE, "Rollback"), deployed("r2", OTHER)]
    assert previous([*runs, deployed("r1", MINE)]) == RollbackTarget(MINE, "r3", is_live=True)


def test_after_a_rollback_and_a_new_model_the_restored_model_is_the_previous_one() -> None:
    new = "prices-20261122-0a1b2c3d"
    live = replace(LIVE, variants=variants_of(new))
    assert previous([deployed("r4", new), deployed("r3", MINE, "Rollback"), deployed("r2", OTHER)], live).run == "r3"


def test_while_the_endpoint_is_updating_no_model_is_already_live() -> None:
    updating = replace(LIVE, status="Updating")
    assert rollback_target.to(deployed("r1", MINE), [], updating, lambda model: True, "prices") == RollbackTarget(
        MINE, "r1"
    )


def test_a_missing_endpoint_gets_the_newest_model() -> None:
    assert previous([deployed("r2", MINE), deployed("r1", OTHER)], None) == RollbackTarget(MINE, "r2")
