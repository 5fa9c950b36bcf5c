"""The gate: may the challenger, the model just trained, take the champion's place? Pure; its reasons are for people."""

from __future__ import annotations

import math
from typing import NamedTuple, TypedDict

from refit.domain.formatting import figure
from refit.domain.metrics import HIGHER_IS_BETTER, kind
from refit.domain.outcomes import ACCEPTED, REJECTED
from refit.domain.run_document import Evaluation


class Limits(TypedDict):
    """A pipeline's `gate`: null where nothing was declared."""

    metric: str
    max: float | None
    min: float | None
    max_regression: float | None
    sample_rows: int


class Champion(NamedTuple):
    """The live model, measured on `rows` of the held-out rows, which are `all_rows` of them or a sample.

    `value` is None when it could not be measured, and `note` says why; else `note` is what else to know, or "".
    """

    value: float | None
    model: str | None
    rows: int
    all_rows: bool
    note: str


class Finding(NamedTuple):
    """What comes of one limit, in words, and whether the challenger broke it."""

    broken: bool
    text: str


def judge(limits: Limits, challenger: float, champion: Champion | None) -> Evaluation:
    """The challenger's metric against the declared limits and, if max_regression is one, against the champion.

    `max` and `min` are included in what they allow, and so is the champion's metric made worse by `max_regression` of
    itself. A champion that could not be measured, or whose metric is not finite, rejects nobody: the absolute limit
    alone decides, and without one the challenger is accepted; the reason says so.
    """
    metric = limits["metric"]
    if champion is not None and champion.value is not None and not math.isfinite(champion.value):
        champion = champion._replace(value=None, note=f"its {metric} is {champion.value}")
    findings = _absolute(limits, challenger)
    regression = limits["max_regression"]
    if champion is not None and regression is not None:
        findings.append(_relative(metric, regression, challenger, champion))
    return {
        "decision": REJECTED if any(finding.broken for finding in findings) else ACCEPTED,
        "reason": f"{metric} is {_exact(limits, challenger, champion)}: {'; '.join(text for _, text in findings)}",
        "metric": metric,
        "challenger": challenger,
        "champion": champion.value if champion else None,
        "champion_model": champion.model if champion else None,
        "rows": champion.rows if champion and champion.value is not None else 0,
    }


def allowed(metric: str, champion: float, regression: float) -> float:
    """The worst that a challenger of this champion may be; `metric` is one whose direction is known."""
    return champion * (1 - regression if kind(metric) in HIGHER_IS_BETTER else 1 + regression)


def _absolute(limits: Limits, challenger: float) -> list[Finding]:
    most, least = limits["max"], limits["min"]
    findings = []
    if most is not None:
        findings.append(_limit("max", most, "above" if challenger > most else ""))
    if least is not None:
        findings.append(_limit("min", least, "below" if challenger < least else ""))
    return findings


def _limit(name: str, value: float, beyond: str) -> Finding:
    return Finding(bool(beyond), f"{beyond or 'within'} {name} = {value:.12g}")


def _relative(metric: str, regression: float, challenger: float, champion: Champion) -> Finding:
    if champion.value is None:
        return Finding(False, f"not compared with a live model: {champion.note}")
    worst = allowed(metric, champion.value, regression)
    broken = challenger < worst if kind(metric) in HIGHER_IS_BETTER else challenger > worst
    rows = f"{'all ' if champion.all_rows else ''}{champion.rows:,} held-out rows"
    note = f" ({champion.note})" if champion.note else ""
    return Finding(
        broken,
        f"{'worse' if broken else 'no worse'} than the {_beside(worst, challenger)} that max_regression = "
        f"{regression:.12g} allows: the live model {champion.model or '(which one, its endpoint does not tell)'} has "
        f"{_beside(champion.value, challenger)} on {rows}{note}",
    )


def _exact(limits: Limits, challenger: float, champion: Champion | None) -> str:
    """The challenger's number, in as many digits as tell it from those that it is compared with."""
    others = [limit for limit in (limits["max"], limits["min"]) if limit is not None]
    if champion and champion.value is not None and limits["max_regression"] is not None:
        others += [champion.value, allowed(limits["metric"], champion.value, limits["max_regression"])]
    return _beside(challenger, *others)


def _beside(value: float, *others: float) -> str:
    short = figure(value)
    return repr(value) if any(other != value and figure(other) == short for other in others) else short
