"""Searches what an attacker with a role of the bootstrap can reach, over the actions that the policies allow.

A step is possible if each of its calls is allowed to one of the principals that the attacker holds. It gains another
principal, or reaches a goal. The steps are those of AWS-IAM-Privilege-Escalation, by service that the policies name:
https://github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation, https://pathfinding.cloud
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ministack.core import iam_evaluator

from tests.support.terraform.account import ACCOUNT, BOUNDARY, BUCKET, DEPLOY, REGION

STACK, ADMINISTRATOR = "a role of a stack", "an administrator"
READ, DELETE, TOKEN, SECRET, EVENTS = "read data", "delete data", "read a task token", "read a secret", "see events"

OBJECT, OBJECTS_BUCKET = f"arn:aws:s3:::{BUCKET}/data/home-prices/train/2026-11-01.csv", f"arn:aws:s3:::{BUCKET}"
APPROVAL = f"arn:aws:s3:::{BUCKET}/runs/home-prices/daily/approval.json"
ROLE, OTHER_ROLE = (f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("refit-home-prices-states", "admin"))
FUNCTION, MACHINE, EXECUTION, RUN_LOG, RULE, SCHEDULE, SLACK = (
    f"arn:aws:{arn}"
    for arn in (
        f"lambda:{REGION}:{ACCOUNT}:function:refit-home-prices-check-data",
        f"states:{REGION}:{ACCOUNT}:stateMachine:refit-home-prices",
        f"states:{REGION}:{ACCOUNT}:execution:refit-home-prices:daily",
        f"logs:{REGION}:{ACCOUNT}:log-group:/aws/vendedlogs/states/refit-home-prices:*",
        f"events:{REGION}:{ACCOUNT}:rule/refit-home-prices-arrival",
        f"scheduler:{REGION}:{ACCOUNT}:schedule/refit-home-prices/refit-home-prices",
        f"ssm:{REGION}:{ACCOUNT}:parameter/refit/slack-token",
    )
)
STRANGER = "999999999999"
SECRET_ARN = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:refit/slack-a1b2c3"
BOUNDED, UNBOUNDED = ({"iam:PermissionsBoundary": arn} for arn in (BOUNDARY, f"arn:aws:iam::{ACCOUNT}:policy/other"))


@dataclass(frozen=True)
class Call:
    """One call with its condition keys. One that is `granted` is allowed only by the resource's own policy."""

    action: str
    resource: str
    keys: Mapping[str, Any]
    granted: bool = False


def call(action: str, resource: str, **keys: Any) -> Call:
    return Call(action, resource, keys.pop("keys", keys))


def granted(action: str, resource: str) -> Call:
    return Call(action, resource, {}, granted=True)


def passes(service: str, role: str = ROLE) -> Call:
    return Call("iam:PassRole", role, {"iam:PassedToService": f"{service}.amazonaws.com"})


POLICY = call("s3:PutBucketPolicy", OBJECTS_BUCKET)
IAM = f"arn:aws:iam::{ACCOUNT}:"
ON_USERS = """
AddUserToGroup AttachUserPolicy CreateAccessKey CreateLoginProfile CreateServiceSpecificCredential CreateUser
PutUserPolicy UpdateAccessKey UpdateLoginProfile
"""
SERVICES = "bedrock cloudformation codebuild ec2 ecs-tasks events glue lambda sagemaker scheduler ssm states"
STEPS: list[tuple[str, str, tuple[Call, ...]]] = [
    # The code and the roles of a stack.
    (STACK, "lambda:UpdateFunctionCode", (call("lambda:UpdateFunctionCode", FUNCTION),)),
    (STACK, "lambda:CreateFunction", (call("lambda:CreateFunction", FUNCTION), passes("lambda"))),
    (STACK, "states:UpdateStateMachine", (call("states:UpdateStateMachine", MACHINE), passes("states"))),
    (STACK, "scheduler:CreateSchedule", (call("scheduler:CreateSchedule", SCHEDULE), passes("scheduler"))),
    (STACK, "iam:UpdateAssumeRolePolicy", (call("iam:UpdateAssumeRolePolicy", ROLE),)),
    (STACK, "iam:CreateRole", (call("iam:CreateRole", ROLE, keys=BOUNDED),)),
    (STACK, "sts:AssumeRole", (granted("sts:AssumeRole", ROLE),)),
    (STACK, "lambda:InvokeFunction", (granted("lambda:InvokeFunction", FUNCTION),)),
    (
        STACK,
        "lambda:AddPermission",
        (call("lambda:AddPermission", FUNCTION, keys={"lambda:Principal": STRANGER}),),
    ),
    # A role without the boundary, or one beyond the stacks.
    (ADMINISTRATOR, "iam:CreateRole", (call("iam:CreateRole", ROLE, keys=UNBOUNDED),)),
    (ADMINISTRATOR, "iam:CreateRole without a boundary", (call("iam:CreateRole", ROLE),)),
    (ADMINISTRATOR, "iam:PutRolePolicy", (call("iam:PutRolePolicy", ROLE),)),
    (ADMINISTRATOR, "iam:UpdateAssumeRolePolicy elsewhere", (call("iam:UpdateAssumeRolePolicy", OTHER_ROLE),)),
    (
        ADMINISTRATOR,
        "iam:PutRolePermissionsBoundary",
        (call("iam:PutRolePermissionsBoundary", ROLE, keys=UNBOUNDED),),
    ),
    *(
        (ADMINISTRATOR, f"iam:{action} of {role.rpartition('/')[2]}", (call(f"iam:{action}", role, keys=BOUNDED),))
        for role in (ROLE, DEPLOY, OTHER_ROLE)
        for action in (
            "AttachRolePolicy",
            "DeleteRolePermissionsBoundary",
            "PutRolePolicy",
            "PutRolePermissionsBoundary",
        )
        if (role, action) not in {(ROLE, "PutRolePolicy"), (ROLE, "PutRolePermissionsBoundary")}
    ),
    *(
        (ADMINISTRATOR, f"iam:{action}", (call(f"iam:{action}", BOUNDARY),))
        for action in ("CreatePolicyVersion", "SetDefaultPolicyVersion", "DeletePolicyVersion", "DeletePolicy")
    ),
    *((ADMINISTRATOR, f"iam:{action}", (call(f"iam:{action}", f"{IAM}user/admin"),)) for action in ON_USERS.split()),
    *(
        (ADMINISTRATOR, f"iam:{action}", (call(f"iam:{action}", f"{IAM}group/admins"),))
        for action in ("AttachGroupPolicy", "PutGroupPolicy")
    ),
    *(
        (ADMINISTRATOR, f"iam:{action}", (call(f"iam:{action}", f"{IAM}oidc-provider/any"),))
        for action in ("CreateOpenIDConnectProvider", "AddClientIDToOpenIDConnectProvider", "CreateSAMLProvider")
    ),
    *((ADMINISTRATOR, f"iam:PassRole to {service}", (passes(service, OTHER_ROLE),)) for service in SERVICES.split()),
    # The objects.
    (READ, "s3:GetObject", (call("s3:GetObject", OBJECT),)),
    (READ, "s3:PutBucketPolicy for another account", (POLICY,)),
    (READ, "s3:PutBucketPolicy for the role", (POLICY, granted("s3:GetObject", OBJECT))),
    (
        READ,
        "s3:PutBucketAcl",
        (call("s3:PutBucketOwnershipControls", OBJECTS_BUCKET), POLICY, granted("s3:PutBucketAcl", OBJECTS_BUCKET)),
    ),
    (
        READ,
        "s3:PutObjectAcl",
        (call("s3:PutBucketOwnershipControls", OBJECTS_BUCKET), POLICY, granted("s3:PutObjectAcl", OBJECT)),
    ),
    (
        READ,
        "s3:PutReplicationConfiguration",
        (POLICY, granted("s3:PutReplicationConfiguration", OBJECTS_BUCKET), passes("s3")),
    ),
    (DELETE, "s3:DeleteObject", (call("s3:DeleteObject", OBJECT),)),
    (DELETE, "s3:DeleteObjectVersion", (call("s3:DeleteObjectVersion", OBJECT),)),
    (DELETE, "s3:PutBucketPolicy for another account", (POLICY,)),
    (DELETE, "s3:PutBucketPolicy for the role", (POLICY, granted("s3:DeleteObjectVersion", OBJECT))),
    (DELETE, "s3:DeleteBucket", (POLICY, granted("s3:DeleteBucket", OBJECTS_BUCKET))),
    (DELETE, "s3:PutLifecycleConfiguration", (call("s3:PutLifecycleConfiguration", OBJECTS_BUCKET),)),
    (DELETE, "s3:PutBucketVersioning", (call("s3:PutBucketVersioning", OBJECTS_BUCKET), call("s3:PutObject", OBJECT))),
    # What else must stay hidden.
    (TOKEN, "s3:GetObject", (call("s3:GetObject", APPROVAL),)),
    (TOKEN, "s3:PutBucketPolicy for the role", (POLICY, granted("s3:GetObject", APPROVAL))),
    (TOKEN, "states:GetExecutionHistory", (call("states:GetExecutionHistory", EXECUTION),)),
    (TOKEN, "logs:FilterLogEvents", (call("logs:FilterLogEvents", RUN_LOG),)),
    (TOKEN, "logs:StartQuery", (call("logs:StartQuery", RUN_LOG),)),
    (SECRET, "ssm:GetParameter", (call("ssm:GetParameter", SLACK),)),
    (SECRET, "secretsmanager:GetSecretValue", (call("secretsmanager:GetSecretValue", SECRET_ARN),)),
    (
        EVENTS,
        "events:PutTargets",
        (
            call(
                "events:PutTargets",
                RULE,
                keys={"events:TargetArn": [f"arn:aws:events:{REGION}:{STRANGER}:event-bus/x"]},
            ),
        ),
    ),
]


@dataclass(frozen=True)
class Policies:
    """The policy documents of the bootstrap, by name: plan, deploy, boundary."""

    documents: Mapping[str, Mapping[str, Any]]

    def reached(self, role: str) -> dict[str, set[str]]:
        """The steps that the role makes possible, by what they gain: a principal or a goal."""
        held, found = {role}, dict[str, set[str]]()
        while True:
            possible = [
                (gain, name)
                for gain, name, calls in STEPS
                if name not in found.get(gain, ())
                and all(any(self._may(principal, one) for principal in held - {gain}) for one in calls)
            ]
            if not possible:
                return found
            for gain, name in possible:
                found.setdefault(gain, set()).add(name)
            held |= {gain for gain, _ in possible if gain in (STACK, ADMINISTRATOR)}

    def _may(self, principal: str, one: Call) -> bool:
        if principal == ADMINISTRATOR:
            return True
        # The deploy role writes the policies of a stack's roles: only the boundary limits them.
        document = self.documents["boundary" if principal == STACK else principal]
        context = iam_evaluator.EvalContext(
            principal_arn=DEPLOY,
            principal_type="AssumedRole",
            principal_account=ACCOUNT,
            action=one.action,
            resource_arn=one.resource,
            region=REGION,
            service_context={name.lower(): value for name, value in one.keys.items()},
        )
        decision = iam_evaluator.evaluate(context, [iam_evaluator.parse_policy_document(dict(document))]).decision
        return decision == ("ImplicitDeny" if one.granted else "Allow")
