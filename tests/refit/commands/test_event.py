"""`refit event`: contradictory options are rejected with a hint."""

from __future__ import annotations

import pytest

from refit.commands.event import event
from refit.errors import RefitError


@pytest.mark.parametrize(
    ("options", "message", "hint"),
    [
        (
            {"redeploy": True, "rollback": "a-model"},
            "redeploy deploys the live model again, and rollback another",
            "leave one out",
        ),
        ({"redeploy": True, "force": True}, "redeploy trains nothing", "leave out window, force and train-only"),
        ({"rollback": "a model"}, "'a model' is not the name of a model", "refit history"),
    ],
)
def test_options_that_contradict_each_other_are_refused_with_a_hint(
    options: dict[str, bool | str], message: str, hint: str
) -> None:
    with pytest.raises(RefitError, match=message) as refused:
        event(**options)  # type: ignore[arg-type]
    assert hint in str(refused.value.hint)
