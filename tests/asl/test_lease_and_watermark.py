"""Direct orchestration: only the run with the lease changes anything, and the watermark never moves back."""

from __future__ import annotations

from typing import Any

import pytest

from refit.domain import messages
from tests.support.direct_orchestration import outcome_of_choice
from tests.support.jsonata import ARN, OTHER, expression


@pytest.mark.parametrize(
    ("holder", "document", "way"),
    [
        (ARN, {}, "CreateModel"),
        (ARN, {"model": OTHER}, "CreateEndpointConfig"),
        (ARN, {"outcome": "NewData"}, "TrainingRedriveWait"),
        (ARN, {"outcome": "NewData", "training": {}}, "CreateModel"),
        (ARN, {"deployment": {}}, "ReadWatermark"),
        (ARN, {"evaluation": {"decision": "Rejected"}}, "ReadWatermark"),
        ("arn:another", {}, "PreconditionFailed"),
        ("arn:another", {"outcome": "NewData"}, "PreconditionFailed"),
        ("arn:another", {"deployment": {}}, "PreconditionFailed"),
    ],
)
def test_only_who_holds_the_lease_changes_anything(holder: str, document: dict[str, Any], way: str) -> None:
    assert outcome_of_choice("LeaseBranch", document, holder=holder)[0] == way


@pytest.mark.parametrize(
    ("document", "task"),
    [
        ({"outcome": "NewData"}, "StartTrainingJob"),
        ({"outcome": "NewData", "training": {}}, "DeployModel"),
        ({"outcome": "Rollback"}, "DeployModel"),
        ({"outcome": "Rollback", "deployment": {}}, "UpdateParameters"),
    ],
)
def test_a_lost_lease_is_told_under_the_state_that_needed_it(document: dict[str, Any], task: str) -> None:
    _, assigned = outcome_of_choice("LeaseBranch", document, holder="arn:another")
    cause = messages.LEASE_TAKEN.format(holder="arn:another")
    assert assigned == {"caught": {"Error": "LeaseLost", "Cause": cause}}
    lost = expression("precondition_failed", document, variables=assigned)
    assert lost == document | {"failed": {task: assigned["caught"]}}


@pytest.mark.parametrize(
    ("newest", "watermark", "way"),
    [
        ("2026-11-07", None, "UpdateParameters"),
        ("2026-11-07", "2026-11-06", "UpdateParameters"),
        ("2026-11-07", "2026-11-07", "RememberRun"),
        ("2026-11-06", "2026-11-07", "WatermarkKept"),
        (None, "2026-11-07", "WatermarkKept"),
        (None, None, "WatermarkKept"),
    ],
)
def test_the_watermark_never_moves_back(newest: str | None, watermark: str | None, way: str) -> None:
    document = {"newest": newest, "watermark": "2026-11-01"}
    assert outcome_of_choice("UpdateParametersBranch", document, watermark=watermark)[0] == way


def test_a_watermark_that_is_no_longer_a_date_is_not_written_over() -> None:
    way, assigned = outcome_of_choice("UpdateParametersBranch", {"newest": "2026-11-07"}, watermark="soon")
    assert way == "PreconditionFailed"
    assert assigned["caught"] == {
        "Error": "InvalidParameter",
        "Cause": messages.WATERMARK_IS_NO_DATE.format(parameter="/models/prices/train/latest", watermark="soon"),
    }
