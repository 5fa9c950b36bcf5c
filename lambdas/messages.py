"""What a run says in Slack at each of its phases. Pure: document → plain text, escaped as Slack wants it.

https://docs.slack.dev/messaging/formatting-message-text#escaping
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from lambdas import console, figures
from lambdas.contract import DEPLOYMENT_FAILED, JOB_FAILED, NEVER

MAX_REASON = 1000
MAX_GAPS = 5
"""How many days without data are named."""

SILENT = {"States.Timeout": "no answer within the time that the state waits"}
"""What to say of errors that come without a cause."""


def text(run: Mapping[str, Any], execution_arn: str, pipeline: str, region: str) -> str:
    """The message for the phase that `run` has reached; `run` is the raw event when CheckData itself failed."""
    lines = [*_phase(run, region), console.execution(region, execution_arn)]
    return _escaped(f"{pipeline}: " + "\n".join(line for line in lines if line))


def _phase(run: Mapping[str, Any], region: str) -> list[str]:
    """The lines for a phase, the latest first to be recognised: in the order of NotifySlackBranch."""
    failed, status = run.get("failed"), run.get("status") or {}
    if failed:
        state, error = next(iter(failed.items()))
        return [f"{state} failed", _reason(error)]
    if "parameters" in run:
        return _deployed(run)
    if status.get("state") == JOB_FAILED:
        return ["training failed", _cut(status["reason"]), console.training_job(region, run["name"])]
    if status.get("state") == DEPLOYMENT_FAILED:
        kept = f"The watermark stays at {run['watermark'] or NEVER}."
        what = "redeployment failed" if "model" in run else "deployment failed"
        return [what, _cut(status["reason"]), kept, console.endpoint(region, run["endpoint"])]
    if "deployment" in run:
        return _deploying(run, region)
    return _training(run, region)


def _training(run: Mapping[str, Any], region: str) -> list[str]:
    days, window = run["days"], run["window"]
    held_out = f"{len(days['validation'])} held out" if days["validation"] else "none held out"
    used = f"{figures.counted(len(days['train']), 'day')} to train on, {held_out}"
    size = f"{figures.counted(run['objects'], 'object')}, {figures.size(run['bytes'])}"
    what = f"Window {window['start']} to {window['end']}: {used}; {size}."
    return ["training started", what, _gaps(days["missing"]), console.training_job(region, run["name"])]


def _gaps(missing: Sequence[str]) -> str:
    if not missing:
        return ""
    named, rest = ", ".join(missing[:MAX_GAPS]), len(missing) - MAX_GAPS
    return f"No data for {named} and {figures.counted(rest, 'more day')}." if rest > 0 else f"No data for {named}."


def _deploying(run: Mapping[str, Any], region: str) -> list[str]:
    deployment = run["deployment"]
    link = console.endpoint(region, run["endpoint"])
    if "model" in run:
        return ["redeployment started", f"{run['reason']}. Nothing is trained.", link]
    where = f"the {'new ' if deployment['action'] == 'created' else ''}endpoint {run['endpoint']}"
    until = "; until it is ready, the model before it answers" if deployment["action"] == "updated" else ""
    return ["deployment started", f"{deployment['model']} to {where}{until}.", link]


def _deployed(run: Mapping[str, Any]) -> list[str]:
    parameters = run["parameters"]
    moved = "is now" if parameters["advanced"] else "stays at"
    watermark = f"The watermark {moved} {parameters['watermark'] or NEVER}."
    if "model" in run:
        what = f"{run['model']} serves on the endpoint {run['endpoint']} with its new settings; nothing was trained."
        return ["redeployed", what, watermark]
    what = f"{run['name']}, trained on data up to {run['newest']}, serves on the endpoint {run['endpoint']}."
    metrics = figures.metrics((run.get("status") or {}).get("metrics") or {})
    return ["deployed", what, metrics, watermark]


def _reason(error: Mapping[str, str]) -> str:
    """`{"Error", "Cause"}` of a Catch → a sentence; a Lambda's Cause is JSON that holds its errorMessage."""
    cause = error.get("Cause", "")
    with suppress(ValueError, KeyError, TypeError):
        cause = json.loads(cause)["errorMessage"]
    name = error.get("Error", "Error")
    return _cut(f"{name}: {cause or SILENT.get(name, 'AWS gives no cause')}")


def _cut(reason: str) -> str:
    return reason if len(reason) <= MAX_REASON else f"{reason[:MAX_REASON]}…"


def _escaped(message: str) -> str:
    return message.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
