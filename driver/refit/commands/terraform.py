"""`refit terraform`: runs terraform for one pipeline."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from refit.commands.options import PipelineName
from refit.project import PipelineRef, Project

if TYPE_CHECKING:
    from refit.terraform.runner import Terraform

app = typer.Typer()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def terraform(
    context: typer.Context,
    action: Annotated[
        str,
        typer.Argument(metavar="ACTION", help="init, plan, apply, destroy, output, or any other terraform command."),
    ],
    name: PipelineName,
    delete_endpoint: Annotated[
        bool,
        typer.Option("--delete-endpoint", help="With destroy: also delete the endpoint, endpoint configs and models."),
    ] = False,
    keep_endpoint: Annotated[
        bool, typer.Option("--keep-endpoint", help="With destroy: leave the endpoint in service.")
    ] = False,
) -> None:
    """Run terraform for a pipeline. Sets its state, variables and backend; arguments after PIPELINE go to terraform.

    Example: refit terraform plan prod/home-prices -out=plan.tfplan
    """
    from refit.github import commands_stopped

    with commands_stopped():
        ref = Project.here().find(name)
        code = run(ref, action, context.args, delete_endpoint=delete_endpoint, keep_endpoint=keep_endpoint)
    if action == "apply" and code == 0 and sys.stderr.isatty():
        print(
            f"next: refit upload {ref.key} if its bucket has no data yet, or refit trigger {ref.key}", file=sys.stderr
        )
    sys.exit(code)


def run(
    ref: PipelineRef,
    action: str,
    args: Sequence[str] = (),
    *,
    delete_endpoint: bool = False,
    keep_endpoint: bool = False,
) -> int:
    """Runs terraform on the standard streams; returns 0, or 2 for a `plan -detailed-exitcode` that found changes.

    Builds before a plan. A destroy of the whole stack also deletes what runs created in SageMaker if `delete_endpoint`
    is set, and is refused if there is an endpoint and neither that nor `keep_endpoint` is set. Raises InvalidPipeline
    or BuildError from the build, CloudError if the pipeline is local and the embedded cloud is not running, AwsError if
    the AWS settings of the shell cannot be used, and TerraformError if terraform fails (with its exit code), if
    something other than the pipeline file would change the stack, or if a destroy would fail halfway.
    """
    from refit.artifacts.build import build
    from refit.aws import target
    from refit.pipeline import files as pipeline
    from refit.report.spinner import working
    from refit.terraform import binary, overrides
    from refit.terraform.runner import Terraform

    binary.find()  # before anything is built
    environment = target.for_terraform(ref)
    if ignored := overrides.ignored(os.environ):
        print(f"ignored: {', '.join(ignored)}; {ref.display_path} alone describes the stack", file=sys.stderr)
    runner = Terraform(ref, environment)
    finish = _guard(ref, runner, action, args, delete_endpoint=delete_endpoint, keep_endpoint=keep_endpoint)
    if runner.reads_build(action, args):
        target.require_region(ref, pipeline.load(ref))
        with working(f"building {ref.key}"):
            build(ref)
    code = runner.run(action, args)
    finish()
    return code


def _guard(
    ref: PipelineRef,
    runner: Terraform,
    action: str,
    args: Sequence[str],
    *,
    delete_endpoint: bool,
    keep_endpoint: bool,
) -> Callable[[], None]:
    """Refuses a destroy that would fail halfway or leave an endpoint; returns what to do after the destroy."""
    from refit.aws import serving_resources
    from refit.live import undeclared
    from refit.report.spinner import working
    from refit.terraform import destroy_guard as guard

    plan = runner.saved_plan(action, args)
    if plan is None:
        whole = guard.takes_all(action, args)
        takes_machine, takes_bucket = guard.takes_state_machine(action, args), guard.takes_bucket(action, args)
    else:
        deleted = guard.deleted(plan)
        takes_machine, takes_bucket = guard.STATE_MACHINE in deleted, guard.BUCKET in deleted
        whole = takes_machine and takes_bucket
    if (delete_endpoint or keep_endpoint) and not whole:
        option = "--delete-endpoint" if delete_endpoint else "--keep-endpoint"
        raise typer.BadParameter("only a destroy of the whole stack takes this option", param_hint=option)
    if not (takes_machine or takes_bucket):
        return lambda: None
    with working("terraform show"):
        state = runner.state() if plan is None else plan.get("prior_state", {})
    if takes_machine:
        guard.refuse_running(ref, state)
    if takes_bucket:
        guard.refuse_full_bucket(ref, state)
    if not whole or keep_endpoint:
        return lambda: None
    aws, resources = undeclared.serving(ref, state)
    if not delete_endpoint:
        undeclared.refuse_endpoint(ref, aws, resources)
        return lambda: None

    def delete() -> None:
        with working("deleting the endpoint, its configs and its models"):
            aws, found = undeclared.serving(ref, state)  # a run may have ended since the question was asked
            serving_resources.delete(aws, found)
        deleted = [*([found.endpoint.name] if found.endpoint else []), *found.configs, *found.models]
        print(f"deleted in SageMaker: {', '.join(deleted) or 'nothing'}", file=sys.stderr)

    return delete
