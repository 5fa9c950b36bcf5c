"""The permissions that IAM simulates for the caller."""

from __future__ import annotations

from typing import Any

import pytest

from refit.aws.session import Aws
from refit.doctor import permissions
from refit.doctor.credentials import Access
from refit.doctor.results import Check, Status
from refit.embedded_cloud.lifecycle import Cloud
from refit.pipeline import files
from refit.project import PipelineRef
from tests.support.aws_server import ACCOUNT, ROLE, AwsServer, Refusal

BUCKET = "acme-state"


def check(ref: PipelineRef, access: Access) -> list[Check]:
    return list(permissions.check(ref, files.load(ref), access, BUCKET))


def simulation(**decisions: str) -> Any:
    """An IAM that allows everything but the actions in `decisions` (`iam_PassRole="explicitDeny"`)."""
    other = {name.replace("_", ":", 1): decision for name, decision in decisions.items()}

    def answer(parameters: dict[str, Any]) -> dict[str, Any]:
        actions = [value for name, value in parameters.items() if name.startswith("ActionNames.member.")]
        return {"IsTruncated": False, "EvaluationResults": [result(action) for action in actions]}

    def result(action: str) -> dict[str, Any]:
        decision = other.get(action, "allowed")
        missing = ["iam:PermissionsBoundary"] if decision == "missing" else []
        decision = "implicitDeny" if missing else decision
        return {
            "EvalActionName": action,
            "EvalResourceName": "*",
            "EvalDecision": decision,
            "MissingContextValues": missing,
        }

    return answer


def test_everything_is_allowed(ref: PipelineRef, access: Access, server: AwsServer) -> None:
    server.answers["SimulatePrincipalPolicy"] = simulation()
    assert [(each.subject, each.status) for each in check(ref, access)] == [
        ("permissions to apply", Status.OK),
        ("permissions to run", Status.OK),
    ]


def test_the_role_of_the_session_is_simulated_on_the_names_of_the_stack(
    ref: PipelineRef, access: Access, server: AwsServer
) -> None:
    server.answers["SimulatePrincipalPolicy"] = simulation()
    check(ref, access)
    simulated = [parameters for operation, parameters in server.calls if operation == "SimulatePrincipalPolicy"]
    assert {parameters["PolicySourceArn"] for parameters in simulated} == {ROLE}
    resources = {parameters["ResourceArns.member.1"] for parameters in simulated}
    assert f"arn:aws:states:us-west-2:{ACCOUNT}:stateMachine:refit-home-prices" in resources
    assert f"arn:aws:s3:::{BUCKET}/prod/home-prices.tfstate" in resources
    assert f"arn:aws:s3:::home-prices-{ACCOUNT}-us-west-2" in resources


def test_what_the_conditions_of_the_deploy_role_compare_with_is_simulated(
    ref: PipelineRef, access: Access, server: AwsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    boundary = f"arn:aws:iam::{ACCOUNT}:policy/refit-boundary"
    monkeypatch.setenv("TF_VAR_permissions_boundary", boundary)
    server.answers["SimulatePrincipalPolicy"] = simulation()
    check(ref, access)
    _, parameters = server.calls[-1]
    entry = "ContextEntries.member.{}.{}"
    assert {
        parameters[entry.format(n, "ContextKeyName")]: parameters[entry.format(n, "ContextKeyValues.member.1")]
        for n in (1, 2)
    } == {"iam:PassedToService": "states.amazonaws.com", "iam:PermissionsBoundary": boundary}


def test_denied_actions_are_named(ref: PipelineRef, access: Access, server: AwsServer) -> None:
    server.answers["SimulatePrincipalPolicy"] = simulation(iam_PassRole="explicitDeny", iam_CreateRole="implicitDeny")
    to_apply, to_run = check(ref, access)
    assert to_apply.status is Status.NOT_OK
    assert to_apply.detail == "denied: iam:CreateRole, iam:PassRole"
    assert to_apply.fix
    assert to_run.status is Status.OK


def test_what_depends_on_a_condition_is_not_called_ok(ref: PipelineRef, access: Access, server: AwsServer) -> None:
    server.answers["SimulatePrincipalPolicy"] = simulation(iam_CreateRole="missing")
    to_apply, _ = check(ref, access)
    assert to_apply.status is Status.NOT_CHECKED
    assert "iam:CreateRole" in to_apply.detail


@pytest.mark.parametrize("operation", ["SimulatePrincipalPolicy", "GetRole"])
def test_a_refusal_of_iam_is_not_called_ok(ref: PipelineRef, access: Access, server: AwsServer, operation: str) -> None:
    server.answers["SimulatePrincipalPolicy"] = simulation()
    server.answers[operation] = Refusal("AccessDenied")
    checks = check(ref, access)
    assert [each.status for each in checks] == [Status.NOT_CHECKED, Status.NOT_CHECKED]
    assert all("AccessDenied" in each.detail and each.fix for each in checks)


def test_an_iam_user_is_simulated_by_its_own_arn(ref: PipelineRef, access: Access, server: AwsServer) -> None:
    server.answers["SimulatePrincipalPolicy"] = simulation()
    user = f"arn:aws:iam::{ACCOUNT}:user/ops/ada"
    check(ref, Access(access.aws, user, ACCOUNT))
    assert "GetRole" not in dict(server.calls)
    assert server.calls[-1][1]["PolicySourceArn"] == user


@pytest.mark.parametrize("arn", [f"arn:aws:iam::{ACCOUNT}:root", f"arn:aws:sts::{ACCOUNT}:federated-user/ada"])
def test_what_iam_cannot_simulate_is_not_checked(ref: PipelineRef, access: Access, arn: str) -> None:
    checks = check(ref, Access(access.aws, arn, ACCOUNT))
    assert [each.status for each in checks] == [Status.NOT_CHECKED, Status.NOT_CHECKED]
    assert arn in checks[0].detail


def test_the_embedded_cloud_is_not_checked(ref: PipelineRef, cloud: Cloud, aws: Aws) -> None:
    checks = check(ref, Access(aws, "arn:aws:iam::000000000000:root", "000000000000"))
    assert [each.status for each in checks] == [Status.NOT_CHECKED, Status.NOT_CHECKED]
