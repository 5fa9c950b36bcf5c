"""Numbers as people read them, and which of a training job's are worth reading. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

UNITS = ("B", "kB", "MB", "GB", "TB")
MOST = 3
"""How many metrics a message has room for."""

# https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner-tuning.html
RANKED = (
    "mse",
    "absolute_loss",
    "binary_classification_accuracy",
    "multiclass_accuracy",
    "roc_auc_score",
    "binary_f_beta",
    "precision",
    "recall",
)
"""Linear Learner's metrics, the most telling first; those of other images follow by name."""

OBJECTIVE = "objective_loss"
SPEAKS_FOR_THE_OBJECTIVE = frozenset({"mse", "binary_classification_accuracy", "multiclass_accuracy"})
ABOUT_THE_JOB = frozenset({"progress", "throughput"})
"""What the training image reports of itself, and not of the model."""


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
    """The first `most` characters, and a sign that there were more."""
    return text if len(text) <= most else f"{text[:most]}…"


def metrics(reported: Mapping[str, float]) -> str:
    """The most telling metrics of a job in one sentence, "" when there are none."""
    where, what = telling(reported)
    return f"{where}: {what}." if what else ""


def telling(reported: Mapping[str, float]) -> tuple[str, str]:
    """Where the most telling metrics of a job were measured, and what they are; ("", "") when there are none.

    Those of the held-out days when there are any: how well a model knows what it has seen says little. The objective,
    which may hold a regularization, is told only when nothing says the same in plainer terms.
    """
    for channel, where in (
        ("validation:", "On the days held out"),
        ("train:", "On the days trained on"),
        ("", "Measured"),
    ):
        found = {name.removeprefix(channel): value for name, value in reported.items() if name.startswith(channel)}
        told = sorted(_told(found), key=lambda name: (RANKED.index(name) if name in RANKED else len(RANKED), name))
        if told:
            return where, ", ".join(f"{named(name)} {figure(found[name])}" for name in told[:MOST])
    return "", ""


def _told(found: Mapping[str, float]) -> list[str]:
    about_the_model = [name for name in found if name.rpartition(":")[2] not in ABOUT_THE_JOB]
    plainer = not SPEAKS_FOR_THE_OBJECTIVE.isdisjoint(found)
    return [name for name in about_the_model if not (plainer and name.startswith(OBJECTIVE))]


def named(metric: str) -> str:
    """A metric as people call it: without its channel and underscores."""
    return metric.removeprefix("validation:").removeprefix("train:").replace("_", " ")
