"""The run document that the states pass on. Imports no SDK.

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
