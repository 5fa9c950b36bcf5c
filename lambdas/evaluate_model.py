"""EvaluateModel: fetches the metrics of the new and of the live model, and decides by the pipeline's gate.

The challenger's metric is the one that its training job reported, for all held-out rows. The champion's is computed
from its predictions for a sample of the same rows, so it has a sampling error: `rows` is the size of the sample, which
is the whole holdout if that fits. The champion has not trained on these rows unless an earlier window included them,
as after a forced run; then it looks better than it is, and the gate is stricter.

If the endpoint cannot be reached or is overloaded, the state machine retries the handler. After the last retry, the
live model counts as not comparable, and `gate.on_incomparable` decides: an endpoint that is always overloaded or never
responds must not fail every run if the user accepts models without a comparison.

The handler changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from lambdas.aws.errors import is_transient
from lambdas.aws.handler import state
from lambdas.evaluation import champion, gate, holdout_rows
from lambdas.evaluation.champion import NoChampion
from lambdas.evaluation.gate import Champion
from refit.domain import metrics
from refit.domain.errors import MetricMissing, Throttled
from refit.domain.formatting import counted, cut
from refit.domain.metrics import NotComparable
from refit.domain.predictions import Prediction
from refit.domain.run_document import Evaluation, Run


class Retries(TypedDict):
    """How often the state machine has retried this state, and how often it does at most if the handler is throttled."""

    made: int
    most: int


@state("EvaluateModel", outcome="decision")
def handler(event: dict[str, Any], context: Any) -> Evaluation:
    """`{run, settings: {gate, feature_dim, own_image}, retries}` → the decision, with its numbers.

    Raises MetricMissing, UnknownStatus, and Throttled if a later attempt may reach the champion. An execution that
    started before an upgrade passes no `retries`: then it is Throttled in every attempt.
    """
    run, settings = event["run"], event["settings"]
    limits: gate.Limits = settings["gate"]
    challenger = _reported(run, limits["metric"])
    if limits["max_regression"] is None:
        return gate.judge(limits, challenger, None)
    return gate.judge(limits, challenger, _champion(run, settings, event.get("retries"), context))


def _reported(run: Run, metric: str) -> float:
    """The challenger's metric, as its training job reported it."""
    reported = run["status"].get("metrics") or {}
    if not math.isfinite(reported.get(metric, math.nan)):
        names = ", ".join(sorted(reported)) or "none"
        raise MetricMissing(f"the training job {run['name']} reported no finite {metric}; its metrics: {names}")
    return reported[metric]


def _champion(run: Run, settings: Mapping[str, Any], retries: Retries | None, context: Any) -> Champion:
    """The live model with its metric, if that can be measured."""
    metric, count, feature_dim = settings["gate"]["metric"], settings["gate"]["sample_rows"], settings["feature_dim"]
    own_image = settings.get("own_image", False)  # absent in an execution that started before an upgrade
    model = None
    try:
        endpoint, model = champion.live(run)
        sample = holdout_rows.sample(run, count, feature_dim, numbers=not own_image)
        predictions = _predictions(endpoint, [row.features for row in sample.rows], retries, context)
        used = sample.rows[: len(predictions)]
        value = metrics.measure(metric, [row.label for row in used], predictions)
    except NoChampion as reason:
        return Champion(None, None, 0, all_rows=False, note=str(reason), is_live=False)
    except NotComparable as reason:
        return Champion(None, model, 0, all_rows=False, note=str(reason))
    notes = []
    if sample.unreadable:
        lines, fields = counted(sample.unreadable, "line"), counted(feature_dim, "feature")
        notes.append(f"skipped {lines} without a label and {fields}{'' if own_image else ' as numbers'}")
    if len(used) < len(sample.rows):
        notes.append(f"there was not enough time for all {len(sample.rows):,} sampled rows")
    everything = sample.everything and len(used) == len(sample.rows)
    return Champion(value, model, len(used), all_rows=everything, note="; ".join(notes))


def _predictions(endpoint: str, rows: Sequence[str], retries: Retries | None, context: Any) -> list[Prediction]:
    """The champion's predictions. In the last attempt, an endpoint that does not respond is NotComparable."""
    try:
        return champion.predict(endpoint, rows, lambda: _remaining_seconds(context))
    except Exception as error:
        if retries is None or retries["made"] < retries["most"]:
            raise
        if not (isinstance(error, Throttled) or is_transient(error)):
            raise
        attempts = counted(retries["made"] + 1, "attempt")
        raise NotComparable(cut(f"no predictions after {attempts}: {error}", champion.MAX_REASON)) from error


def _remaining_seconds(context: Any) -> float:
    return float(context.get_remaining_time_in_millis() / 1000)
