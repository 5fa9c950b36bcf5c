"""The demo's tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table

if TYPE_CHECKING:
    from driver.commands.demo import Facts

SHOWN = 8


def comparison(pairs: Sequence[tuple[float, float]]) -> RenderableType:
    """The first predictions beside the actual prices."""
    table = Table("predicted", "actual", "off by", title=f"{SHOWN} of {len(pairs)} homes, in $1000s", title_style="")
    for column in table.columns:
        column.justify = "right"
    for predicted, actual in pairs[:SHOWN]:
        table.add_row(f"{predicted:.1f}", f"{actual:.1f}", f"{predicted - actual:+.1f}")
    return table


def summary(facts: Facts) -> RenderableType:
    """The page to end with: what the runs did, what a client noticed, where the time went."""
    runs = Table("run", "outcome", "why", "states", "seconds", "RMSE", title="Runs", title_style="bold")
    for number, run in enumerate(facts.runs, start=1):
        runs.add_row(str(number), run.outcome, run.reason, str(run.states), f"{run.seconds:.1f}", f"{run.rmse:.2f}")
    promises = Table.grid(padding=(0, 2))
    promises.add_row("Requests while the model was replaced", f"{facts.requests}, {facts.failed_requests} failed")
    promises.add_row("Slack messages", str(len(facts.slack)))
    promises.add_row("Drift after all runs", "yes" if facts.drift else "none")
    times = Table("where the time went", "seconds", title_style="bold")
    times.columns[1].justify = "right"
    for phase, seconds in facts.seconds.items():
        times.add_row(phase, f"{seconds:.1f}")
    times.add_row("total", f"{sum(facts.seconds.values()):.1f}", style="bold")
    return Group("", runs, "", promises, "", times)
