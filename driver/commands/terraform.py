"""`refit terraform ACTION PIPELINE [ARGS…]`: plain terraform on one pipeline's state, variables and artefacts."""

from __future__ import annotations

from collections.abc import Sequence

from driver import target
from driver.commands.build import build
from driver.project import PipelineRef
from driver.terraform import Terraform


def terraform(ref: PipelineRef, action: str, args: Sequence[str] = ()) -> int:
    """Runs terraform on the standard streams; returns 0, or 2 for a `plan -detailed-exitcode` that found changes.

    Builds before it plans. Raises InvalidPipeline or BuildError from the build, CloudError when the embedded cloud is
    needed and does not run, TerraformError (with terraform's exit code) when terraform fails.
    """
    environment = target.environment(ref)
    runner = Terraform(ref, environment)
    if runner.reads_build(action, args):
        build(ref)
    return runner.run(action, args)
