"""The checks of the state bucket, on the embedded cloud: it exists and is versioned, accessible, and in its region."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from refit.aws.session import Aws
from refit.doctor import state_bucket
from refit.doctor.credentials import Access
from refit.doctor.results import Status
from refit.embedded_cloud.lifecycle import Cloud
from refit.project import PipelineRef
from refit.terraform.backend import EMBEDDED_BUCKET
from tests.support.checkout import REQUIRED, write

ROOT_KEY = ("test", "test")


@pytest.fixture(autouse=True)
def configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFIT_STATE_BUCKET", "acme-state")
    monkeypatch.setenv("REFIT_STATE_REGION", "us-west-2")


def make(cloud: Cloud, name: str, *, versioned: bool = True, region: str = "us-west-2") -> None:
    s3 = Aws(region, cloud.endpoint_url, ROOT_KEY).s3
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": region})  # type: ignore[typeddict-item]
    if versioned:
        s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})


def test_a_versioned_bucket(ref: PipelineRef, on_cloud: Access, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFIT_STATE_BUCKET", "versioned-state")
    make(cloud, "versioned-state")
    check = state_bucket.check(ref, on_cloud)
    assert (check.status, check.detail) == (Status.OK, "versioned-state in us-west-2, versioned")


def test_a_bucket_that_is_not_there(ref: PipelineRef, on_cloud: Access) -> None:
    check = state_bucket.check(ref, on_cloud)
    assert (check.status, check.detail) == (Status.NOT_OK, "there is no bucket acme-state")
    assert check.fix.startswith("refit init --update --bootstrap, then: terraform -chdir=terraform/bootstrap init")
    (ref.project.root / "terraform" / "bootstrap").mkdir()
    assert state_bucket.check(ref, on_cloud).fix.startswith("terraform -chdir=terraform/bootstrap init")


def test_a_bucket_without_versions(
    ref: PipelineRef, on_cloud: Access, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFIT_STATE_BUCKET", "plain-state")
    make(cloud, "plain-state", versioned=False)
    check = state_bucket.check(ref, on_cloud)
    assert check.status is Status.NOT_OK
    assert check.fix.startswith("aws s3api put-bucket-versioning --bucket plain-state")


def test_a_bucket_in_another_region(
    ref: PipelineRef, on_cloud: Access, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REFIT_STATE_BUCKET", "far-state")
    make(cloud, "far-state", region="eu-west-1")
    check = state_bucket.check(ref, on_cloud)
    assert check.status is Status.NOT_OK
    assert check.fix == "export REFIT_STATE_REGION=eu-west-1"


def test_a_bucket_that_the_caller_may_not_use(
    ref: PipelineRef,
    on_cloud: Access,
    cloud: Cloud,
    client: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("REFIT_STATE_BUCKET", "closed-state")
    make(cloud, "closed-state")
    iam = client("iam")
    iam.create_user(UserName="guest")
    allowed = {"Effect": "Allow", "Action": "sts:GetCallerIdentity", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_user_policy(UserName="guest", PolicyName="guest", PolicyDocument=document)
    key = iam.create_access_key(UserName="guest")["AccessKey"]
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])
    check = state_bucket.check(ref, Access(Aws("us-west-2"), "arn:aws:iam::000000000000:user/guest", "000000000000"))
    assert check.status is Status.NOT_OK
    assert "403" in check.detail or "AccessDenied" in check.detail
    assert check.fix


def test_no_bucket_is_configured(ref: PipelineRef, on_cloud: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFIT_STATE_BUCKET")
    check = state_bucket.check(ref, on_cloud)
    assert check.status is Status.NOT_OK
    assert "REFIT_STATE_BUCKET" in check.fix


def test_a_local_pipeline_uses_the_bucket_of_the_embedded_cloud(ref: PipelineRef, aws: Aws, exported: None) -> None:
    local = write(ref.project.root, REQUIRED.format(name="home-prices"), environment="local")
    check = state_bucket.check(local, Access(aws, "arn:aws:iam::000000000000:root", "000000000000"))
    assert check.status is Status.OK
    assert check.detail.startswith(f"{EMBEDDED_BUCKET} in us-west-2")
