"""Refuses a `terraform destroy` that would fail halfway.

S3 does not delete a bucket that contains objects, versions or delete markers, and the bucket is the last resource that
Terraform deletes: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html. Step Functions deletes a state
machine only when its executions have ended, and the provider waits five minutes for it:
https://docs.aws.amazon.com/step-functions/latest/apireference/API_DeleteStateMachine.html.
refit.live.undeclared has the endpoint, which Terraform does not manage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from refit.aws import executions, target
from refit.aws.session import Aws, calling
from refit.errors import NotFound, TerraformError
from refit.project import PipelineRef

BUCKET = "module.bucket.aws_s3_bucket.this"
OF_BUCKET = frozenset({"module.bucket", BUCKET})
STATE_MACHINE = "module.state_machine.aws_sfn_state_machine.this"
APART = ("module.alarms", "module.arrival")
"""The modules that no other one depends on: their destruction does not reach the state machine."""
HELP = frozenset({"h", "help"})


def takes_bucket(action: str, args: Sequence[str]) -> bool:
    """Whether `terraform <action> <args>` destroys the bucket: with the whole stack, or as a -target.

    Other targets do not destroy it, because it depends on no other resource.
    """
    targets = _targets(args)
    return _destroys(action, args) and (not targets or not OF_BUCKET.isdisjoint(targets))


def takes_state_machine(action: str, args: Sequence[str]) -> bool:
    """Whether `terraform <action> <args>` deletes or replaces the state machine, or what its runs need."""
    if _destroys(action, args):
        targets = _targets(args)
        return not targets or not all(target.startswith(APART) for target in targets)
    replaced = [value for name, value in _options(args) if name == "replace"]
    return action == "apply" and any(STATE_MACHINE.startswith(value) for value in replaced)


def deleted(plan: Mapping[str, Any]) -> set[str]:
    """The addresses of the resources that a saved plan (`terraform show -json PLAN`) deletes or replaces."""
    return {one["address"] for one in plan.get("resource_changes", ()) if "delete" in one["change"]["actions"]}


def takes_all(action: str, args: Sequence[str]) -> bool:
    """Whether `terraform <action> <args>` destroys the whole stack."""
    return _destroys(action, args) and not _targets(args)


def refuse_running(ref: PipelineRef, state: Mapping[str, Any]) -> None:
    """Raises TerraformError if the state machine in `state` has a running execution, AwsError if this is unknown."""
    machine = _by_address(state).get(STATE_MACHINE)
    if machine is None:
        return
    aws = target.clients(ref, machine["arn"].split(":")[3])
    try:
        running = executions.listed(aws, machine["arn"], 10, running=True)
    except NotFound:
        return
    if running:
        run, more = running[0], f" and {len(running) - 1} more" if len(running) > 1 else ""
        raise TerraformError(
            f"the run {run.name}{more} of {ref.key} is in progress. Step Functions deletes a state machine only when "
            "its runs have ended, and Terraform would fail after waiting for five minutes; nothing has been changed",
            f"wait for it: refit logs {ref.key} {run.name} --follow; or stop it: aws stepfunctions stop-execution "
            f"--region {aws.region} --execution-arn {run.arn}",
        )


def refuse_full_bucket(ref: PipelineRef, state: Mapping[str, Any]) -> None:
    """Raises TerraformError if the bucket in `state` (`terraform show -json`) cannot be deleted, AwsError if
    this cannot be determined.

    The applied value of force_destroy counts, because the provider reads it from the state.
    """
    resources = _by_address(state)
    bucket = resources.get(BUCKET)
    if bucket is None or bucket.get("force_destroy"):
        return
    name = bucket["bucket"]
    # Terraform first deletes the objects that it manages, with all their versions.
    managed = {values["key"] for values in resources.values() if values.get("bucket") == name and "key" in values}
    key = _first_key(target.clients(ref, bucket.get("region")), name, managed)
    if key is not None:
        raise TerraformError(
            f"the bucket {name} is not empty: it contains {key} or versions of it. Terraform would destroy the rest of "
            "the stack and then fail; nothing has been destroyed",
            f"to delete the data too, write force_destroy = true in {ref.display_path}, run: refit terraform apply "
            f"{ref.key}, and destroy again; or empty the bucket, including all versions",
        )


def _destroys(action: str, args: Sequence[str]) -> bool:
    names = {name for name, value in _options(args) if value != "false"}
    return not HELP & names and (action == "destroy" or (action == "apply" and "destroy" in names))


def _targets(args: Sequence[str]) -> set[str]:
    return {value for name, value in _options(args) if name == "target"}


def _by_address(state: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {resource["address"]: resource["values"] for resource in _resources(state)}


def _options(args: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option with its value, written as -name=value or, which terraform also accepts, as -name value."""
    for arg, following in pairwise([*args, ""]):
        if arg.startswith("-"):
            name, _, value = arg.lstrip("-").partition("=")
            yield name, value or following


def _resources(state: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The resources of all modules.

    https://developer.hashicorp.com/terraform/internals/json-format#values-representation
    """
    modules = [state["values"]["root_module"]] if state.get("values") else []
    while modules:
        module = modules.pop()
        yield from module.get("resources", [])
        modules += module.get("child_modules", [])


def _first_key(aws: Aws, bucket: str, ignored: set[str]) -> str | None:
    """The first key of an object, a version or a delete marker in the bucket that is not one of `ignored`."""
    try:
        with calling(f"check whether s3://{bucket} is empty"):
            for page in aws.s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
                for entry in (*page.get("Versions", []), *page.get("DeleteMarkers", [])):
                    if entry["Key"] not in ignored:
                        return entry["Key"]
    except NotFound:
        return None
    return None
