"""The results of the demo, and their tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.table import Table

SHOWN = 8


@dataclass(frozen=True)
class RunFacts:
    """One run: its duration in seconds, the number of states entered, and the RMSE of the live model after it."""

    outcome: str
    reason: str
    seconds: float
    states: int
    rmse: float


@dataclass(frozen=True)
class Facts:
    """The results of the demo; `rmse` is that of the last live model, in the unit of the label ($1000s)."""

    runs: list[RunFacts]
    rmse: float
    predictions: list[tuple[float, float]]
    requests: int
    failed_requests: int
    slowest_request_seconds: float
    answers: list[float]
    slack: list[str]
    drift: bool
    seconds: dict[str, float]


def comparison(pairs: Sequence[tuple[float, float]]) -> RenderableType:
    """The first predictions next to the actual prices."""
    table = Table("predicted", "actual", "off by", title=f"{SHOWN} of {len(pairs)} homes, in $1000s", title_style="")
    for column in table.columns:
        column.justify = "right"
    for predicted, actual in pairs[:SHOWN]:
        table.add_row(f"{predicted:.1f}", f"{actual:.1f}", f"{predicted - actual:+.1f}")
    return table


def summary(facts: Facts) -> RenderableType:
    """The last page: the runs, the requests of a client meanwhile, and the time of each phase."""
    runs = Table("run", "outcome", "why", "states", "seconds", "RMSE", title="Runs", title_style="bold")
    for number, run in enumerate(facts.runs, start=1):
        runs.add_row(str(number), run.outcome, run.reason, str(run.states), f"{run.seconds:.1f}", f"{run.rmse:.2f}")
    promises = Table.grid(padding=(0, 2))
    promises.add_row("Requests while the model was replaced", f"{facts.requests}, {facts.failed_requests} failed")
    promises.add_row("Slack messages", str(len(facts.slack)))
    promises.add_row("Terraform drift after all runs", "yes" if facts.drift else "none")
    times = Table("where the time went", "seconds", title_style="bold")
    times.columns[1].justify = "right"
    for phase, seconds in facts.seconds.items():
        times.add_row(phase, f"{seconds:.1f}")
    times.add_row("total", f"{sum(facts.seconds.values()):.1f}", style="bold")
    return Group("", runs, "", promises, "", times)
