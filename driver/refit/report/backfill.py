"""Formats a backfill: its plan as lines, its results as a table."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from refit.costs.transitions import TRAINING_MINUTES
from refit.domain.date_ranges import ranges
from refit.domain.formatting import counted
from refit.domain.outcomes import NO_NEW_DATA
from refit.report.terminal import BAD, GOOD, NEWS, NONE
from refit.runs.backfill.results import BackfillResult, WindowResult
from refit.runs.backfill.windows import Backfill, WindowState
from refit.safe_output import plain


def lines(planned: Backfill) -> Iterator[str]:
    """The windows to train, the state of the others, and the cost."""
    first, last = planned.windows[0].window, planned.windows[-1].window
    number = counted(len(planned.windows), "window")
    spread = f"the first {first}, the last {last}" if len(planned.windows) > 1 else str(first)
    yield f"{planned.pipeline}: {number}: {spread}"
    yield ", ".join(f"{planned.count(todo)} {todo}" for todo in WindowState if planned.count(todo))
    if planned.count(WindowState.NO_DATA):
        yield f"a run requires {planned.needed} days with data; windows with fewer are not started"
    if planned.without_data:
        yield f"days without data: {ranges(planned.without_data)}"
    if changed := sum(one.changed and one.todo is WindowState.DONE for one in planned.windows):
        yield f"the data of {counted(changed, 'window')} has changed since; --again retrains them"
    if not planned.count(WindowState.TRAIN):
        return
    yield f"cost: {_cost(planned)}"


def _cost(planned: Backfill) -> str:
    if planned.about is None or planned.at_most is None:
        return f"unknown: {', '.join(planned.cost.unknown)}"
    assumed = f"with {TRAINING_MINUTES} minutes per training job"
    return f"about ${planned.about:,.2f} {assumed}, at most ${planned.at_most:,.2f}"


def page(done: BackfillResult) -> RenderableType:
    """One row per window, oldest first; below, why some have no model."""
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("window", no_wrap=True, vertical="bottom")
    # All windows are equally long. The name of a metric, the widest cell, breaks between its two words.
    days = f"days\nof {len(done.results[0].planned.window)}"
    for head in (days, *(name.replace(":", ":\n") for name in done.metrics)):
        table.add_column(head, justify="right", vertical="bottom")
    table.add_column("ended", overflow="fold", vertical="bottom")
    table.add_column("billed", justify="right", vertical="bottom")
    table.add_column("cost", justify="right", vertical="bottom")
    for result in done.results:
        table.add_row(*_cells(done, result))
    return Group(table, *_remarks(done))


def _cells(done: BackfillResult, result: WindowResult) -> Iterator[Text]:
    run = result.record
    yield Text(str(result.planned.window))
    yield Text(str(result.days))
    values = [run.metrics.get(name) if run else None for name in done.metrics]
    yield from (Text(NONE if value is None else f"{value:.4g}") for value in values)
    style = BAD if result.failed else NEWS if result.state == NO_NEW_DATA else GOOD
    yield Text(plain(result.state), style=style)
    yield Text(NONE if run is None or run.billable_seconds is None else f"{run.billable_seconds} s")
    yield Text(NONE if run is None or run.cost is None else f"${run.cost:.4f}")


def _remarks(done: BackfillResult) -> Iterator[Text]:
    for result in done.results:
        if result.failed:
            yield Text.assemble((str(result.planned.window), "bold"), plain(f" {result.state}: {result.reason}"))
        elif result.planned.changed and result.planned.todo is WindowState.DONE:
            changed = " its data has changed since it was trained: --again retrains it"
            yield Text.assemble((str(result.planned.window), "bold"), (changed, NEWS))
