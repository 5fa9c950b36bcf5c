"""Detecting terraform commands that delete the bucket or the state machine, and checking whether they would fail."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import typer

from refit.aws.session import Aws
from refit.commands.terraform import run
from refit.errors import TerraformError
from refit.project import PipelineRef
from refit.terraform.destroy_guard import (
    BUCKET,
    STATE_MACHINE,
    refuse_full_bucket,
    refuse_running,
    takes_bucket,
    takes_state_machine,
)
from tests.refit.terraform.conftest import StandIn
from tests.support.checkout import Checkout
from tests.support.embedded_cloud.customer import IMAGE, Customer
from tests.support.waiting import until


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
    for name in ("main.tf", ".terraform.lock.hcl"):
        (tmp_path / "terraform" / name).touch()
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


@pytest.mark.parametrize(
    ("action", "args"),
    [
        ("destroy", []),
        ("destroy", ["-target=module.functions", "-auto-approve"]),
        ("destroy", ["-target=module.alarms", "-target=module.bucket"]),
        ("apply", ["-destroy"]),
        ("apply", [f"-replace={STATE_MACHINE}"]),
        ("apply", ["-replace", STATE_MACHINE, "-auto-approve"]),
    ],
)
def test_what_deletes_the_state_machine_or_what_its_runs_need_is_detected(action: str, args: list[str]) -> None:
    assert takes_state_machine(action, args)


@pytest.mark.parametrize(
    ("action", "args"),
    [
        ("destroy", ["-target=module.alarms"]),
        ("destroy", ["-target=module.arrival[0]", "-target=module.alarms.aws_cloudwatch_metric_alarm.failed"]),
        ("destroy", ["-help"]),
        ("apply", []),
        ("apply", ['-replace=module.functions.aws_lambda_function.this["check_data"]']),
        ("plan", ["-destroy"]),
    ],
)
def test_what_leaves_the_state_machine_is_not(action: str, args: list[str]) -> None:
    assert not takes_state_machine(action, args)


def machine_state(arn: str) -> dict[str, Any]:
    """The output of `terraform show -json` for a stack of the pipeline prices with this state machine."""
    outputs = {"pipeline": "prices", "endpoint": "prices", "region": "us-west-2"}
    module = {"resources": [{"address": STATE_MACHINE, "values": {"arn": arn}}]}
    return {
        "values": {
            "outputs": {name: {"value": value} for name, value in outputs.items()},
            "root_module": {"child_modules": [module]},
        }
    }


def test_a_run_in_progress_stops_a_destroy_and_a_replacement(
    aws: Aws, ref: PipelineRef, states_role: str, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    definition = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 3600, "End": True}}}
    arn = aws.stepfunctions.create_state_machine(
        name="refit-prices", definition=json.dumps(definition), roleArn=states_role
    )["stateMachineArn"]
    refuse_running(ref, machine_state(arn))
    execution = aws.stepfunctions.start_execution(stateMachineArn=arn, name="run-1")["executionArn"]
    monkeypatch.setenv("STAND_IN_SAYS", json.dumps(machine_state(arn)))
    for action, args in (("destroy", ["-auto-approve"]), ("apply", [f"-replace={STATE_MACHINE}"])):
        with pytest.raises(TerraformError, match=r"^the run run-1 of local/prices is in progress\. ") as caught:
            run(ref, action, args)
        assert caught.value.hint == (
            "wait for it: refit logs local/prices run-1 --follow; or stop it: aws stepfunctions stop-execution "
            f"--region us-west-2 --execution-arn {execution}"
        )
    saved = ref.project.terraform_dir / "saved.tfplan"
    saved.touch()
    for actions, refused in ((["delete", "create"], True), (["delete"], True), (["update"], False)):
        changes = [{"address": STATE_MACHINE, "change": {"actions": actions}}]
        plan = {"prior_state": machine_state(arn), "resource_changes": changes}
        monkeypatch.setenv("STAND_IN_SAYS", json.dumps(plan))
        with pytest.raises(TerraformError, match="is in progress") if refused else nullcontext():
            run(ref, "apply", [saved.name])
    assert stand_in.actions()[-3:] == ["show", "show", "apply"]
    assert "destroy" not in stand_in.actions()
    monkeypatch.setenv("STAND_IN_SAYS", json.dumps(machine_state(arn)))
    aws.stepfunctions.stop_execution(executionArn=execution)
    until(lambda: aws.stepfunctions.describe_execution(executionArn=execution)["status"] == "ABORTED")
    refuse_running(ref, machine_state(arn))
    refuse_running(ref, machine_state(f"{arn}-deleted-by-hand"))
    refuse_running(ref, {"format_version": "1.0"})
    assert run(ref, "destroy", ["-auto-approve"]) == 0
    assert stand_in.actions()[-1] == "destroy"


def test_an_endpoint_stops_a_destroy_until_the_user_says_what_to_do_with_it(
    aws: Aws, ref: PipelineRef, customer: Customer, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "prices-20261122-0a1b2c3d"
    aws.sagemaker.create_model(
        ModelName=name,
        PrimaryContainer={"Image": IMAGE, "ModelDataUrl": customer.doubling},
        ExecutionRoleArn=customer.role,
    )
    variant: Any = customer.variant("AllTraffic", name)
    aws.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
    aws.sagemaker.create_endpoint(EndpointName="prices", EndpointConfigName=name)
    customer.settled("prices")
    monkeypatch.setenv("STAND_IN_SAYS", json.dumps(machine_state("arn:aws:states:us-west-2:0:stateMachine:gone")))
    with pytest.raises(TerraformError, match=r"^the endpoint prices \(InService, 2 × ml\.m5\.large, ") as caught:
        run(ref, "destroy")
    assert "refit terraform destroy local/prices --delete-endpoint" in str(caught.value.hint)
    assert "destroy" not in stand_in.actions()

    assert run(ref, "destroy", keep_endpoint=True) == 0
    assert customer.endpoint("prices")["EndpointStatus"] == "InService"
    monkeypatch.setenv("STAND_IN_SAYS", '{"format_version": "1.0"}')  # destroyed: the names come from the pipeline file
    assert run(ref, "destroy", delete_endpoint=True) == 0
    assert aws.sagemaker.list_endpoints(NameContains="prices")["Endpoints"] == []
    assert aws.sagemaker.list_models(NameContains="prices")["Models"] == []


@pytest.mark.parametrize("option", ["delete_endpoint", "keep_endpoint"])
@pytest.mark.parametrize(("action", "args"), [("apply", []), ("destroy", ["-target=module.alarms"])])
def test_what_becomes_of_the_endpoint_is_decided_for_a_whole_stack(
    ref: PipelineRef, stand_in: StandIn, option: str, action: str, args: list[str]
) -> None:
    with pytest.raises(typer.BadParameter, match="only a destroy of the whole stack"):
        run(ref, action, args, **{option: True})
    assert stand_in.calls() == []
