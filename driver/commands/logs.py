"""`refit logs PIPELINE [RUN]`: what a run said, its states, its Lambdas and its training job together."""

from __future__ import annotations

from driver import executions, pipeline, run_log, target
from driver.aws import Aws
from driver.errors import NotFound
from driver.project import PipelineRef
from driver.run_log import RunLog
from driver.stack import Stack

LIMIT = 5_000
"""Lines of each source: more is read in the console."""
SUGGESTED = 5


def logs(ref: PipelineRef, run: str | None = None, limit: int = LIMIT) -> RunLog:
    """The log of the run of that name (or ARN), of the newest by default, in the order of time.

    Of each source the oldest `limit` lines are read. Raises NotFound when the pipeline is not applied, has had no run
    yet, or none of that name; InvalidPipeline, CloudError and AwsError otherwise.
    """
    declared = pipeline.load(ref)
    aws = target.connect(ref, declared)
    stack = Stack.of(declared, aws)
    ending = _ending(ref, aws, stack.state_machine_arn, run)
    return run_log.read(aws, declared.state_machine_name, ending, limit)


def _ending(ref: PipelineRef, aws: Aws, state_machine_arn: str, run: str | None) -> executions.Ending:
    try:
        executions.definition(aws, state_machine_arn)
    except NotFound:
        raise NotFound(f"{ref.key} is not applied", f"run: refit terraform apply {ref.key}") from None
    recent = executions.recent(aws, state_machine_arn, SUGGESTED)
    if not recent:
        raise NotFound(f"{ref.key} has had no run yet", "its schedule starts one; so does refit trigger")
    if run is None:
        return executions.ending(aws, recent[0])
    runs = state_machine_arn.replace(":stateMachine:", ":execution:")
    name = run.removeprefix(f"{runs}:")
    try:
        return executions.ending(aws, f"{runs}:{name}")
    except NotFound:
        newest = ", ".join(arn.rpartition(":")[2] for arn in recent)
        message = f"{ref.key} has no run {name}; AWS forgets runs after 90 days"
        raise NotFound(message, f"the newest: {newest}") from None
