"""The run document that the states pass on, and the errors that they catch by name. Imports no SDK.

CheckData writes the document; every later state adds one section to it (`training`, `status`, `deployment`,
`parameters`, `slack`), and a state that failed is recorded under `failed.<State>`. docs/run-document.md describes it.
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


class Deployment(TypedDict):
    model: str
    endpoint_config: str
    endpoint: str
    action: str
    started_at: str


class Parameters(TypedDict):
    watermark: str | None
    previous: str | None
    advanced: bool


class Run(TypedDict):
    """The run document. Instants are ISO 8601 in UTC, dates YYYY-MM-DD, sizes bytes.

    `model` is there in a redeployment alone: the model that serves, to be deployed again.
    """

    outcome: str
    reason: str
    pipeline: str
    run: str
    execution_arn: str
    event_time: str
    commit: str | None
    bucket: str
    window: Window
    days: Days
    objects: int
    bytes: int
    fingerprint: str
    newest: str | None
    watermark: str | None
    manifest: str | None
    validation: str | None
    name: str
    endpoint: str
    model: NotRequired[str]
    training: NotRequired[Training]
    status: NotRequired[Status]
    deployment: NotRequired[Deployment]
    parameters: NotRequired[Parameters]
    slack: NotRequired[dict[str, object]]
    failed: NotRequired[dict[str, dict[str, str]]]


NEW_DATA = "NewData"
NO_NEW_DATA = "NoNewData"
ALREADY_RUNNING = "AlreadyRunning"
REDEPLOY = "Redeploy"
NOTHING_TO_REDEPLOY = "NothingToRedeploy"

IN_PROGRESS = "InProgress"
JOB_COMPLETED = "JobCompleted"
JOB_FAILED = "JobFailed"
DEPLOYMENT_COMPLETED = "DeploymentCompleted"
DEPLOYMENT_FAILED = "DeploymentFailed"

NEVER = "never"
"""The watermark before the first deployment."""


class StateError(Exception):
    """The root of the errors that a state ends with. The class name is what `ErrorEquals` matches."""


class InvalidEvent(StateError):
    """The execution's input is not an event that a run can start from."""


class InvalidSettings(StateError):
    """The pipeline's window cannot be computed here: its dates are out of order, or its time zone is unknown."""


class InvalidParameter(StateError):
    """The watermark parameter is missing, or holds something that is not a date."""


class ManifestConflict(StateError):
    """This run has already written a manifest, and it lists other objects."""


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
