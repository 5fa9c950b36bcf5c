"""The effect on a run of an answer to an approval request, and of no answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.definitions import pipeline, states
from tests.support.jsonata import context, evaluate, expression

ANSWER = {"approved": True, "by": "ann", "at": "2026-11-07T12:30:00Z", "reason": ""}


def test_an_approval_that_nobody_gives_is_a_rejection() -> None:
    document = {"evaluation": {"decision": "Accepted", "rows": 72}}
    judged = expression("approval_timeout", document, {"LIMIT": "1,440 minutes"})
    assert judged == {
        "approval": {
            "approved": False,
            "by": None,
            "at": context()["State"]["EnteredTime"],
            "reason": "no answer within 1,440 minutes",
        },
        "evaluation": {
            "decision": "Rejected",
            "reason": "not approved: no answer within 1,440 minutes",
            "rows": 72,
        },
    }


def test_only_a_timeout_counts_as_no_answer() -> None:
    timed_out, other = states(pipeline(approval={"timeout_minutes": 1}))["AwaitApproval"]["Catch"]
    assert (timed_out["ErrorEquals"], other["ErrorEquals"]) == (["States.Timeout"], ["States.ALL"])
    judged = evaluate(timed_out["Output"], {}, context=context())
    assert judged["evaluation"] == {"decision": "Rejected", "reason": "not approved: no answer within 1 minute"}


def test_an_approval_leaves_the_judgement_as_it_is() -> None:
    document = {"evaluation": {"decision": "Accepted", "reason": "better"}}
    assert expression("await_approval", document, result=ANSWER) == document | {"approval": ANSWER}


def test_a_persons_rejection_is_told_with_its_reason() -> None:
    answer = ANSWER | {"approved": False, "reason": "not today"}
    judged = expression("await_approval", {}, result=answer)
    assert judged == {
        "approval": answer,
        "evaluation": {"decision": "Rejected", "reason": "rejected by ann: not today"},
    }


def test_a_rejection_needs_no_reason() -> None:
    judged = expression("await_approval", {}, result=ANSWER | {"approved": False})
    assert judged["evaluation"]["reason"] == "rejected by ann"


@pytest.mark.parametrize(
    "answer", [None, "yes", 1, True, [], {}, [ANSWER], {"approved": None}, {"approved": "true"}, {"approved": [True]}]
)
def test_what_does_not_say_approved_is_a_rejection(answer: Any) -> None:
    """SendTaskSuccess takes any JSON from everybody who has the token, and ApprovalBranch reads `approved`."""
    judged = expression("await_approval", {}, result=answer)
    assert judged["approval"]["approved"] is False
    assert {"by", "at", "reason"} < judged["approval"].keys()
    assert judged["evaluation"]["decision"] == "Rejected"
    assert judged["evaluation"]["reason"] == "rejected by an unknown user"


def test_an_approval_without_a_name_has_all_members() -> None:
    judged = expression("await_approval", {}, result={"approved": True})
    at = context()["State"]["EnteredTime"]
    assert judged == {"approval": {"approved": True, "by": None, "at": at, "reason": ""}}
