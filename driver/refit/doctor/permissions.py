"""Simulates the permissions of the current credentials: to apply a stack, and to start and follow its runs.

IAM only evaluates policies and creates nothing: https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html
Resource-based policies are not evaluated, so "ok" does not guarantee access.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from refit.aws.session import calling
from refit.aws.stack import Stack
from refit.doctor.credentials import Access
from refit.doctor.results import Check, not_checked, not_ok, ok
from refit.errors import RefitError
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef

APPLY = "permissions to apply"
RUN = "permissions to run"
SHOWN = 6
BOUNDARY = "TF_VAR_permissions_boundary"
"""The permissions boundary that Terraform attaches to the roles of a stack."""


@dataclass(frozen=True)
class Needed:
    """Actions on one resource."""

    resource: str
    actions: tuple[str, ...]


def check(ref: PipelineRef, pipeline: Pipeline, access: Access, state_bucket: str | None) -> Iterator[Check]:
    """Checks what the caller may do with the stack of `pipeline`; with `state_bucket` None, skips Terraform's state."""
    purposes = needs(ref, pipeline, access, state_bucket)
    if access.aws.is_embedded:
        yield from (
            not_checked(subject, "the root key of the embedded cloud has all permissions") for subject in purposes
        )
        return
    try:
        principal = _principal(access)
        if principal is None:
            reason = f"IAM cannot simulate {access.arn}"
            yield from (not_checked(subject, reason) for subject in purposes)
            return
        for subject, needed in purposes.items():
            yield _result(subject, list(_decisions(access, principal, needed)))
    except RefitError as error:
        advice = "allow iam:SimulatePrincipalPolicy and iam:GetRole on your own role, or ask an administrator"
        yield from (not_checked(subject, str(error), advice) for subject in purposes)


def needs(ref: PipelineRef, pipeline: Pipeline, access: Access, state_bucket: str | None) -> dict[str, list[Needed]]:
    """The actions to simulate, by the subject of the check. A test compares them with the deploy role's permissions."""
    return {APPLY: [*_to_apply(ref, pipeline, access, state_bucket)], RUN: [*_to_run(pipeline, access)]}


def _to_apply(ref: PipelineRef, pipeline: Pipeline, access: Access, state_bucket: str | None) -> Iterable[Needed]:
    """A sample of the actions that terraform/bootstrap/deploy_role.tf allows, by service."""
    name, stack = f"refit-{pipeline.pipeline}", Stack.of(pipeline, access.aws)
    s3 = f"arn:{access.partition}:s3:::"
    if state_bucket:
        yield Needed(f"{s3}{state_bucket}/{ref.key}.tfstate", ("s3:GetObject", "s3:PutObject"))
        yield Needed(f"{s3}{state_bucket}/{ref.key}.tfstate.tflock", ("s3:DeleteObject", "s3:PutObject"))
    yield Needed(f"{s3}{stack.bucket}", ("s3:CreateBucket", "s3:PutBucketPolicy", "s3:PutBucketVersioning"))
    yield Needed(f"{s3}{stack.bucket}/lambdas/any/lambdas.zip", ("s3:PutObject",))
    role = f"arn:{access.partition}:iam::{access.account}:role/{name}-states"
    yield Needed(role, ("iam:CreateRole", "iam:PassRole", "iam:PutRolePolicy"))
    yield Needed(_arn(access, "lambda", f"function:{name}-check-data"), ("lambda:CreateFunction",))
    yield Needed(stack.state_machine_arn, ("states:CreateStateMachine", "states:UpdateStateMachine"))
    yield Needed(_arn(access, "scheduler", f"schedule/{name}/{name}"), ("scheduler:CreateSchedule",))
    yield Needed(_arn(access, "ssm", f"parameter{stack.watermark_parameter}"), ("ssm:PutParameter",))
    yield Needed(_arn(access, "logs", f"log-group:/aws/vendedlogs/states/{name}"), ("logs:CreateLogGroup",))


def _to_run(pipeline: Pipeline, access: Access) -> Iterable[Needed]:
    """The actions that `refit trigger`, `refit status` and `refit history` need."""
    stack = Stack.of(pipeline, access.aws)
    execution = stack.state_machine_arn.replace(":stateMachine:", ":execution:")
    yield Needed(stack.state_machine_arn, ("states:ListExecutions", "states:StartExecution"))
    run_actions = ("DescribeExecution", "DescribeStateMachineForExecution", "StopExecution")
    yield Needed(f"{execution}:any", tuple(f"states:{action}" for action in run_actions))
    yield Needed(f"arn:{access.partition}:s3:::{stack.bucket}", ("s3:ListBucket",))
    yield Needed(f"arn:{access.partition}:s3:::{stack.bucket}/runs/any", ("s3:GetObject",))
    endpoint = _arn(access, "sagemaker", f"endpoint/{stack.endpoint}")
    yield Needed(endpoint, ("sagemaker:DescribeEndpoint",))
    yield Needed(_arn(access, "ssm", f"parameter{stack.watermark_parameter}"), ("ssm:GetParameter",))
    yield Needed(_arn(access, "ssm", f"parameter{stack.commit_parameter}"), ("ssm:GetParameter", "ssm:PutParameter"))


def _arn(access: Access, service: str, resource: str) -> str:
    return f"arn:{access.partition}:{service}:{access.aws.region}:{access.account}:{resource}"


def _principal(access: Access) -> str | None:
    """The ARN of the IAM user or role behind the caller; None for a root or federated user, which IAM cannot simulate.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    kind, _, path = access.arn.split(":", 5)[5].partition("/")
    if kind == "user":
        return access.arn
    if kind != "assumed-role":
        return None
    with calling("look up the role of your credentials"):  # the ARN of a session lacks the path of the role
        return str(access.aws.client("iam").get_role(RoleName=path.split("/")[0])["Role"]["Arn"])


def _decisions(access: Access, principal: str, needed: Iterable[Needed]) -> Iterator[tuple[str, str]]:
    """Each action with `allowed`, `denied` or `unknown`."""
    iam = access.aws.client("iam")
    context = [_entry("iam:PassedToService", "states.amazonaws.com")]
    boundary = os.environ.get(BOUNDARY)
    if boundary:
        context.append(_entry("iam:PermissionsBoundary", boundary))
    for each in needed:
        arguments = {
            "PolicySourceArn": principal,
            "ActionNames": list(each.actions),
            "ResourceArns": [each.resource],
            "ContextEntries": context,
        }
        with calling("simulate your permissions"):
            for page in iam.get_paginator("simulate_principal_policy").paginate(**arguments):
                yield from ((result["EvalActionName"], _decision(result)) for result in page["EvaluationResults"])


def _entry(key: str, value: str) -> dict[str, Any]:
    """A context value for conditions in the policy of the deploy role."""
    return {"ContextKeyName": key, "ContextKeyValues": [value], "ContextKeyType": "string"}


def _decision(result: dict[str, Any]) -> str:
    if result["EvalDecision"] == "allowed":
        return "allowed"
    # A statement with a condition (a permissions boundary, a tag) applies only with values that the simulation lacks.
    return "unknown" if result["EvalDecision"] == "implicitDeny" and result.get("MissingContextValues") else "denied"


def _result(subject: str, decisions: list[tuple[str, str]]) -> Check:
    denied = sorted({action for action, decision in decisions if decision == "denied"})
    unknown = sorted({action for action, decision in decisions if decision == "unknown"})
    if denied:
        fix = "use the credentials of the deploy role (terraform/bootstrap), or have these actions allowed"
        return not_ok(subject, f"denied: {_list(denied)}", fix)
    if unknown:
        return not_checked(subject, f"depends on conditions that IAM cannot simulate: {_list(unknown)}")
    if not decisions:
        return not_checked(subject, "IAM did not simulate an action")
    return ok(subject, f"{len(decisions)} actions simulated, all allowed")


def _list(actions: list[str]) -> str:
    more = f" and {len(actions) - SHOWN} more" if len(actions) > SHOWN else ""
    return ", ".join(actions[:SHOWN]) + more
