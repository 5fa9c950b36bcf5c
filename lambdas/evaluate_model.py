"""EvaluateModel: is the model just trained good enough for the endpoint? The gate judges; this fetches the numbers.

What is compared, honestly: the challenger's number is the training job's own, over all held-out rows. The champion's is
computed here from its answers to a sample of the same rows, so it carries the error of a sample: `rows` says of how
many. The sample is the whole holdout when that fits. The champion has not trained on these rows unless an earlier
window reached as far, as after a forced run; then it looks better than it is, and the gate is the stricter for it.

It changes nothing.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from lambdas.aws.handler import state
from lambdas.evaluation import champion, gate, holdout_rows
from lambdas.evaluation.gate import Champion
from refit.domain import metrics
from refit.domain.errors import MetricMissing
from refit.domain.formatting import counted
from refit.domain.metrics import NotComparable
from refit.domain.run_document import Evaluation, Run


@state("EvaluateModel", outcome="decision")
def handler(event: dict[str, Any], context: Any) -> Evaluation:
    """`{run, settings: {gate, feature_dim}}` → the decision, with its numbers.

    Raises MetricMissing, UnknownStatus, and Throttled when the champion may answer later.
    """
    run, settings = event["run"], event["settings"]
    limits: gate.Limits = settings["gate"]
    challenger = _reported(run, limits["metric"])
    if limits["max_regression"] is None:
        return gate.judge(limits, challenger, None)
    return gate.judge(limits, challenger, _champion(run, settings, lambda: _seconds(context)))


def _reported(run: Run, metric: str) -> float:
    """The challenger's metric, as its training job reported it."""
    reported = run["status"].get("metrics") or {}
    if not math.isfinite(reported.get(metric, math.nan)):
        names = ", ".join(sorted(reported)) or "none"
        raise MetricMissing(f"the training job {run['name']} reported no finite {metric}; its metrics: {names}")
    return reported[metric]


def _champion(run: Run, settings: Mapping[str, Any], seconds: Callable[[], float]) -> Champion:
    """The live model, measured as far as it can be."""
    metric, count, feature_dim = settings["gate"]["metric"], settings["gate"]["sample_rows"], settings["feature_dim"]
    model = None
    try:
        endpoint, model = champion.live(run)
        sample = holdout_rows.sample(run, count, feature_dim)
        predictions = champion.predict(endpoint, [row.features for row in sample.rows], seconds)
        asked = sample.rows[: len(predictions)]
        value = metrics.measure(metric, [row.label for row in asked], predictions)
    except NotComparable as why:
        return Champion(None, model, 0, all_rows=False, note=str(why))
    notes = []
    if sample.unreadable:
        lines, fields = counted(sample.unreadable, "line"), counted(feature_dim, "feature")
        notes.append(f"{lines} without a label that is a number and {fields} left out")
    if len(asked) < len(sample.rows):
        notes.append(f"there was no time for all {len(sample.rows):,} that were drawn")
    everything = sample.everything and len(asked) == len(sample.rows)
    return Champion(value, model, len(asked), all_rows=everything, note="; ".join(notes))


def _seconds(context: Any) -> float:
    return float(context.get_remaining_time_in_millis() / 1000)
