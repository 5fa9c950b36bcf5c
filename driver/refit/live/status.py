"""Reads the status of pipelines (`refit status`): what is deployed, how fresh the data is, how the last run ended.

A pipeline whose status cannot be read does not affect the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from refit.aws import endpoint as live_endpoint
from refit.aws import executions, hold, serving_resources, target
from refit.aws.approval_wait import ApprovalWait
from refit.aws.endpoint import EndpointStatus
from refit.aws.session import Aws, calling
from refit.aws.stack import Stack
from refit.data.freshness import newest_day
from refit.domain.run_document import Hold
from refit.domain.setting_values import NEVER
from refit.domain.time_zones import time_zone
from refit.errors import AccessDenied, NotFound, RefitError
from refit.live import undeclared
from refit.live.differences import Difference, in_definition, in_endpoint
from refit.pipeline import salvage
from refit.pipeline.model import Pipeline
from refit.pipeline.salvage import Salvaged
from refit.project import PipelineRef, Project

AT_ONCE = 8
"""How many pipelines are read concurrently; each needs about ten calls, one after the other."""


@dataclass(frozen=True)
class RunStatus:
    """A run: its name, its last state (Running if it has not ended), the reason, and its duration so far.

    `waits` is set while the run waits for approval.
    """

    name: str
    outcome: str
    reason: str
    started_at: datetime
    seconds: float
    succeeded: bool
    waits: ApprovalWait | None = None


@dataclass(frozen=True)
class PipelineStatus:
    """The status of one pipeline. A value that does not exist yet is None.

    `applied` is None if it could not be determined; `note` then says why, or how to apply the pipeline, or why the
    newest data is unknown. `watermark` is the value of the parameter, `newest` the newest day with data and `age_days`
    its age. `differences` are those of the
    live state machine and endpoint from the file (not Terraform's drift), `hold` the current hold. `warning` says what
    is wrong with the file, whose differences are then unknown. `cloud` is the state folder of the embedded cloud if it
    is not this project's own.
    """

    pipeline: str
    applied: bool | None
    note: str = ""
    watermark: str | None = None
    newest: date | None = None
    age_days: int | None = None
    run: RunStatus | None = None
    endpoint: EndpointStatus | None = None
    differences: tuple[Difference, ...] = ()
    hold: Hold | None = None
    warning: str = ""
    cloud: str | None = None

    @property
    def known(self) -> bool:
        """Whether the status could be read."""
        return self.applied is not None

    def document(self) -> dict[str, Any]:
        """The status as JSON values: dates as YYYY-MM-DD, times in ISO 8601, durations in seconds."""
        document = asdict(self)
        if self.endpoint:
            document["endpoint"]["variants"] = [variant.document() for variant in self.endpoint.variants]
        document["newest"] = self.newest.isoformat() if self.newest else None
        if self.run:
            document["run"]["started_at"] = self.run.started_at.isoformat()
        return document


def status(project: Project, names: Sequence[str], at: datetime | None = None) -> list[PipelineStatus]:
    """The status of the pipelines called `names` (all pipelines if empty), in that order.

    Ages are relative to `at`, by default now. Raises PipelineNotFound; other errors are in the status of the pipeline.
    """
    refs = (
        {ref.key: ref for ref in map(project.find, names)} if names else {ref.key: ref for ref in project.pipelines()}
    )
    now = at or datetime.now(UTC)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(lambda ref: _status(ref, now), refs.values()))


def _status(ref: PipelineRef, at: datetime) -> PipelineStatus:
    warning, cloud = "", None
    try:
        salvaged = salvage.load(ref)
        warning = salvaged.warning
        cloud = target.foreign_cloud(ref)
        aws = target.connect(ref, salvaged.pipeline)
        found = _read(ref, salvaged, aws, Stack.of(salvaged.pipeline, aws), at)
    except RefitError as error:
        found = PipelineStatus(ref.key, None, f"{error}; {error.hint}" if error.hint else str(error))
    return replace(found, warning=warning, cloud=cloud)


def _read(ref: PipelineRef, salvaged: Salvaged, aws: Aws, stack: Stack, at: datetime) -> PipelineStatus:
    declared = salvaged.pipeline
    try:
        deployed = executions.definition(aws, stack.state_machine_arn)
    except NotFound:
        return _not_applied(ref, declared, aws, stack)
    endpoint = live_endpoint.endpoint(aws, stack.endpoint)
    today = at.astimezone(time_zone(declared.window.timezone)).date()
    newest, note = _newest(aws, stack, today)
    differences = [] if salvaged.warning else in_definition(declared, stack, deployed)
    if endpoint and not salvaged.warning:
        differences += in_endpoint(declared, endpoint.identity)
    return PipelineStatus(
        ref.key,
        applied=True,
        note=note,
        watermark=_watermark(aws, stack.watermark_parameter),
        newest=newest,
        age_days=(today - newest).days if newest else None,
        run=_last_run(aws, stack.state_machine_arn, declared),
        endpoint=endpoint,
        hold=hold.standing(aws, stack.hold_parameter),
        differences=tuple(differences),
    )


def _newest(aws: Aws, stack: Stack, today: date) -> tuple[date | None, str]:
    """The newest day with data; and a note if an existing bucket cannot be listed, which hides nothing else."""
    try:
        return newest_day(aws, stack.data_bucket, stack.keys, today), ""
    except (AccessDenied, NotFound) as error:
        if stack.existing_bucket is None:
            raise
        return None, f"the newest data is unknown: {error}"


def _not_applied(ref: PipelineRef, declared: Pipeline, aws: Aws, stack: Stack) -> PipelineStatus:
    """The status of a pipeline without a stack, with what a destroy has left in SageMaker."""
    apply = f"refit terraform apply {ref.key}"
    note = f"not applied; run: {apply}"
    try:
        left = serving_resources.found(aws, declared.pipeline, stack.endpoint)
    except AccessDenied:  # the role that plans pull requests may not list what runs created
        return PipelineStatus(ref.key, applied=False, note=note)
    if left:
        delete = f"refit terraform destroy {ref.key} --delete-endpoint"
        note = f"not applied, but {undeclared.described(left, aws)}; to delete them: {delete}; to apply: {apply}"
    return PipelineStatus(ref.key, applied=False, note=note, endpoint=left.endpoint)


def _watermark(aws: Aws, parameter: str) -> str | None:
    with calling(f"read the watermark {parameter}"):
        value = aws.ssm.get_parameter(Name=parameter)["Parameter"]["Value"]
    return None if value == NEVER else value


def _last_run(aws: Aws, state_machine_arn: str, declared: Pipeline) -> RunStatus | None:
    arns = executions.recent(aws, state_machine_arn)
    if not arns:
        return None
    run = executions.state(aws, arns[0])
    waits = ApprovalWait.of(run, declared)
    return RunStatus(run.name, run.outcome, run.reason, run.started_at, round(run.seconds, 1), run.succeeded, waits)
