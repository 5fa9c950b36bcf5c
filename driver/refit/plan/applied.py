"""Refuses to start the run of a merge on a stack that is not applied as the pipeline file says."""

from __future__ import annotations

import time

from refit.aws import executions
from refit.aws.previous_definition import READS
from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.aws.visibility import PAUSE_SECONDS
from refit.errors import RefitError
from refit.live.differences import in_definition
from refit.pipeline.model import Pipeline
from refit.runs.backfill.training_digest import PARTS

DEPLOYMENT = (
    "DeployModel.settings.",
    "CreateModel.PrimaryContainer.",
    "CreateEndpointConfig.ProductionVariants.",
    "UpdateEndpoint.DeploymentConfig.",
)
"""The parts of a definition that determine the deployment: of polling, of direct. PARTS are those of training."""


def refuse_unapplied(key: str, pipeline: Pipeline, stack: Stack, aws: Aws) -> None:
    """Raises RefitError if the deployed state machine would train or deploy differently from the file of `pipeline`.

    Reads the definition several times before: after an apply, a read may still return the previous one.

    Raises NotFound if the stack is not applied at all, AwsError otherwise.
    """
    for read in range(READS):
        if read:
            time.sleep(PAUSE_SECONDS)
        definition = executions.definition(aws, stack.state_machine_arn)
        names = (one.name for one in in_definition(pipeline, stack, definition))
        different = [name for name in names if f"{name}.".startswith((*PARTS, *DEPLOYMENT))]
        if not different:
            return
    raise RefitError(f"the stack of {key} differs from its file: {different[0]}", f"run: refit terraform apply {key}")
