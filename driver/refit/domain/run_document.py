"""The run document that the states pass on, and the errors that they catch by name. Imports no SDK.

CheckData writes the document; every later state adds one section to it (`training`, `status`, `evaluation`, `approval`,
`deployment`, `parameters`, `cleanup`, `slack`, `end`), and a state that failed is recorded under `failed.<State>`.
docs/run-document.md describes it.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict


class WindowSettings(TypedDict):
    """A pipeline's `window`: either `days`, or `start` and `end` (inclusive dates) with `days` null or absent."""

    days: NotRequired[int | None]
    start: NotRequired[str | None]
    end: NotRequired[str | None]
    holdout_days: int
    min_days: int
    lag_days: int
    timezone: str


class Execution(TypedDict):
    """Who runs: the execution's ARN, its name and when it started (ISO 8601)."""

    arn: str
    name: str
    started_at: str


class Window(TypedDict):
    """Inclusive dates, as in a pipeline file."""

    start: str
    end: str


class Days(TypedDict):
    """The days of the window, by what they are used for."""

    train: list[str]
    validation: list[str]
    missing: list[str]


class Tag(TypedDict):
    """A tag as SageMaker takes it."""

    Key: str
    Value: str


class Hold(TypedDict):
    """What the hold parameter holds while no run may replace the model: who said so, when (ISO 8601) and why."""

    by: str
    since: str
    reason: str


class Training(TypedDict):
    job: str
    arn: str
    asked_at: str
    started_at: str


class Status(TypedDict):
    """What GetStatus saw: `state` is what CheckStatusBranch reads, the rest is for people and records."""

    state: str
    detail: str
    reason: str
    model_data: NotRequired[str]
    metrics: NotRequired[dict[str, float]]
    billable_seconds: NotRequired[int]


class Evaluation(TypedDict):
    """EvaluateModel's judgement: `decision` is what EvaluateModelBranch reads, the rest is for people and records.

    `champion` is the live model's metric on `rows` of the held-out rows, null when none serves or it could not answer.
    """

    decision: str
    reason: str
    metric: NotRequired[str]
    challenger: NotRequired[float | None]
    champion: NotRequired[float | None]
    champion_model: NotRequired[str | None]
    rows: NotRequired[int]


class Approval(TypedDict):
    """What a person said; `by` is null when nobody answered in time."""

    approved: bool
    by: str | None
    at: str
    reason: str


class Deployment(TypedDict):
    model: str
    endpoint_config: str
    endpoint: str
    action: str
    started_at: str
    next_look_seconds: NotRequired[int]


class Cleanup(TypedDict):
    """The names of what was deleted."""

    models: list[str]
    endpoint_configs: list[str]


class End(TypedDict):
    """How the run ended: the name of its last state, why, and when it began and ended (ISO 8601)."""

    state: str
    reason: str
    started_at: str
    at: str


class Parameters(TypedDict):
    watermark: str | None
    previous: str | None
    advanced: bool


class Run(TypedDict):
    """The run document. Instants are ISO 8601 in UTC, dates YYYY-MM-DD, sizes bytes.

    `model` is there in a redeployment and a rollback alone: the model to be deployed again. `stale` says in a sentence
    how old the newest data is when that is too old. `source` is the run's copy of an own algorithm's code. `image`
    trains and serves; `tags` go on whatever the run makes.
    """

    outcome: str
    reason: str
    pipeline: str
    run: str
    execution_arn: str
    event_time: str
    commit: str | None
    train_only: bool
    bucket: str
    window: Window
    days: Days
    objects: int
    bytes: int
    fingerprint: str
    newest: str | None
    watermark: str | None
    stale: str | None
    manifest: str | None
    validation: str | None
    source: str | None
    name: str
    endpoint: str
    image: str
    tags: list[Tag]
    model: NotRequired[str]
    training: NotRequired[Training]
    status: NotRequired[Status]
    evaluation: NotRequired[Evaluation]
    approval: NotRequired[Approval]
    deployment: NotRequired[Deployment]
    parameters: NotRequired[Parameters]
    cleanup: NotRequired[Cleanup]
    slack: NotRequired[dict[str, object]]
    end: NotRequired[End]
    failed: NotRequired[dict[str, dict[str, str]]]


NEW_DATA = "NewData"
NO_NEW_DATA = "NoNewData"
ALREADY_RUNNING = "AlreadyRunning"
REDEPLOY = "Redeploy"
NOTHING_TO_REDEPLOY = "NothingToRedeploy"
ROLLBACK = "Rollback"
HELD = "Held"

IN_PROGRESS = "InProgress"
JOB_COMPLETED = "JobCompleted"
JOB_FAILED = "JobFailed"
DEPLOYMENT_COMPLETED = "DeploymentCompleted"
DEPLOYMENT_FAILED = "DeploymentFailed"

ACCEPTED = "Accepted"
REJECTED = "Rejected"

NEW_DAY = "new_day"
ANY_CHANGE = "any_change"
"""What a pipeline retrains on: a day newer than the watermark alone, or any change of the days that it has seen."""

NEVER = "never"
"""The watermark before the first deployment, and the run that it came from."""
NOBODY = "none"
"""The hold parameter while nobody holds the pipeline."""


class StateError(Exception):
    """The root of the errors that a state ends with. The class name is what `ErrorEquals` matches."""


class InvalidEvent(StateError):
    """The execution's input is not an event that a run can start from."""


class InvalidSettings(StateError):
    """The pipeline's window cannot be computed here: its dates are out of order, or its time zone is unknown."""


class InvalidParameter(StateError):
    """The watermark parameter is missing, or holds something that is not a date."""


class MetricMissing(StateError):
    """The training job did not report the metric that the gate judges by."""


class ManifestConflict(StateError):
    """This run has already written a manifest, and it lists other objects."""


class SourceGone(StateError):
    """The code of the own algorithm was replaced by other code between the run's start and its CheckData."""


class ForeignEndpoint(StateError):
    """The endpoint was there before this pipeline deployed anything: it is not the pipeline's to change or delete."""


class LeaseLost(StateError):
    """Another execution has taken the lease since: this one was stopped, and then continued (redriven) too late."""


class NameConflict(StateError):
    """A resource of this run's name exists and was made by another request."""


class NotVisibleYet(StateError):
    """SageMaker does not find what this run has just made: it reads from a copy; the state machine asks again."""


class UnknownRegion(StateError):
    """SageMaker publishes no Linear Learner image for this region."""


class UnknownModel(StateError):
    """The endpoint does not serve, for certain, the model of a run of this pipeline: a run with force deploys one."""


class UnknownStatus(StateError):
    """SageMaker answered with a status that this version does not know."""


class WatermarkNotAdvanced(StateError):
    """The watermark was written and reads back older than that; the state machine writes it again a few times."""


class EndpointBusy(StateError):
    """The endpoint is being changed by somebody else; the state machine waits and asks again."""


class EndpointFailed(StateError):
    """The endpoint served before and is in Failed: only a person may decide to delete it."""


class QuotaInUse(StateError):
    """The account's quota is large enough, and others hold its instances for now; the state machine asks again."""


class Throttled(StateError):
    """AWS kept refusing for load, or could not be reached, beyond the SDK's retries; the state machine retries."""
