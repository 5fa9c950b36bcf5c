"""An account on the embedded cloud with the bootstrap applied, and credentials for its roles."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import boto3
import pytest
import tftest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

from refit.embedded_cloud import lifecycle
from refit.project import PipelineRef
from refit.terraform.runner import Terraform

ACCOUNT, REGION = "000000000000", "us-west-2"
ISSUER = "token.actions.githubusercontent.com"
CLAIM = "repo:acme@123/models@456"
STATE_BUCKET = "refit-terraform-state"
BUCKET = f"home-prices-{ACCOUNT}-{REGION}"
WATERMARK = "/models/home-prices/train/latest"
BOUNDARY = f"arn:aws:iam::{ACCOUNT}:policy/refit-boundary"
PLAN, DEPLOY = (f"arn:aws:iam::{ACCOUNT}:role/github-refit-{name}" for name in ("plan", "deploy"))
NOBODY = {"Effect": "Deny", "Principal": "*", "Action": "sts:AssumeRole"}
TRUST_NOBODY = json.dumps({"Version": "2012-10-17", "Statement": [NOBODY]})
EVERYTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})
REFUSED = {"AccessDenied", "AccessDeniedException"}


@dataclass(frozen=True)
class Account:
    """An account with the bootstrap applied, and a checkout of the example pipeline."""

    cloud: lifecycle.Cloud
    ref: PipelineRef
    bootstrap: tftest.TerraformTest

    @property
    def outputs(self) -> dict[str, Any]:
        return dict(self.bootstrap.output())

    def client(self, service: str, credentials: dict[str, str] | None = None) -> Any:
        """A client with the credentials of a role, or of the account's root user by default."""
        given = credentials or self.cloud.environment()
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.cloud.endpoint_url,
            aws_access_key_id=given["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=given["AWS_SECRET_ACCESS_KEY"],
            aws_session_token=given.get("AWS_SESSION_TOKEN"),
            config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}),
        )

    def become(self, role: str, subject: str, audience: str = "sts.amazonaws.com") -> dict[str, str]:
        """The credentials that a job gets for a token with this subject. Raises ClientError."""
        sts = boto3.client(
            "sts", region_name=REGION, endpoint_url=self.cloud.endpoint_url, config=Config(signature_version=UNSIGNED)
        )
        given = sts.assume_role_with_web_identity(
            RoleArn=role, RoleSessionName="test", WebIdentityToken=token(subject, audience)
        )
        return _credentials(given)

    def assume(self, role: str) -> dict[str, str]:
        """The credentials of a role of the stack. Its trust policy must allow the account."""
        given = self.client("sts", self._user()).assume_role(
            RoleArn=f"arn:aws:iam::{ACCOUNT}:role/{role}", RoleSessionName="test"
        )
        return _credentials(given)

    def _user(self) -> dict[str, str]:
        """A new access key of a user who may do everything: the root user cannot assume roles."""
        iam = self.client("iam")
        if not any(user["UserName"] == "operator" for user in iam.list_users()["Users"]):
            iam.create_user(UserName="operator")
            iam.put_user_policy(UserName="operator", PolicyName="everything", PolicyDocument=EVERYTHING)
        key = iam.create_access_key(UserName="operator")["AccessKey"]
        return {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}

    def policies(self) -> dict[str, dict[str, Any]]:
        """All statements of the roles `plan` and `deploy`, and those of the boundary, as a document by name."""
        iam = self.client("iam")

        def managed(arn: str) -> list[dict[str, Any]]:
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            found = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]["Statement"]
            return list(found)

        documents = {"boundary": {"Statement": managed(BOUNDARY)}}
        for name in ("plan", "deploy"):
            role = f"github-refit-{name}"
            own = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]["Statement"]
            attached = iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
            documents[name] = {"Statement": sum((managed(each["PolicyArn"]) for each in attached), list(own))}
        return documents

    def terraform(self, credentials: dict[str, str]) -> Terraform:
        """Terraform for the stack with the credentials of a role, and with the boundary that the workflows set."""
        boundary = {"TF_VAR_permissions_boundary": BOUNDARY}
        return Terraform(self.ref, {**self.cloud.environment(), **credentials, **boundary})


def _credentials(given: Any) -> dict[str, str]:
    return {
        "AWS_ACCESS_KEY_ID": given["Credentials"]["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["Credentials"]["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["Credentials"]["SessionToken"],
    }


def token(subject: str, audience: str) -> str:
    """A token like GitHub's for a job. The embedded cloud does not check signatures."""
    claims = {"iss": f"https://{ISSUER}", "aud": audience, "sub": subject}
    parts = ({"alg": "RS256", "typ": "JWT"}, claims)
    return (
        ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + ".c2ln"
    )


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    """Makes a call that must be rejected, and returns the error code."""
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    return str(refused.value.response["Error"]["Code"])
