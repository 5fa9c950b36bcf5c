"""Describes the phase that a run has reached, from its document. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lambdas.slack import evaluation_text
from refit.domain import console_links, formatting, messages, training_status
from refit.domain.console_links import Link
from refit.domain.date_ranges import MOST_NAMED, count, days_in, ranges
from refit.domain.endpoint_actions import Action
from refit.domain.outcomes import DEPLOYMENT_FAILED, JOB_COMPLETED, JOB_FAILED, NO_NEW_DATA, REJECTED, ROLLBACK
from refit.domain.setting_values import NEVER

MAX_REASON = 1000
CAUSES = {"States.Timeout": "no response within the state's time limit"}
"""The causes of errors for which Step Functions gives none."""


@dataclass(frozen=True)
class Phase:
    """`link` is the console page of the resource that the sentences describe, None if that is the run itself.

    `loud` notifies the channel: the run has ended without a new model, or waits for approval.
    """

    title: str
    sentences: Sequence[str]
    link: Link | None = None
    loud: bool = False


def of(run: Mapping[str, Any], settings: Mapping[str, Any], now: datetime) -> Phase:
    """The phase that `run` has reached; `run` is only the event if CheckData itself failed.

    `settings` are NotifySlack's; `now` is when approval is requested. Later phases are checked first, in the order of
    NotifySlackBranch.
    """
    status, region = run.get("status") or {}, settings["region"]
    if run.get("failed"):
        state, error = next(iter(run["failed"].items()))
        left = messages.JOB_MAY_RUN.format(name=run["name"]) if training_status.may_still_run(run) else ""
        return Phase(f"{state} failed", [f"{_reason(error)}{left}"], loud=True)
    if run.get("quality", {}).get("decision") == REJECTED:
        why = formatting.cut(run["quality"]["reason"], MAX_REASON)
        return Phase("data rejected", [f"{why}.", f"Nothing was trained. {_watermark(run)}"], loud=True)
    if run.get("evaluation", {}).get("decision") == REJECTED:
        return _rejected(run, region)
    if "parameters" in run:
        return _deployed(run)
    if status.get("state") == JOB_FAILED:
        why = formatting.cut(status["reason"], MAX_REASON)
        return Phase("training failed", [why], console_links.training_job(region, run["name"]), loud=True)
    if status.get("state") == DEPLOYMENT_FAILED:
        sentences = [formatting.cut(status["reason"], MAX_REASON), _watermark(run)]
        return Phase(
            f"{_deployment(run)} failed", sentences, console_links.endpoint(region, run["endpoint"]), loud=True
        )
    if "deployment" in run:
        return _deploying(run, region)
    if settings["approval"] and status.get("state") == JOB_COMPLETED and "approval" not in run:
        request = evaluation_text.approval_request(run, settings, now)
        return Phase("waiting for approval", request, console_links.training_job(region, run["name"]), loud=True)
    if run["outcome"] == NO_NEW_DATA:
        return Phase("data is stale", [run["stale"], f"{run['reason']}."])
    return _training(run, region)


def _rejected(run: Mapping[str, Any], region: str) -> Phase:
    why = [formatting.cut(sentence, MAX_REASON) for sentence in evaluation_text.rejected(run)]
    sentences = [*why, f"Nothing was deployed. {_watermark(run)}"]
    return Phase("model rejected", sentences, console_links.training_job(region, run["name"]), loud=True)


def _training(run: Mapping[str, Any], region: str) -> Phase:
    days, window = run["days"], run["window"]
    held_out = f"{count(days['validation']):,} held out" if days["validation"] else "none held out"
    used = f"{formatting.counted(count(days['train']), 'day')} to train on, {held_out}"
    size = f"{formatting.counted(run['objects'], 'object')}, {formatting.size(run['bytes'])}"
    what = f"Window {window['start']} to {window['end']}: {used}; {size}."
    sentences = [what, _gaps(days["missing"]), _left_out(run), _again(run), run["stale"] or ""]
    return Phase("training started", sentences, console_links.training_job(region, run["name"]))


def _again(run: Mapping[str, Any]) -> str:
    """Why a run trains although there is no newer day: CheckData's reason names the days that have changed."""
    seen = run["watermark"] is not None and run["newest"] <= run["watermark"]
    return f"No newer day: {run['reason']}." if seen else ""


def _gaps(missing: Sequence[str]) -> str:
    if not missing:
        return ""
    try:
        named = ranges(days_in(missing), MOST_NAMED)
    except ValueError:  # a message must not fail
        named = ", ".join(missing[:MOST_NAMED])
    return f"No data for {named}."


def _left_out(run: Mapping[str, Any]) -> str:
    """The bad days that the run does not train on, and what they break."""
    quality = run.get("quality", {})
    return formatting.cut(f"Bad days are left out: {quality['reason']}.", MAX_REASON) if quality.get("skipped") else ""


def _deployment(run: Mapping[str, Any]) -> str:
    """The name of the run's deployment, by the origin of its model."""
    if "model" not in run:
        return "deployment"
    return "rollback" if run["outcome"] == ROLLBACK else "redeployment"


def _deploying(run: Mapping[str, Any], region: str) -> Phase:
    deployment, title = run["deployment"], f"{_deployment(run)} started"
    link = console_links.endpoint(region, run["endpoint"])
    if "model" in run:
        return Phase(title, [f"{run['reason']}. Nothing is trained."], link)
    where = f"the {'new ' if deployment['action'] == Action.CREATE else ''}endpoint {run['endpoint']}"
    until = "; the previous model serves until it is ready" if deployment["action"] == Action.UPDATE else ""
    return Phase(title, [evaluation_text.approved(run), f"{deployment['model']} to {where}{until}."], link)


def _deployed(run: Mapping[str, Any]) -> Phase:
    endpoint = f"is live on the endpoint {run['endpoint']}"
    if "model" not in run:
        what = f"{run['name']}, trained on data up to {run['newest']}, {endpoint}."
        metrics = formatting.metrics(run["status"].get("metrics") or {})
        return Phase(
            "deployed", [what, _left_out(run), _again(run), metrics, evaluation_text.compared(run), _watermark(run)]
        )
    if run["outcome"] == ROLLBACK:
        return Phase("rolled back", [f"{run['model']} {endpoint} again; nothing was trained.", _watermark(run)])
    what = f"{run['model']} {endpoint} with the new settings; nothing was trained."
    return Phase("redeployed", [what, _watermark(run)])


def _watermark(run: Mapping[str, Any]) -> str:
    parameters = run.get("parameters", {"advanced": False, "watermark": run["watermark"]})
    moved = "is now" if parameters["advanced"] else "stays at"
    return f"The watermark {moved} {parameters['watermark'] or NEVER}."


def _reason(error: Mapping[str, str]) -> str:
    """`{"Error", "Cause"}` of a Catch → a sentence. A Lambda's Cause is JSON with an errorMessage."""
    cause = error.get("Cause", "")
    with suppress(ValueError, KeyError, TypeError):
        cause = json.loads(cause)["errorMessage"]
    name = error.get("Error", "Error")
    return formatting.cut(f"{name}: {cause or CAUSES.get(name, 'AWS gives no cause')}", MAX_REASON)
