"""Detecting terraform commands that destroy the bucket, and checking whether it can be deleted."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from refit.aws.session import Aws
from refit.errors import TerraformError
from refit.project import PipelineRef
from refit.terraform.destroy_guard import BUCKET, refuse_full_bucket, takes_bucket
from tests.support.checkout import Checkout


@pytest.mark.parametrize(
    ("action", "args"),
    [
        ("destroy", []),
        ("destroy", ["-auto-approve", "-no-color"]),
        ("destroy", ["-target=module.bucket"]),
        ("destroy", ["-target", "module.schedule", "--target", "module.bucket.aws_s3_bucket.this"]),
        ("apply", ["-destroy"]),
        ("apply", ["-destroy=true", "-auto-approve"]),
    ],
)
def test_a_destroy_of_all_or_of_the_bucket_takes_it(action: str, args: list[str]) -> None:
    assert takes_bucket(action, args)


@pytest.mark.parametrize(
    ("action", "args"),
    [
        ("destroy", ["-target=module.schedule"]),
        ("destroy", ["-target", "module.bucket.aws_s3_bucket_policy.this"]),
        ("destroy", ["-help"]),
        ("apply", []),
        ("apply", ["-destroy=false"]),
        ("apply", ["destroy"]),
        ("plan", ["-destroy"]),
        ("output", ["destroy"]),
    ],
)
def test_whatever_else_leaves_it(action: str, args: list[str]) -> None:
    assert not takes_bucket(action, args)


@pytest.fixture
def ref(tmp_path: Path, exported: None) -> PipelineRef:
    checkout = Checkout(tmp_path)
    checkout.pipeline("local/prices")
    return checkout.project.find("local/prices")


@pytest.fixture
def bucket(aws: Aws) -> str:
    """A versioned bucket that holds nothing."""
    name = f"prices-{uuid4().hex[:12]}"
    aws.s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    aws.s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def state(bucket: str, *, force_destroy: bool = False, managed: str | None = None) -> dict[str, Any]:
    """The output of `terraform show -json` for a stack with this bucket and an object in it."""
    values = {"bucket": bucket, "region": "us-west-2", "force_destroy": force_destroy}
    modules: list[dict[str, Any]] = [{"resources": [{"address": BUCKET, "values": values}]}]
    if managed:
        values = {"bucket": bucket, "key": managed}
        modules.append({"resources": [{"address": "module.source[0].aws_s3_object.this", "values": values}]})
    return {"values": {"root_module": {"child_modules": modules}}}


def test_an_object_keeps_the_bucket(aws: Aws, ref: PipelineRef, bucket: str) -> None:
    aws.s3.put_object(Bucket=bucket, Key="data/day.csv", Body=b"1,2\n")
    with pytest.raises(TerraformError) as caught:
        refuse_full_bucket(ref, state(bucket))
    assert str(caught.value) == (
        f"the bucket {bucket} is not empty: it contains data/day.csv or versions of it. "
        "Terraform would destroy the rest of the stack and then fail; nothing has been destroyed"
    )
    assert caught.value.hint == (
        "to delete the data too, write force_destroy = true in terraform/pipelines/local/prices.tfvars, run: "
        "refit terraform apply local/prices, and destroy again; or empty the bucket, including all versions"
    )


@pytest.mark.parametrize("rest", ["Versions", "DeleteMarkers"])
def test_what_a_deleted_object_leaves_keeps_it_too(aws: Aws, ref: PipelineRef, bucket: str, rest: str) -> None:
    version = aws.s3.put_object(Bucket=bucket, Key="data/day.csv", Body=b"1,2\n")["VersionId"]
    aws.s3.delete_object(Bucket=bucket, Key="data/day.csv")
    if rest == "DeleteMarkers":
        aws.s3.delete_object(Bucket=bucket, Key="data/day.csv", VersionId=version)
    assert rest in aws.s3.list_object_versions(Bucket=bucket)
    with pytest.raises(TerraformError, match=r"it contains data/day\.csv or "):
        refuse_full_bucket(ref, state(bucket))


def test_what_terraform_put_there_itself_it_takes_away(aws: Aws, ref: PipelineRef, bucket: str) -> None:
    aws.s3.put_object(Bucket=bucket, Key="code/source.tar.gz", Body=b"1")
    refuse_full_bucket(ref, state(bucket, managed="code/source.tar.gz"))
    aws.s3.put_object(Bucket=bucket, Key="data/day.csv", Body=b"1,2\n")
    with pytest.raises(TerraformError, match=r"it contains data/day\.csv or "):
        refuse_full_bucket(ref, state(bucket, managed="code/source.tar.gz"))


def test_an_empty_bucket_goes_and_so_does_one_that_may_or_one_that_is_gone(
    aws: Aws, ref: PipelineRef, bucket: str
) -> None:
    refuse_full_bucket(ref, state(bucket))
    aws.s3.put_object(Bucket=bucket, Key="data/day.csv", Body=b"1,2\n")
    refuse_full_bucket(ref, state(bucket, force_destroy=True))
    refuse_full_bucket(ref, state("deleted-by-hand"))
    refuse_full_bucket(ref, {"format_version": "1.0"})
