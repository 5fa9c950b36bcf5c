"""Refuses to start the run of a merge on a stack that is not applied as the pipeline file says."""

from __future__ import annotations

from refit.aws import executions
from refit.aws.session import Aws
from refit.aws.stack import Stack
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

    Raises NotFound if the stack is not applied at all, AwsError otherwise.
    """
    definition = executions.definition(aws, stack.state_machine_arn)
    for one in in_definition(pipeline, stack, definition):
        if f"{one.name}.".startswith((*PARTS, *DEPLOYMENT)):
            raise RefitError(
                f"the stack of {key} differs from its file: {one.name}", f"run: refit terraform apply {key}"
            )
