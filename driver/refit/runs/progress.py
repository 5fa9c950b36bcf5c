"""Describes the states of a run in one line each: for progress on the terminal, and for `refit logs`.

It is next to the runs, not in `refit.report`, because the functions that follow a run report their progress with it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from refit.aws.execution_history import Step
from refit.domain.formatting import counted
from refit.domain.outcomes import JOB_COMPLETED, STILL_RUNNING

POLL = frozenset({"CheckStatusWait", "GetStatus", "DescribeEndpoint", "DescribeTrainingJob", "CheckStatusBranch"})
"""The states that repeat while SageMaker works: reported again only when their text changes."""

WAITING = frozenset({"StartTrainingJob", "AwaitApproval"})
"""The states that may take long: reported when they begin, too."""

MAIN_METRICS = frozenset({"train:mse", "validation:mse", "validation:binary_classification_accuracy"})
"""The metrics that fit into a line; the run document has all of them."""

Document = Mapping[str, Any]


SILENCE_SECONDS = 45.0
"""After this time without a line, one says which state still runs."""


class Progress:
    """Calls `report` with one line for each state of a run as it happens; counts the states entered.

    `pipeline` is the pipeline's key, which the run document does not have; `clock` returns seconds.
    """

    def __init__(
        self, report: Callable[[str], None], pipeline: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._report, self._pipeline, self._clock = report, pipeline, clock
        self._started: datetime | None = None
        self._began = self._said = clock()
        self._state = ""
        self._last_text = ""
        self.states = 0

    def on_step(self, step: Step) -> None:
        """Reports the next step of the run."""
        self._started = self._started or step.at
        self.states += not step.left
        self._state = step.state
        text = describe(step, self._pipeline)
        if text is None or (step.state in POLL | WAITING and text == self._last_text):
            return
        self._last_text = text
        self._said = self._clock()
        self._report(f"{(step.at - self._started).total_seconds():6.1f} s  {step.state:<20} {text}".rstrip())

    def on_wait(self) -> None:
        """Reports the state that the run is in, if nothing was reported for a while."""
        now = self._clock()
        if now - self._said >= SILENCE_SECONDS:
            self._said = now
            doing = f"{self._state:<20} still running" if self._state else "waits for another run to end"
            self._report(f"{now - self._began:6.1f} s  {doing}")


def describe(step: Step, pipeline: str) -> str | None:
    """What a state of the pipeline with this key did or waits for; None if there is nothing to report.

    "" reports the name of the state alone: the last state of a run.
    """
    if (step.document.get("end") or {}).get("state") == step.state:
        return "" if step.left else None
    if step.state == "AwaitApproval" and not step.left:
        return f"waits for approval: refit approve {pipeline} {step.document['run']}"
    description = _LEFT.get(step.state) if step.left else _ENTERED.get(step.state)
    try:
        return description(step.document) if description else None
    except KeyError:
        failed = step.document.get("failed", {}).get(step.state, {})
        return str(failed["Error"]) if failed else None


def _check_data(run: Document) -> str:
    return str(run["reason"])


def _check_quality(run: Document) -> str:
    return f"{run['quality']['decision']}: {run['quality']['reason']}"


def _job(run: Document) -> str:
    return str(run["name"])


def _start_training_job(run: Document) -> str:
    # In the direct orchestration DescribeTrainingJob adds the job, once it has ended.
    return str(run["training"]["job"])


def _evaluate_model(run: Document) -> str:
    return f"{run['evaluation']['decision']}: {run['evaluation']['reason']}"


def _approval(run: Document) -> str:
    approval = run["approval"]
    verdict = "approved" if approval["approved"] else "rejected"
    answer = f"{verdict} by {approval['by']}" if approval["by"] else verdict
    return " · ".join(filter(None, (answer, approval.get("reason"))))


def _clean_up(run: Document) -> str:
    cleanup = run["cleanup"]
    if not cleanup["models"] and not cleanup["endpoint_configs"]:
        return "nothing to delete"
    parts = (counted(len(cleanup["models"]), "model"), counted(len(cleanup["endpoint_configs"]), "endpoint config"))
    return f"deleted {' and '.join(part for part in parts if not part.startswith('0 '))}"


def _status(run: Document) -> str:
    status = run["status"]
    # The document keeps the metrics during the deployment, but they are reported once.
    measured = status.get("metrics", {}) if status["state"] == JOB_COMPLETED else {}
    metrics = ", ".join(f"{name} {value:.4g}" for name, value in sorted(measured.items()) if name in MAIN_METRICS)
    # SageMaker has two statuses, which are often equal: "Completed/Completed", "InProgress/Training".
    detail = ", ".join(dict.fromkeys(status["detail"].split("/")))
    return " · ".join(filter(None, (detail, status["reason"], metrics)))


def _deploy_model(run: Document) -> str:
    deployment = run["deployment"]
    return f"{deployment['action']} endpoint {deployment['endpoint']}"


def _update_parameters(run: Document) -> str:
    return f"watermark {run['parameters']['watermark']}"


def _notify_slack(run: Document) -> str:
    slack = run["slack"]
    reason = (slack.get("failed") or {}).get("Error") or slack.get("reason")
    if slack.get("posted") and "failed" not in slack:
        return "posted" if reason == "ok" else f"posted: {reason}"
    return f"not posted: {reason}"


_LEFT: dict[str, Callable[[Document], str]] = {
    "CheckData": _check_data,
    "CheckQuality": _check_quality,
    "StartTrainingJob": _start_training_job,
    "DescribeTrainingJob": _status,
    "GetStatus": _status,
    "EvaluateModel": _evaluate_model,
    "AwaitApproval": _approval,
    "DeployModel": _deploy_model,
    "CreateEndpoint": _deploy_model,
    "UpdateEndpoint": _deploy_model,
    "EndpointAdopted": _deploy_model,
    "DescribeEndpoint": _status,
    "UpdateParameters": _update_parameters,
    "CleanUp": _clean_up,
    "NotifySlack": _notify_slack,
}
_ENTERED: dict[str, Callable[[Document], str]] = {
    "StartTrainingJob": _job,
    # `executions.follow` yields this instead of the states that it may not read.
    STILL_RUNNING: lambda _: "its states are not shown: these credentials may not read the run's history",
}
