"""What a run says in Slack at each of its phases. Pure: document → plain text, escaped as Slack wants it.

https://docs.slack.dev/messaging/formatting-message-text#escaping
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from lambdas import console
from lambdas.contract import DEPLOYMENT_FAILED, JOB_FAILED

MAX_REASON = 1000
UNITS = ("B", "kB", "MB", "GB", "TB")


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
        kept = f"The watermark stays at {run['watermark'] or 'never'}."
        return ["deployment failed", _cut(status["reason"]), kept, console.endpoint(region, run["endpoint"])]
    if "deployment" in run:
        what = f"{run['name']} to the endpoint {run['endpoint']} ({run['deployment']['action']})"
        return [f"deploying {what}", _metrics(status), console.endpoint(region, run["endpoint"])]
    return _training(run, region)


def _training(run: Mapping[str, Any], region: str) -> list[str]:
    days, window = run["days"], run["window"]
    used = f"{len(days['train'])} days to train on, {len(days['validation'])} held out"
    size = f"{run['objects']} objects, {_size(run['bytes'])}"
    gaps = f"No data for {', '.join(days['missing'])}." if days["missing"] else ""
    what = f"Window {window['start']} to {window['end']}: {used}; {size}."
    return ["training started", what, gaps, console.training_job(region, run["name"])]


def _deployed(run: Mapping[str, Any]) -> list[str]:
    parameters = run["parameters"]
    moved = "is now" if parameters["advanced"] else "stays at"
    what = f"{run['name']}, trained on data up to {run['newest']}, serves on the endpoint {run['endpoint']}."
    return ["deployed", what, _metrics(run.get("status") or {}), f"The watermark {moved} {parameters['watermark']}."]


def _metrics(status: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {value:.6g}" for name, value in sorted((status.get("metrics") or {}).items()))


def _reason(error: Mapping[str, str]) -> str:
    """`{"Error", "Cause"}` of a Catch → a sentence; a Lambda's Cause is JSON that holds its errorMessage."""
    cause = error.get("Cause", "")
    with suppress(ValueError, KeyError, TypeError):
        cause = json.loads(cause)["errorMessage"]
    return _cut(f"{error.get('Error', 'Error')}: {cause}" if cause else error.get("Error", ""))


def _cut(reason: str) -> str:
    return reason if len(reason) <= MAX_REASON else f"{reason[:MAX_REASON]}…"


def _size(count: float) -> str:
    """Bytes as people read them: 999 B, 1.2 MB."""
    unit = 0
    while count >= 1000 and unit < len(UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.1f} {UNITS[unit]}" if unit else f"{count} {UNITS[unit]}"


def _escaped(message: str) -> str:
    return message.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
