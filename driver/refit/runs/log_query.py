"""`refit logs PIPELINE [RUN]`: what a run said, its states, its Lambdas and its training job together."""

from __future__ import annotations

from refit.aws import executions
from refit.aws.deployed import DeployedPipeline
from refit.errors import NotFound
from refit.project import PipelineRef
from refit.runs import logs as run_log
from refit.runs.logs import RunLog

LIMIT = 5_000
"""Lines of each source: more is read in the console."""
SUGGESTED = 5


def logs(ref: PipelineRef, run: str | None = None, limit: int = LIMIT) -> RunLog:
    """The log of the run of that name (or ARN), of the newest by default, in the order of time.

    Of each source the oldest `limit` lines are read. Raises NotFound when the pipeline is not applied, has had no run
    yet, or none of that name; InvalidPipeline, CloudError and AwsError otherwise.
    """
    applied = DeployedPipeline.of(ref)
    ending = _ending(applied, run)
    return run_log.read(applied.aws, applied.pipeline.state_machine_name, ending, limit)


def _ending(applied: DeployedPipeline, run: str | None) -> executions.ExecutionState:
    key, aws = applied.ref.key, applied.aws
    recent = executions.recent(aws, applied.stack.state_machine_arn, SUGGESTED)
    if not recent:
        raise NotFound(f"{key} has had no run yet", "its schedule starts one; so does refit trigger")
    if run is None:
        return executions.ending(aws, recent[0])
    arn = applied.run_arn(run)
    try:
        return executions.ending(aws, arn)
    except NotFound:
        newest = ", ".join(found.rpartition(":")[2] for found in recent)
        message = f"{key} has no run {arn.rpartition(':')[2]}; AWS forgets runs after 90 days"
        raise NotFound(message, f"the newest: {newest}") from None
