"""Destroying a stack whose bucket contains data: everything is deleted or nothing. The tests run in order."""

from __future__ import annotations

import pytest

from refit.artifacts.build import build
from refit.aws.session import Aws
from refit.commands.terraform import run as terraform
from refit.embedded_cloud import lifecycle
from refit.errors import TerraformError
from refit.project import PipelineRef, Project
from refit.terraform.runner import Terraform
from tests.support.end_to_end.deployed import checkout, example

BUCKET = "kept-000000000000-us-west-2"
KEY = "data/2026-11-22.csv"
POLICY = "module.bucket.aws_s3_bucket_policy.this"
ALLOWED, FORBIDDEN = "force_destroy         = true", "force_destroy         = false"
ALONE = ["-auto-approve", "-target=module.bucket", "-no-color"]


@pytest.fixture(scope="module")
def kept(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> PipelineRef:
    """A pipeline with an applied bucket that contains data and must not be deleted with it."""
    ref = declared(checkout(tmp_path_factory.mktemp("checkout")), "kept")
    Terraform(ref, cloud.environment()).run("apply", ALONE)
    return ref


def declared(project: Project, name: str) -> PipelineRef:
    """A built pipeline whose data must not be deleted."""
    file = project.pipelines_dir / "local" / f"{name}.tfvars"
    file.parent.mkdir(parents=True)
    file.write_text(example().replace('"home-prices"', f'"{name}"').replace(ALLOWED, FORBIDDEN))
    ref = project.find(f"local/{name}")
    build(ref)
    return ref


@pytest.fixture
def stack(kept: PipelineRef, cloud: lifecycle.Cloud, aws: Aws, exported: None) -> Terraform:
    aws.s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"1,2\n")
    return Terraform(kept, cloud.environment())


def addresses(stack: Terraform) -> set[str]:
    root = stack.state().get("values", {}).get("root_module", {})
    return {one["address"] for module in root.get("child_modules", []) for one in module.get("resources", [])}


def test_a_bucket_with_data_is_seen_before_anything_is_destroyed(kept: PipelineRef, stack: Terraform) -> None:
    with pytest.raises(TerraformError, match=f"the bucket {BUCKET} is not empty: it contains {KEY} or ") as caught:
        terraform(kept, "destroy", ALONE)
    assert caught.value.exit_code == 1
    assert {POLICY, "module.bucket.aws_s3_bucket.this"} <= addresses(stack)


def test_what_is_written_and_not_applied_does_not_count(kept: PipelineRef, stack: Terraform) -> None:
    kept.path.write_text(kept.path.read_text().replace(FORBIDDEN, ALLOWED))
    with pytest.raises(TerraformError, match="nothing has been destroyed"):
        terraform(kept, "destroy", ALONE)


def test_a_part_without_the_bucket_is_destroyed(kept: PipelineRef, stack: Terraform, aws: Aws) -> None:
    assert terraform(kept, "destroy", ["-auto-approve", f"-target={POLICY}"]) == 0
    assert POLICY not in addresses(stack)
    assert aws.s3.get_object(Bucket=BUCKET, Key=KEY)["Body"].read() == b"1,2\n"


def test_with_force_destroy_applied_it_goes_with_all_that_it_holds(
    kept: PipelineRef, stack: Terraform, aws: Aws
) -> None:
    build(kept)  # the bucket gets the code before versioning
    stack.run("apply", ALONE)
    assert terraform(kept, "destroy", ["-auto-approve", "-no-color"]) == 0
    assert addresses(stack) == set()
    assert BUCKET not in [bucket["Name"] for bucket in aws.s3.list_buckets()["Buckets"]]


def test_without_data_it_goes_although_it_got_the_code_before_versioning(
    cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory, aws: Aws, exported: None
) -> None:
    """Code that became a delete marker, not deleted, would keep the bucket."""
    ref = declared(checkout(tmp_path_factory.mktemp("empty")), "empty")
    Terraform(ref, cloud.environment()).run("apply", ALONE)
    bucket = BUCKET.replace("kept", "empty")
    assert [each["VersionId"] for each in aws.s3.list_object_versions(Bucket=bucket)["Versions"]] == ["null"]
    assert terraform(ref, "destroy", ["-auto-approve", "-no-color"]) == 0
    assert bucket not in [each["Name"] for each in aws.s3.list_buckets()["Buckets"]]
