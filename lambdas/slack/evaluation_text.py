"""Describes the evaluation of a new model by the gate, and its approval by a user. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from refit.domain import formatting
from refit.domain.outcomes import ACCEPTED

MAX_REASON = 500
"""The maximum length of a user's reason in a message; longer ones are cut."""


def approval_request(run: Mapping[str, Any], settings: Mapping[str, Any], now: datetime) -> Sequence[str]:
    """The text of an approval request at `now`: the model's metrics, the commands to answer, and the deadline.

    With a gate, its reason has the metrics, the limits, and the reason for a missing comparison.
    """
    until = now + timedelta(minutes=settings["approval"]["timeout_minutes"])
    which = f"{settings['environment']}/{settings['pipeline']} {run['run']}"
    return [
        f"{run['name']}, trained on data up to {run['newest']}, is waiting for approval.",
        run["evaluation"]["reason"] if "evaluation" in run else formatting.metrics(run["status"].get("metrics") or {}),
        f"To approve: refit approve {which}",
        f'To reject: refit reject {which} --reason "…"',
        f"If nobody answers by {until:%Y-%m-%d %H:%M} UTC, it is rejected.",
    ]


def approved(run: Mapping[str, Any]) -> str:
    """The user who approved the model, and the reason; "" if the pipeline has no manual approval."""
    if "approval" not in run:
        return ""
    why = f": {formatting.cut(run['approval']['reason'], MAX_REASON)}" if run["approval"]["reason"] else "."
    return f"Approved by {run['approval']['by']}{why}"


def rejected(run: Mapping[str, Any]) -> Sequence[str]:
    """Why the model is not deployed. The gate's reason contains the metrics; a user's does not."""
    return [run["evaluation"]["reason"], compared(run) if "approval" in run else ""]


def compared(run: Mapping[str, Any]) -> str:
    """The metrics that the gate compared, in one sentence; "" without a gate.

    If it accepted a model without the champion's metric, this is the gate's reason, which explains why.
    """
    new, live = challenger(run), champion(run)
    if not new:
        return ""
    evaluation = run["evaluation"]
    if not live and evaluation["decision"] == ACCEPTED:
        return f"{evaluation['reason']}."
    against = f", champion {live} on {formatting.counted(evaluation['rows'], 'held-out row')}" if live else ""
    return f"{formatting.named(evaluation['metric'])}: challenger {new}{against}."


def challenger(run: Mapping[str, Any]) -> str:
    """The new model's metric, "" if there is none."""
    return _figure(run, "challenger")


def champion(run: Mapping[str, Any]) -> str:
    """The live model's metric and name, "" if there is none."""
    found, model = _figure(run, "champion"), run.get("evaluation", {}).get("champion_model")
    return f"{found} ({model})" if found and model else found


def _figure(run: Mapping[str, Any], of: str) -> str:
    value = run.get("evaluation", {}).get(of)
    return "" if value is None else formatting.figure(value)
