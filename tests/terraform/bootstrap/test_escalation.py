"""What an attacker with one of GitHub's roles could reach is what SECURITY.md says, and nothing else."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from tests.support.terraform.account import Account
from tests.support.terraform.escalation import (
    ADMINISTRATOR,
    DELETE,
    EVENTS,
    READ,
    SECRET,
    STACK,
    STEPS,
    TOKEN,
    Policies,
)
from tests.support.terraform.permissions_management import PERMISSIONS_MANAGEMENT
from tests.support.terraform.rights import listed

SECURITY = (Path(__file__).parents[3] / "SECURITY.md").read_text()
# What the deploy role can reach because it deploys code and roles within the boundary, and configures buckets.
REMAINS = {
    STACK: {
        "iam:CreateRole",
        "iam:UpdateAssumeRolePolicy",
        "lambda:CreateFunction",
        "lambda:UpdateFunctionCode",
        "scheduler:CreateSchedule",
        "states:UpdateStateMachine",
    },
    READ: {"s3:GetObject", "s3:PutBucketPolicy for another account"},
    DELETE: {"s3:PutBucketPolicy for another account", "s3:PutBucketVersioning", "s3:PutLifecycleConfiguration"},
    SECRET: {"secretsmanager:GetSecretValue", "ssm:GetParameter"},
}
# Those that are allowed and lead nowhere, so that no step has them.
HARMLESS = {
    "iam:DeleteRole": "of a stack",
    "iam:DeleteRolePolicy": "of a role with the boundary: it takes permissions away",
    "iam:UpdateRole": "the description and the length of sessions of a role of a stack",
    "iam:UpdateRoleDescription": "of a role of a stack",
    "lambda:RemovePermission": "takes permissions away",
    "logs:PutResourcePolicy": "lets services write logs; the boundary allows reading none",
    "s3:PutBucketPublicAccessBlock": "makes a bucket public only together with s3:PutBucketPolicy",
}


@pytest.fixture(scope="module")
def policies(account: Account) -> Policies:
    return Policies(account.policies())


def test_the_plan_role_reads_data_and_reaches_nothing_else(policies: Policies) -> None:
    assert policies.reached("plan") == {READ: {"s3:GetObject"}}


def test_the_deploy_role_reaches_what_remains(policies: Policies) -> None:
    assert policies.reached("deploy") == REMAINS


@pytest.mark.parametrize("action", sorted({name.split()[0] for names in REMAINS.values() for name in names}))
def test_what_remains_is_in_security_md(action: str) -> None:
    assert f"`{action}`" in SECURITY


Change = Callable[[Mapping[str, Any]], dict[str, Any]]


def without(sid: str) -> Change:
    """Removes the statement from every document that has it."""

    def change(documents: Mapping[str, Any]) -> dict[str, Any]:
        return {
            name: {**document, "Statement": [each for each in document["Statement"] if each["Sid"] != sid]}
            for name, document in documents.items()
        }

    return change


def without_condition(sid: str) -> Change:
    """Removes the condition of the statement."""

    def change(documents: Mapping[str, Any]) -> dict[str, Any]:
        changed = copy.deepcopy(dict(documents))
        for document in changed.values():
            for statement in document["Statement"]:
                if statement["Sid"] == sid:
                    del statement["Condition"]
        return changed

    return change


OWN_POLICY = "s3:PutBucketPolicy for the role"


@pytest.mark.parametrize(
    ("role", "change", "gains", "step"),
    [
        pytest.param("deploy", without("ReadOnlyCodeRunsAndStates"), READ, OWN_POLICY, id="reading"),
        pytest.param("deploy", without("WriteOnlyCodeAndStates"), DELETE, OWN_POLICY, id="deleting"),
        pytest.param("deploy", without("WriteOnlyCodeAndStates"), READ, "s3:PutObjectAcl", id="object-acls"),
        pytest.param("deploy", without("KeepBuckets"), READ, "s3:PutBucketAcl", id="bucket-acls"),
        pytest.param("deploy", without("KeepBuckets"), DELETE, "s3:DeleteBucket", id="bucket"),
        pytest.param("deploy", without("NoDeletion"), DELETE, OWN_POLICY, id="boundary"),
        pytest.param("deploy", without("NoOtherIdentity"), STACK, "sts:AssumeRole", id="trusting-roles"),
        pytest.param("deploy", without("NoOtherIdentity"), STACK, "lambda:InvokeFunction", id="functions"),
        pytest.param("deploy", without("NoTaskTokens"), TOKEN, "s3:GetObject", id="approvals-of-deploy"),
        pytest.param("plan", without("NoTaskTokens"), TOKEN, "s3:GetObject", id="approvals-of-plan"),
        pytest.param(
            "deploy", without_condition("LetRulesInvokeFunctions"), STACK, "lambda:AddPermission", id="callers"
        ),
        pytest.param("deploy", without_condition("SendEventsToFunctions"), EVENTS, "events:PutTargets", id="targets"),
        pytest.param(
            "deploy",
            without_condition("CreateAndChangeBoundedRoles"),
            ADMINISTRATOR,
            "iam:PutRolePolicy",
            id="roles-without-a-boundary",
        ),
    ],
)
def test_each_deny_and_condition_closes_a_way(
    policies: Policies, role: str, change: Change, gains: str, step: str
) -> None:
    assert step not in policies.reached(role).get(gains, set())
    assert step in Policies(change(policies.documents)).reached(role).get(gains, set())


def test_every_allowed_action_that_manages_permissions_is_searched_or_explained(policies: Policies) -> None:
    searched = {one.action for _, _, calls in STEPS for one in calls}
    allowed = {
        action
        for document in policies.documents.values()
        for statement in document["Statement"]
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
    }
    managing = {
        action
        for action in allowed
        if any(fnmatchcase(action, known) or fnmatchcase(known, action) for known in PERMISSIONS_MANAGEMENT)
    }
    assert {"iam:PassRole", "s3:PutBucketPolicy"} <= managing
    assert managing - searched == set(HARMLESS)
