"""Formats the page of `refit plan` for a terminal: a table of the pipelines, and below it the details of each."""

from __future__ import annotations

import json
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from refit.data.coverage import State
from refit.domain.date_ranges import ranges
from refit.domain.formatting import counted
from refit.plan.actions import Action
from refit.plan.plan import Plan, PlannedPipeline
from refit.report import contract_days
from refit.report.pull_request_comment import counts, dollars, title
from refit.report.terminal import BAD, GOOD, NEWS, NONE
from refit.safe_output import plain

STYLES = {Action.RETRAIN: GOOD, Action.REDEPLOY: GOOD, Action.APPLY_ONLY: "", Action.NONE: "dim"}
LONGEST_VALUE = 60


def page(plan: Plan) -> RenderableType:
    """What the merge will do. Lines wrap at words; continued lines are indented like the first."""
    parts: list[RenderableType] = [Text(counts(plan), style="bold")]
    if plan.reformatted:
        parts.append(Text(f"Only formatting or comments changed: {plain(', '.join(plan.reformatted))}."))
    if plan.machinery:
        parts.append(Text(f"Every stack is applied again: {counted(len(plan.machinery), 'file')} of it changed."))
    if plan.upgrade:
        parts.append(Text(plain(f"Every stack is applied again: {plan.upgrade}.")))
    if plan.pipelines:
        parts += [Text(), _table(plan), Text()]
    for planned in plan.pipelines:
        if details := list(_details(planned)):
            parts += [Text(plain(planned.key), style="bold"), *map(_hanging, details)]
    parts += [Text(plain(str(stray)), style=NEWS) for stray in plan.strays]
    return Group(*parts)


def _table(plan: Plan) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column("pipeline", no_wrap=True)
    for head in ("what happens", "data"):
        table.add_column(head)
    for head in ("run", "endpoint a month"):
        table.add_column(head, justify="right")
    for planned in plan.pipelines:
        style = BAD if planned.change.problems else STYLES[planned.action]
        cost = planned.cost if planned.action in (Action.RETRAIN, Action.REDEPLOY) else None
        table.add_row(
            Text(plain(planned.key)),
            Text(title(planned), style=style),
            _data(planned),
            Text(dollars(cost.run) if cost and planned.action is Action.RETRAIN else NONE),
            Text(dollars(cost.endpoint_month) if cost else NONE),
        )
    return table


def _data(planned: PlannedPipeline) -> Text:
    data = planned.coverage
    if data is None:
        return Text("unknown" if planned.window else NONE)
    text = f"{len(data.with_data)} of {counted(len(data.window), 'day')}"
    return Text(text, style=GOOD if data.enough else NEWS)


def _details(planned: PlannedPipeline) -> Iterator[Text]:
    """What the table has no room for, one paragraph each."""
    yield from (Text(plain(str(problem)), style=BAD) for problem in planned.change.problems)
    yield from (Text(plain(remark)) for remark in planned.change.remarks)
    if planned.window and planned.unknown:
        yield Text(f"data: {plain(planned.unknown)}")
    if data := planned.coverage:
        if not data.enough:
            yield Text(f"the run will end in NoNewData: it needs {counted(data.needed, 'day')} with data", style=NEWS)
        if planned.uncounted:
            yield Text(planned.uncounted_text, style=NEWS)
        for state in (State.MISSING, State.EMPTY, State.UNMARKED, State.MALFORMED):
            if days := data.in_state(state):
                yield Text(f"{state}: {ranges(days)}", style=NEWS)
        yield from (Text(plain(f"not read: {one}"), style=NEWS) for one in data.unread)
    yield from (Text(plain(one), style=NEWS) for one in contract_days.sentences(planned))
    for one in planned.change.fields:
        yield Text(plain(f"{one.field}: {_value(one.before)} → {_value(one.after)} ({one.action})"))


def _value(value: object) -> str:
    text = NONE if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[: LONGEST_VALUE - 1]}…"


def _hanging(text: Text) -> RenderableType:
    """`text` as a list item whose further lines are indented like its first."""
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_row("-", text)
    return Padding(grid, (0, 0, 0, 2), expand=False)
