"""Names the training job, model and endpoint config of a run, and recognizes such names. Pure."""

from __future__ import annotations

import hashlib
import re


def of_run(pipeline: str, day: str, execution_arn: str, started_at: str) -> str:
    """`<pipeline>-<YYYYMMDD>-<8 hex digits>`: `day` is the newest day (YYYY-MM-DD) of the model's data.

    At most 50 of the 63 characters that SageMaker allows; the same for every attempt of one execution. An ARN can be
    used again after its state machine was deleted, but the name of a training job never: `started_at`, the start of the
    execution, tells the two apart.
    """
    digest = hashlib.sha256(f"{execution_arn} {started_at}".encode()).hexdigest()[:8]
    return f"{pipeline}-{day.replace('-', '')}-{digest}"


def with_day(name: str, day: str) -> str:
    """The name of the same run with another day (YYYY-MM-DD)."""
    pipeline, _, digest = name.rsplit("-", 2)
    return f"{pipeline}-{day.replace('-', '')}-{digest}"


def is_of_a_run(name: str, pipeline: str) -> bool:
    """Whether a run of `pipeline` can have this name."""
    return run_name_pattern(pipeline).fullmatch(name) is not None


def run_name_pattern(pipeline: str) -> re.Pattern[str]:
    """Matches the names that `of_run` returns. The state machine uses it too, in JSONata.

    A pipeline's name needs no escape: it consists of lowercase letters, digits and hyphens.
    """
    return re.compile(f"^{pipeline}-[0-9]{{8}}-[0-9a-f]{{8}}$")


def day_of(name: str) -> str:
    """The day in a run's name: YYYY-MM-DD."""
    day = name.split("-")[-2]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"
