"""Decides by the gate whether the new model (the challenger) may replace the live one (the champion). Pure."""

from __future__ import annotations

import math
from typing import NamedTuple, NotRequired, TypedDict

from refit.domain.formatting import figure
from refit.domain.metrics import HIGHER_IS_BETTER, kind
from refit.domain.outcomes import ACCEPTED, REJECTED
from refit.domain.run_document import Evaluation
from refit.domain.setting_values import ACCEPT, REJECT


class Limits(TypedDict):
    """A pipeline's `gate`; None for limits that it does not have.

    An execution that started before an upgrade has no `on_incomparable`: the default applies.
    """

    metric: str
    max: float | None
    min: float | None
    max_regression: float | None
    sample_rows: int
    on_incomparable: NotRequired[str]


class Champion(NamedTuple):
    """The live model, measured on `rows` held-out rows; `all_rows` if these are all of them and not a sample.

    `value` is None if no model is live (`is_live` is False) or it could not be measured, and `note` is the reason;
    otherwise `note` is a remark, or "".
    """

    value: float | None
    model: str | None
    rows: int
    all_rows: bool
    note: str
    is_live: bool = True


class Check(NamedTuple):
    """The result of one limit in words, and whether the challenger exceeded it."""

    exceeded: bool
    text: str


def judge(limits: Limits, challenger: float, champion: Champion | None) -> Evaluation:
    """Compares the challenger's metric with the limits and, for max_regression, with the champion's metric.

    A metric that equals a limit is accepted. If no model is live, only the absolute limits decide, and without any the
    challenger is accepted. If the live model could not be measured, or its metric is not finite, `on_incomparable`
    decides: the challenger is rejected, or only the absolute limits decide. The reason says so.
    """
    metric = limits["metric"]
    if champion is not None and champion.value is not None and not math.isfinite(champion.value):
        champion = champion._replace(value=None, note=f"its {metric} is {champion.value}")
    checks = _absolute(limits, challenger)
    regression = limits["max_regression"]
    if champion is not None and regression is not None:
        if champion.value is None:
            checks.append(_not_compared(champion, limits.get("on_incomparable", REJECT)))
        else:
            checks.append(_relative(metric, regression, challenger, champion, champion.value))
    return {
        "decision": REJECTED if any(check.exceeded for check in checks) else ACCEPTED,
        "reason": f"{metric} is {_exact(limits, challenger, champion)}: {'; '.join(check.text for check in checks)}",
        "metric": metric,
        "challenger": challenger,
        "champion": champion.value if champion else None,
        "champion_model": champion.model if champion else None,
        "rows": champion.rows if champion and champion.value is not None else 0,
        "incomparable": champion.note if champion and champion.is_live and champion.value is None else None,
    }


def allowed(metric: str, champion: float, regression: float) -> float:
    """The worst metric that is accepted with this champion; the direction of `metric` must be known."""
    return champion * (1 - regression if kind(metric) in HIGHER_IS_BETTER else 1 + regression)


def _absolute(limits: Limits, challenger: float) -> list[Check]:
    most, least = limits["max"], limits["min"]
    checks = []
    if most is not None:
        checks.append(_limit("max", most, "above" if challenger > most else ""))
    if least is not None:
        checks.append(_limit("min", least, "below" if challenger < least else ""))
    return checks


def _limit(name: str, value: float, beyond: str) -> Check:
    return Check(bool(beyond), f"{beyond or 'meets'} {name} = {value:.12g}")


def _not_compared(champion: Champion, on_incomparable: str) -> Check:
    if not champion.is_live:
        return Check(False, f"not compared with a live model: {champion.note}")
    live = f"the live model {champion.model}" if champion.model else "the live model"
    return Check(
        on_incomparable != ACCEPT,
        f'could not be compared with {live}, and on_incomparable = "{on_incomparable}": {champion.note}',
    )


def _relative(metric: str, regression: float, challenger: float, champion: Champion, value: float) -> Check:
    worst = allowed(metric, value, regression)
    exceeded = challenger < worst if kind(metric) in HIGHER_IS_BETTER else challenger > worst
    rows = f"{'all ' if champion.all_rows else ''}{champion.rows:,} held-out rows"
    note = f" ({champion.note})" if champion.note else ""
    return Check(
        exceeded,
        f"{'worse' if exceeded else 'not worse'} than {_distinct(worst, challenger)}, the limit for max_regression = "
        f"{regression:.12g}: the live model {champion.model or '(its name is unknown)'} has "
        f"{_distinct(value, challenger)} on {rows}{note}",
    )


def _exact(limits: Limits, challenger: float, champion: Champion | None) -> str:
    """The challenger's metric, with enough digits to differ visibly from the compared values."""
    others = [limit for limit in (limits["max"], limits["min"]) if limit is not None]
    if champion and champion.value is not None and limits["max_regression"] is not None:
        others += [champion.value, allowed(limits["metric"], champion.value, limits["max_regression"])]
    return _distinct(challenger, *others)


def _distinct(value: float, *others: float) -> str:
    """`value` in four digits, or in all of them if one of `others` would otherwise look the same."""
    short = figure(value)
    return repr(value) if any(other != value and figure(other) == short for other in others) else short
