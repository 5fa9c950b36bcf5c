"""`refit terraform`: runs terraform for one pipeline."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from refit.commands.options import PipelineName
from refit.project import PipelineRef, Project

app = typer.Typer()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def terraform(
    context: typer.Context,
    action: Annotated[
        str,
        typer.Argument(metavar="ACTION", help="init, plan, apply, destroy, output, or any other terraform command."),
    ],
    name: PipelineName,
) -> None:
    """Run terraform for a pipeline. Sets its state, variables and backend; arguments after PIPELINE go to terraform.

    Example: refit terraform plan prod/home-prices -out=plan.tfplan
    """
    from refit.github import commands_stopped

    with commands_stopped():
        ref = Project.here().find(name)
        code = run(ref, action, context.args)
    if action == "apply" and code == 0 and sys.stderr.isatty():
        print(
            f"next: refit upload {ref.key} if its bucket has no data yet, or refit trigger {ref.key}", file=sys.stderr
        )
    sys.exit(code)


def run(ref: PipelineRef, action: str, args: Sequence[str] = ()) -> int:
    """Runs terraform on the standard streams; returns 0, or 2 for a `plan -detailed-exitcode` that found changes.

    Builds before a plan, and checks that the bucket is empty before a destroy. Raises InvalidPipeline or BuildError
    from the build, CloudError if the pipeline is local and the embedded cloud is not running, AwsError if the AWS
    settings of the shell cannot be used, and TerraformError if terraform fails (with its exit code), if something other
    than the pipeline file would change the stack, or if a destroy would fail halfway.
    """
    from refit.artifacts.build import build
    from refit.aws import target
    from refit.pipeline import files as pipeline
    from refit.terraform import binary, overrides
    from refit.terraform.destroy_guard import refuse_full_bucket, takes_bucket
    from refit.terraform.runner import Terraform

    binary.find()  # before anything is built
    environment = target.for_terraform(ref)
    if ignored := overrides.ignored(os.environ):
        print(f"ignored: {', '.join(ignored)}; {ref.display_path} alone describes the stack", file=sys.stderr)
    runner = Terraform(ref, environment)
    if takes_bucket(action, args):
        refuse_full_bucket(ref, runner.state())
    if runner.reads_build(action, args):
        target.require_region(ref, pipeline.load(ref))
        build(ref)
    return runner.run(action, args)
