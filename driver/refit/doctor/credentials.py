"""Checks the current AWS credentials: whether AWS accepts them, their account, and the region."""

from __future__ import annotations

from dataclasses import dataclass

from refit.aws import target
from refit.aws.advice import REFRESH, SIGN_IN
from refit.aws.session import Aws, calling
from refit.doctor.results import Check, Status, failed, not_checked, not_ok, ok
from refit.errors import AwsError, RefitError
from refit.project import PipelineRef
from refit.refit_toml import FILE

SUBJECT = "credentials"
ANY_REGION = "us-east-1"


@dataclass(frozen=True)
class Access:
    """Clients for the account that the credentials belong to. `arn` is the caller's."""

    aws: Aws
    arn: str
    account: str

    @property
    def partition(self) -> str:
        """`aws`, `aws-cn`, …"""
        return self.arn.split(":")[1]


def check(ref: PipelineRef, region: str | None) -> tuple[list[Check], Access | None]:
    """Checks the region, credentials and account for `ref`'s environment; returns clients if AWS accepts them.

    `region` is the pipeline's; None for the region in refit.toml or in the AWS variables.
    """
    region = region or ref.project.settings.environment(ref.environment).region
    try:
        aws = target.clients_of_any_account(ref, region)
        where = _region(aws)
        if where.status is Status.NOT_OK:  # any region can look up the account
            aws = target.clients_of_any_account(ref, ANY_REGION)
        with calling("verify your AWS credentials"):
            caller = aws.sts.get_caller_identity()
    except RefitError as error:
        return [failed(SUBJECT, error, REFRESH if "Expired" in str(error) else SIGN_IN)], None
    access = Access(aws, caller["Arn"], caller["Account"])
    checks = [where, ok(SUBJECT, access.arn)]
    if not ref.is_local:
        checks.append(_account(ref, access))
    return checks, access if where.status is Status.OK else None


def _region(aws: Aws) -> Check:
    try:
        return ok("region", aws.region)
    except AwsError as error:
        return failed("region", error, "export AWS_REGION=us-west-2")


def _account(ref: PipelineRef, access: Access) -> Check:
    declared = ref.project.settings.environment(ref.environment).account
    if declared is None:
        add = f'write account = "{access.account}" under [environments.{ref.environment}] in {FILE}'
        return not_checked("account", f"{access.account}; {FILE} has no account for {ref.environment}", add)
    if declared != access.account:
        detail = f"{access.account}; {FILE} has {declared} for {ref.environment}"
        return not_ok("account", detail, f"export AWS_PROFILE=<a profile for the account {declared}>")
    return ok("account", f"{access.account}, which {FILE} requires for {ref.environment}")
