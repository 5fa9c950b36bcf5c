"""`refit release PIPELINE`: ends a hold, so that runs may replace the model again."""

from __future__ import annotations

from refit.aws import hold
from refit.aws.deployed import DeployedPipeline
from refit.domain.run_document import Hold
from refit.project import PipelineRef


def release(ref: PipelineRef) -> Hold | None:
    """Ends the hold of the pipeline; returns what it was, None when nobody held it.

    Raises NotFound when the pipeline is not applied, or by a version of Refit that had no holds; AwsError otherwise.
    """
    applied = DeployedPipeline.of(ref)
    return hold.release(applied.aws, applied.stack.hold_parameter)
