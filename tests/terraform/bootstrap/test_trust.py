"""The trust policies of GitHub Actions' roles: they trust the jobs of one environment of one repository."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from tests.support.terraform.account import ACCOUNT, CLAIM, DEPLOY, ISSUER, PLAN, REFUSED, STATE_BUCKET, Account


def trusted(account: Account, role: str, subject: str, audience: str = "sts.amazonaws.com") -> bool:
    try:
        account.become(role, subject, audience)
    except ClientError as error:
        if error.response["Error"]["Code"] not in REFUSED:
            raise
        return False
    return True


def test_each_role_trusts_the_jobs_of_its_own_environment(account: Account) -> None:
    assert trusted(account, PLAN, f"{CLAIM}:environment:plan")
    assert trusted(account, DEPLOY, f"{CLAIM}:environment:prod")


@pytest.mark.parametrize(
    "subject",
    [
        f"{CLAIM}:environment:plan",
        f"{CLAIM}:environment:staging",
        f"{CLAIM}:environment:prod2",
        f"{CLAIM}:pull_request",
        f"{CLAIM}:ref:refs/heads/main",
        "repo:acme/models:environment:prod",
        "repo:acme@124/models@456:environment:prod",
        "repo:acme@123/models@457:environment:prod",
        "repo:mallory@9/models@456:environment:prod",
        "repo:acme@123/models@456:environment:PROD",
    ],
)
def test_the_deploy_role_trusts_no_other_subject(account: Account, subject: str) -> None:
    assert not trusted(account, DEPLOY, subject)


@pytest.mark.parametrize(
    "subject", [f"{CLAIM}:environment:prod", f"{CLAIM}:pull_request", "repo:acme/models:environment:plan"]
)
def test_the_plan_role_trusts_no_other_subject(account: Account, subject: str) -> None:
    assert not trusted(account, PLAN, subject)


@pytest.mark.parametrize("audience", ["https://github.com/acme", "sts.amazonaws.com.cn", ""])
def test_a_token_for_another_audience_is_refused(account: Account, audience: str) -> None:
    assert not trusted(account, DEPLOY, f"{CLAIM}:environment:prod", audience)


def test_a_repository_with_subjects_of_the_older_form_is_trusted_by_its_name(account: Account) -> None:
    plan = account.bootstrap.plan(output=True, tf_vars={"repository": "acme/models", "state_bucket": STATE_BUCKET})
    roles = [resource["values"] for resource in plan.resources.values() if resource["type"] == "aws_iam_role"]
    trusts = {role["name"]: json.loads(role["assume_role_policy"])["Statement"][0] for role in roles}
    subjects = {name: trust["Condition"]["StringEquals"][f"{ISSUER}:sub"] for name, trust in trusts.items()}
    assert subjects == {
        "github-refit-plan": ["repo:acme/models:environment:plan"],
        "github-refit-deploy": ["repo:acme/models:environment:prod"],
    }


def test_an_account_that_has_the_identity_provider_keeps_it(account: Account) -> None:
    provider = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER}"
    variables = {"repository": "acme/models", "state_bucket": STATE_BUCKET, "oidc_provider_arn": provider}
    plan = account.bootstrap.plan(output=True, tf_vars=variables)
    assert [r for r in plan.resources.values() if r["type"] == "aws_iam_openid_connect_provider"] == []
