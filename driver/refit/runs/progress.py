"""A run on the terminal: one line a state, with what the state found or did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from refit.aws.executions import Step
from refit.domain.outcomes import JOB_COMPLETED

POLL = frozenset({"CheckStatusWait", "GetStatus", "DescribeEndpoint", "DescribeTrainingJob", "CheckStatusBranch"})
"""The states that repeat while SageMaker works: said again only when there is news."""

WAITING = frozenset({"StartTrainingJob", "AwaitApproval"})
"""The states that may last: said when they begin, too."""

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
        if news is None or (step.state in POLL | WAITING and news == self._last_news):
            return
        self._last_news = news
        self._say(f"{(step.at - self._started).total_seconds():6.1f} s  {step.state:<20} {news}".rstrip())


def note(step: Step) -> str | None:
    """What is worth saying about a state that the run has just left, or begun to wait in; None for nothing.

    "" is the state's name alone, which says how the run ended.
    """
    if (step.document.get("end") or {}).get("state") == step.state:
        return "" if step.left else None
    found = _NOTES.get(step.state) if step.left else _BEGINNINGS.get(step.state)
    try:
        return found(step.document) if found else None
    except KeyError:
        failed = step.document.get("failed", {}).get(step.state, {})
        return str(failed["Error"]) if failed else None


def _check_data(run: Document) -> str:
    return str(run["reason"])


def _job(run: Document) -> str:
    return str(run["name"])


def _start_training_job(run: Document) -> str:
    # Where Step Functions waits for the job, its end is known by now.
    return _status(run) if "status" in run else str(run["training"]["job"])


def _evaluate_model(run: Document) -> str:
    return f"{run['evaluation']['decision']}: {run['evaluation']['reason']}"


def _approval(run: Document) -> str:
    approval = run["approval"]
    said = "approved" if approval["approved"] else "not approved"
    return " · ".join(filter(None, (f"{said} by {approval['by'] or 'anybody'}", approval.get("reason"))))


def _clean_up(run: Document) -> str:
    cleanup = run["cleanup"]
    if not cleanup["models"] and not cleanup["endpoint_configs"]:
        return "nothing is old"
    return f"deleted what is too old: models {len(cleanup['models'])}, configs {len(cleanup['endpoint_configs'])}"


def _status(run: Document) -> str:
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
    reason = (slack.get("failed") or {}).get("Error") or slack.get("reason")
    if slack.get("posted") and "failed" not in slack:
        return "posted" if reason == "ok" else f"posted: {reason}"
    return f"not posted: {reason}"


_NOTES: dict[str, Callable[[Document], str]] = {
    "CheckData": _check_data,
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
_BEGINNINGS: dict[str, Callable[[Document], str]] = {
    "StartTrainingJob": _job,
    "AwaitApproval": lambda run: f"waits for a person: refit approve {run['pipeline']} {run['run']}",
}
