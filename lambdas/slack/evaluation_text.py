"""What was found of a new model before it went live, in words: by the gate, and by a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from refit.domain import formatting
from refit.domain.outcomes import ACCEPTED

MAX_SAID = 500
"""How much of what a person wrote is repeated."""


def asked(run: Mapping[str, Any], settings: Mapping[str, Any], now: datetime) -> Sequence[str]:
    """What a person needs who is asked at `now` to approve the model: its numbers, how to answer, and until when.

    With a gate, the numbers are in its reason, with the limits and what could not be compared.
    """
    until = now + timedelta(minutes=settings["approval"]["timeout_minutes"])
    which = f"{settings['environment']}/{settings['pipeline']} {run['run']}"
    return [
        f"{run['name']}, trained on data up to {run['newest']}, waits for a person.",
        run["evaluation"]["reason"] if "evaluation" in run else formatting.metrics(run["status"].get("metrics") or {}),
        f"To deploy it: refit approve {which}",
        f'To leave it: refit reject {which} --reason "…"',
        f"Without an answer until {until:%Y-%m-%d %H:%M} UTC it is rejected.",
    ]


def approved(run: Mapping[str, Any]) -> str:
    """Who approved the model and what they said, "" where nobody is asked."""
    if "approval" not in run:
        return ""
    said = f": {formatting.cut(run['approval']['reason'], MAX_SAID)}" if run["approval"]["reason"] else "."
    return f"Approved by {run['approval']['by']}{said}"


def rejected(run: Mapping[str, Any]) -> Sequence[str]:
    """Why the model goes nowhere. The gate's reason has the numbers in it, a person's has not."""
    return [run["evaluation"]["reason"], compared(run) if "approval" in run else ""]


def compared(run: Mapping[str, Any]) -> str:
    """The numbers that the gate compared, in one sentence; "" without a gate.

    Where it accepted a model without a champion's number, its own words: they say what it went by, and why.
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
    """The new model's metric, "" where none was judged."""
    return _figure(run, "challenger")


def champion(run: Mapping[str, Any]) -> str:
    """The live model's metric and name, "" where none was asked."""
    found, model = _figure(run, "champion"), run.get("evaluation", {}).get("champion_model")
    return f"{found} ({model})" if found and model else found


def _figure(run: Mapping[str, Any], of: str) -> str:
    value = run.get("evaluation", {}).get(of)
    return "" if value is None else formatting.figure(value)
