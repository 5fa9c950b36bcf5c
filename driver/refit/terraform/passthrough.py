"""`refit terraform ACTION PIPELINE [ARGS…]`: plain terraform on one pipeline's state, variables and artefacts."""

from __future__ import annotations

from collections.abc import Sequence

from refit.artifacts.build import build
from refit.aws import target
from refit.project import PipelineRef
from refit.terraform.destroy_guard import refuse_full_bucket, takes_bucket
from refit.terraform.runner import Terraform


def terraform(ref: PipelineRef, action: str, args: Sequence[str] = ()) -> int:
    """Runs terraform on the standard streams; returns 0, or 2 for a `plan -detailed-exitcode` that found changes.

    Builds before it plans, and looks into the bucket before it destroys. Raises InvalidPipeline or BuildError from the
    build, CloudError when the embedded cloud is needed and does not run, TerraformError (with terraform's exit code)
    when terraform fails, or when the destroy would end half done.
    """
    environment = target.environment(ref)
    runner = Terraform(ref, environment)
    if takes_bucket(action, args):
        refuse_full_bucket(ref, runner.state())
    if runner.reads_build(action, args):
        build(ref)
    return runner.run(action, args)
