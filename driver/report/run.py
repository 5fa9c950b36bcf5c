"""A run on the terminal: one line a state, with what the state found or did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from driver.executions import Step
from lambdas.contract import JOB_COMPLETED

POLL = frozenset({"CheckStatusWait", "GetStatus", "CheckStatusBranch"})
"""The states that repeat while SageMaker works: said again only when there is news."""

TELLING = frozenset({"train:mse", "validation:mse", "validation:binary_classification_accuracy"})
"""The metrics that a line has room for; the document has them all."""

Document = Mapping[str, Any]


class Progress:
    """Says each state of a run as it happens, on one line, through `say`; counts the states entered."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._started: datetime | None = None
        self._last_news = ""
        self.states = 0

    def see(self, step: Step) -> None:
        """Takes the next step of the run."""
        self._started = self._started or step.at
        self.states += not step.left
        news = note(step)
        if not step.left or (step.state in POLL and news in ("", self._last_news)):
            return
        self._last_news = news or self._last_news
        self._say(f"{(step.at - self._started).total_seconds():6.1f} s  {step.state:<20} {news}".rstrip())


def note(step: Step) -> str:
    """What is worth saying about a state that the run has just left; empty when there is nothing."""
    found = _NOTES.get(step.state)
    try:
        return found(step.document) if found and step.left else ""
    except KeyError:
        failed = step.document.get("failed", {}).get(step.state, {})
        return str(failed.get("Error", ""))


def _check_data(run: Document) -> str:
    return str(run["reason"])


def _start_training_job(run: Document) -> str:
    return str(run["training"]["job"])


def _get_status(run: Document) -> str:
    status = run["status"]
    # The metrics stay in the document through the deployment: they are news once.
    measured = status.get("metrics", {}) if status["state"] == JOB_COMPLETED else {}
    metrics = ", ".join(f"{name} {value:.4g}" for name, value in sorted(measured.items()) if name in TELLING)
    # SageMaker has two statuses, often the same word: "Completed/Completed", "InProgress/Training".
    detail = ", ".join(dict.fromkeys(status["detail"].split("/")))
    return " · ".join(filter(None, (detail, status["reason"], metrics)))


def _deploy_model(run: Document) -> str:
    deployment = run["deployment"]
    return f"{deployment['action']} endpoint {deployment['endpoint']}"


def _update_parameters(run: Document) -> str:
    return f"watermark {run['parameters']['watermark']}"


def _notify_slack(run: Document) -> str:
    slack = run["slack"]
    return "posted" if slack.get("posted") else f"not posted: {slack.get('reason') or slack.get('Error')}"


_NOTES: dict[str, Callable[[Document], str]] = {
    "CheckData": _check_data,
    "StartTrainingJob": _start_training_job,
    "GetStatus": _get_status,
    "DeployModel": _deploy_model,
    "UpdateParameters": _update_parameters,
    "NotifySlack": _notify_slack,
}
