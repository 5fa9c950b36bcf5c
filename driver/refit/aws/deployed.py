"""A deployed pipeline: its file, the names of its AWS resources, and clients for them."""

from __future__ import annotations

from dataclasses import dataclass

from refit.aws import executions, target
from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.errors import NotFound
from refit.pipeline import salvage
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef

NEWEST = 200
"""How many runs are searched for the beginning of a name."""


@dataclass(frozen=True)
class DeployedPipeline:
    """A pipeline whose stack is applied, with everything that a command needs to use it."""

    ref: PipelineRef
    pipeline: Pipeline
    aws: Aws
    stack: Stack

    @classmethod
    def of(cls, ref: PipelineRef) -> DeployedPipeline:
        """The deployed pipeline that `ref` declares. Of a file with problems, the valid fields are used.

        Raises NotFound if its stack is not applied; InvalidPipeline, CloudError and AwsError otherwise.
        """
        declared = salvage.load(ref).pipeline
        aws = target.connect(ref, declared)
        stack = Stack.of(declared, aws)
        try:
            executions.definition(aws, stack.state_machine_arn)
        except NotFound:
            raise NotFound(f"{ref.key} is not applied", f"run: refit terraform apply {ref.key}") from None
        return cls(ref, declared, aws, stack)

    @property
    def runs_prefix(self) -> str:
        """The prefix in the bucket under which each run of the pipeline has a folder."""
        return f"runs/{self.pipeline.pipeline}/"

    def run_arn(self, run: str) -> str:
        """The ARN of the execution `run`, a name or an ARN."""
        return executions.arn_of(self.stack.state_machine_arn, run)

    def find_run(self, run: str) -> str:
        """The ARN of the run with this name, ARN, or unique beginning of a name. Raises NotFound for an ambiguous one.

        A name that is not among the newest runs is returned as an ARN without a check: it may be older.
        """
        if ":" in run:
            return self.run_arn(run)
        names = [one.name for one in executions.listed(self.aws, self.stack.state_machine_arn, NEWEST)]
        matching = [name for name in names if name.startswith(run)]
        if run in names or len(matching) != 1:
            if run not in names and matching:
                hint = f"write more of it: {', '.join(matching[:5])}"
                raise NotFound(f"{len(matching)} runs of {self.ref.key} begin with {run}", hint)
            return self.run_arn(run)
        return self.run_arn(matching[0])

    def newest_runs(self, limit: int = 5) -> str:
        """A hint with the names of the newest runs, or that there are none yet. Raises AwsError."""
        names = [one.name for one in executions.listed(self.aws, self.stack.state_machine_arn, limit)]
        return f"the newest runs: {', '.join(names)}" if names else f"{self.ref.key} has had no run yet"
