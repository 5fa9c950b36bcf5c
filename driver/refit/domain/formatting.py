"""Formats counts, sizes and metrics for users, and selects the most important metrics of a training job. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

UNITS = ("B", "kB", "MB", "GB", "TB")
MAX_METRICS = 3
"""The maximum number of metrics in a message."""

# https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner-tuning.html and xgboost-tuning.html there
RANKED = (
    "mse",
    "rmse",
    "absolute_loss",
    "mae",
    "binary_classification_accuracy",
    "multiclass_accuracy",
    "accuracy",
    "auc",
    "error",
    "merror",
    "logloss",
    "mlogloss",
    "roc_auc_score",
    "binary_f_beta",
    "precision",
    "recall",
)
"""Metrics of the built-in algorithms, the most important first. Others follow, by name."""

OBJECTIVE = "objective_loss"
BETTER_KNOWN = frozenset({"mse", "binary_classification_accuracy", "multiclass_accuracy"})
"""Metrics that make the objective redundant in a message."""
ABOUT_THE_JOB = frozenset({"progress", "throughput"})
"""Metrics of the training job and not of the model."""


def counted(count: int, noun: str) -> str:
    """1 object, 2 objects."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def minutes(duration: timedelta) -> str:
    """A duration in whole minutes: 1 minute, 90 minutes."""
    return counted(int(duration.total_seconds() // 60), "minute")


def size(count: float) -> str:
    """Bytes: 999 B, 1.2 kB, 28 kB."""
    unit = 0
    while count >= 999.5 and unit < len(UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.1f} {UNITS[unit]}" if unit and count < 9.95 else f"{count:,.0f} {UNITS[unit]}"


def figure(value: float) -> str:
    """Four significant digits: 0.8734, 21.4, 1,235,000."""
    short = f"{value:.4g}"
    return f"{float(short):,.0f}" if 1000 <= abs(value) < 1e15 else short


def cut(text: str, most: int) -> str:
    """The first `most` characters, and an ellipsis if there are more."""
    return text if len(text) <= most else f"{text[:most]}…"


def metrics(reported: Mapping[str, float]) -> str:
    """The most important metrics of a job in one sentence, "" if there are none."""
    where, what = most_important(reported)
    return f"{where}: {what}." if what else ""


def most_important(reported: Mapping[str, float]) -> tuple[str, str]:
    """The data that a job's most important metrics were measured on, and the metrics; ("", "") if there are none.

    Metrics on the held-out days take precedence: those on the training days say little about a model's quality. The
    objective, which may include a regularization term, is only shown if there is no better-known metric.
    """
    for channel, where in (
        ("validation:", "On the held-out days"),
        ("train:", "On the training days"),
        ("", "Measured"),
    ):
        found = {name.removeprefix(channel): value for name, value in reported.items() if name.startswith(channel)}
        ranked = sorted(_shown(found), key=lambda name: (RANKED.index(name) if name in RANKED else len(RANKED), name))
        if ranked:
            return where, ", ".join(f"{named(name)} {figure(found[name])}" for name in ranked[:MAX_METRICS])
    return "", ""


def _shown(found: Mapping[str, float]) -> list[str]:
    about_the_model = [name for name in found if name.rpartition(":")[2] not in ABOUT_THE_JOB]
    redundant = not BETTER_KNOWN.isdisjoint(found)
    return [name for name in about_the_model if not (redundant and name.startswith(OBJECTIVE))]


def named(metric: str) -> str:
    """The name of a metric for users: without its channel and underscores."""
    return metric.removeprefix("validation:").removeprefix("train:").replace("_", " ")
