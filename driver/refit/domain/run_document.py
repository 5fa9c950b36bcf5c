"""The types of the run document, the JSON that each state of a run passes to the next.

CheckData creates the document, and every later state adds one section (`quality`, `training`, `status`, `evaluation`,
`approval`, `deployment`, `parameters`, `cleanup`, `slack`, `end`), and a state that failed is recorded under
`failed.<State>`. docs/run-document.md describes it.
"""

from __future__ import annotations

from typing import NotRequired, TypedDict


class WindowSettings(TypedDict):
    """A pipeline's `window`: one of `days`, `weeks`, `months`, `expanding_from`, or `start` and `end` (YYYY-MM-DD)."""

    days: NotRequired[int]
    weeks: NotRequired[int]
    months: NotRequired[int]
    expanding_from: NotRequired[str]
    start: NotRequired[str]
    end: NotRequired[str]
    holdout_days: int
    min_days: int
    lag_days: int
    timezone: str


class Execution(TypedDict):
    """The execution's ARN, name and start (ISO 8601)."""

    arn: str
    name: str
    started_at: str


class Window(TypedDict):
    """Inclusive dates, as in a pipeline file."""

    start: str
    end: str


class Days(TypedDict):
    """The days of the window, by their use, as refit.domain.date_ranges: `2026-11-01/2026-11-06`, `2026-11-08`."""

    train: list[str]
    validation: list[str]
    missing: list[str]


class Tag(TypedDict):
    """A tag of a SageMaker resource."""

    Key: str
    Value: str


class Hold(TypedDict):
    """The value of the hold parameter while no run may replace the live model: who, since when (ISO 8601) and why."""

    by: str
    since: str
    reason: str


class QualityBreach(TypedDict):
    """A rule that a day breaks: refit.domain.data_quality.Breach, with its day."""

    day: str
    rule: str
    value: str
    expected: str
    column: str | None
    object: str | None
    row: int | None
    count: int


class ColumnDrift(TypedDict):
    """How far a column's values have moved from those of the live model's data; null if they cannot be compared."""

    column: str
    psi: float | None
    outside: float | None


class Quality(TypedDict):
    """The result of CheckQuality. CheckQualityBranch reads `decision`; the rest is for users and records.

    `rows` are those of the days that were checked, `skipped` the days (as in Days) that the run does not train on.
    `breaches` and `drift` are the first and the greatest; the object at the URI `statistics` has all of them.
    """

    decision: str
    reason: str
    rows: int
    skipped: list[str]
    breaches: list[QualityBreach]
    drift: list[ColumnDrift]
    statistics: str


class Training(TypedDict):
    job: str
    arn: str
    asked_at: str
    started_at: str


class Status(TypedDict):
    """The result of GetStatus. CheckStatusBranch reads `state`; the rest is for users and records."""

    state: str
    detail: str
    reason: str
    model_data: NotRequired[str]
    metrics: NotRequired[dict[str, float]]
    billable_seconds: NotRequired[int]


class Evaluation(TypedDict):
    """The result of EvaluateModel. EvaluateModelBranch reads `decision`; the rest is for users and records.

    `champion` is the live model's metric on `rows` of the held-out rows, null if there is none or it was not measured.
    `incomparable` is why a live model could not be measured, null otherwise; older records do not have it.
    """

    decision: str
    reason: str
    metric: NotRequired[str]
    challenger: NotRequired[float | None]
    champion: NotRequired[float | None]
    champion_model: NotRequired[str | None]
    rows: NotRequired[int]
    incomparable: NotRequired[str | None]


class Approval(TypedDict):
    """The answer to an approval request; `by` is null if nobody answered in time."""

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
    """The names of the deleted resources."""

    models: list[str]
    endpoint_configs: list[str]


class End(TypedDict):
    """The name of the run's last state, the reason, and when the run started and ended (ISO 8601)."""

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

    `model` is only present in a redeployment and a rollback: the model to deploy again. `stopped_jobs` is only present
    if there were any: the training jobs of earlier runs that this run has stopped. `stale` is a sentence about the
    age of the newest data, if that is too old. `source` is the run's copy of a custom algorithm's code. `image` is for
    training and serving; `tags` are for every resource that the run creates. `data_bucket` has the data that the run
    trains on, and `bucket`, the stack's own, everything that the run writes.
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
    data_bucket: str
    data_bucket_owner: str | None
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
    stopped_jobs: NotRequired[list[str]]
    quality: NotRequired[Quality]
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
