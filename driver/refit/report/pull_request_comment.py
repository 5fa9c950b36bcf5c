"""A plan in GitHub's Markdown: the comment on a pull request.

What comes from a file, a bucket or AWS goes through `code`, and nothing else is interpolated but numbers and dates.
"""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterable, Sequence

from refit.data.coverage import Coverage, DataSet, State
from refit.data.date_ranges import ranges
from refit.domain.formatting import counted
from refit.domain.window import Window, instant_text
from refit.github.markdown import code
from refit.plan.actions import Action
from refit.plan.changes import FieldChange, Kind
from refit.plan.plan import Plan, Planned
from refit.report.calendar import strip

LONGEST = 60_000
"""Characters of a comment; GitHub takes 65,536, and the rest is for who adds a marker to it."""
LONGEST_SECTION = 15_000
LONGEST_LIST = 3_000

TRAIN, VALIDATION, MISSING, EMPTY, MALFORMED, UNKNOWN = "■", "◆", "·", "○", "!", "?"
MARKS = {State.MISSING: MISSING, State.EMPTY: EMPTY, State.MALFORMED: MALFORMED}
LEGEND = {
    TRAIN: "training",
    VALIDATION: "validation (holdout)",
    MISSING: "missing",
    EMPTY: "empty objects",
    MALFORMED: "malformed",
    UNKNOWN: "in the window, data unknown",
}
DONE = {
    Action.RETRAIN: "retrained",
    Action.REDEPLOY: "redeployed",
    Action.APPLY_ONLY: "only applied",
    Action.NONE: "left alone",
}


def comment(plan: Plan) -> str:
    """What the merge will do, at most LONGEST characters; says what it leaves out."""
    parts = [_head(plan)]
    length = len(parts[0])
    sections = [_section(planned) for planned in plan.pipelines]
    for place, section in enumerate(sections):
        if length + len(section) + LONGEST_LIST + 1_000 > LONGEST:
            left = [code(planned.key) for planned in plan.pipelines[place:]]
            names = ", ".join(_fit(left, LONGEST_LIST, "more"))
            parts.append(f"\n*{len(left)} pipelines do not fit in here; `refit plan` tells all of them:* {names}\n")
            break
        parts.append(section)
        length += len(section)
    return "\n".join(parts)


def _head(plan: Plan) -> str:
    lines = ["## Refit: what this merge does", ""]
    counts = Counter(planned.action for planned in plan.pipelines)
    if counts:
        told = ", ".join(f"{counts[action]} {DONE[action]}" for action in Action if counts[action])
        total = sum(counts.values())
        lines.append(f"{total} {'pipeline changes' if total == 1 else 'pipelines change'}: {told}.")
    else:
        lines.append("No pipeline changes, so no run starts.")
    if plan.reformatted:
        names = ", ".join(_fit([code(key) for key in plan.reformatted], LONGEST_LIST, "more"))
        lines += ["", f"Only the layout or comments of these files changed, which starts nothing: {names}."]
    if plan.machinery:
        files = counted(len(plan.machinery), "file")
        lines += [
            "",
            f"{files} that every stack is made of changed: the apply reaches all pipelines, and starts no run for it.",
        ]
    if any(one.window and one.pipeline and not one.pipeline.window.pinned for one in plan.pipelines):
        lines += [
            "",
            f"Sliding windows are those of {instant_text(plan.at)}. In the end the merge commit's date decides: "
            "merged on another day, they move with it.",
        ]
    return "\n".join(lines) + "\n"


def _section(planned: Planned) -> str:
    lines = [f"### {code(planned.key)}: {_title(planned)}", ""]
    for remark in planned.change.remarks:
        lines += [f"> {remark}", ""]
    lines += _problems(planned)
    if planned.window:
        lines += _days(planned, planned.window)
    lines += _fields(planned.change.fields)
    lines += _cost(planned)
    return "\n".join(lines)


def _title(planned: Planned) -> str:
    if planned.change.problems:
        return "the file is not valid, nothing will run"
    if planned.change.kind is Kind.REMOVED:
        return "removed, and left to a person"
    match planned.action:
        case Action.RETRAIN:
            run = "first run" if planned.change.kind is Kind.ADDED else "retrain"
            return f"{run} on {planned.window}"
        case Action.REDEPLOY:
            return "redeploy the present model with the new endpoint settings, no training"
        case Action.APPLY_ONLY:
            return "apply only, no run"
        case Action.NONE:
            return "nothing to do"


def _problems(planned: Planned) -> list[str]:
    problems = [f"- {code(problem, 400)}" for problem in planned.change.problems]
    return [*_fit(problems, LONGEST_SECTION, "- … and more"), ""] if problems else []


def _days(planned: Planned, window: Window) -> list[str]:
    data = planned.coverage
    if data is None:
        calendar = _fenced(strip(window, lambda _: UNKNOWN), [UNKNOWN])
        why = code(planned.unknown, 300)
        return [f"{counted(len(window), 'day')}. What data they have is not known: {why}.", "", *calendar, ""]
    marks = {day.day: MARKS.get(day.state, TRAIN) for day in data.days}
    marks |= {day: VALIDATION for day in data.validation.days if marks[day] == TRAIN}
    used = [mark for mark in LEGEND if mark in marks.values()]
    return [*_verdict(data), *_fenced(strip(window, marks.__getitem__), used), "", *_data_table(data), ""]


def _verdict(data: Coverage) -> list[str]:
    warning = "" if data.enough else "**The run will end in NoNewData.** "
    return [f"{warning}Days with data: {len(data.with_data)} of {len(data.window)}; a run needs {data.needed}.", ""]


def _data_table(data: Coverage) -> list[str]:
    def row(name: str, part: DataSet) -> str:
        return f"| {name} | {ranges(part.days) or 'none'} | {len(part.days)} | {part.objects:,} | {part.bytes:,} |"

    lines = ["| | days | | objects | bytes |", "|---|---|---:|---:|---:|", row("training", data.train)]
    if data.validation.days:
        lines.append(row("validation", data.validation))
    for state in (State.MISSING, State.EMPTY):
        if days := data.in_state(state):
            lines.append(f"| {state} | {ranges(days)} | {len(days)} | | |")
    if data.ignored:
        names = ", ".join(code(key) for key in data.ignored)
        lines += ["", f"In the window, and no day's data by their names: {names}."]
    return lines


def _fields(fields: Sequence[FieldChange]) -> list[str]:
    if not fields:
        return []
    rows = [f"| {code(one.field)} | {_value(one.before)} | {_value(one.after)} | {one.action} |" for one in fields]
    return [
        "| field | before | after | asks for |",
        "|---|---|---|---|",
        *_fit(rows, LONGEST_SECTION, "| … | | | |"),
        "",
    ]


def _value(value: object) -> str:
    return "" if value is None else code(json.dumps(value, ensure_ascii=False))


def _cost(planned: Planned) -> list[str]:
    cost = planned.cost
    if cost is None or planned.action not in (Action.RETRAIN, Action.REDEPLOY):
        return []
    month, before = cost.endpoint_month, planned.endpoint_month_before
    was = f", now {_dollars(before)}" if planned.change.kind is Kind.CHANGED and before != month else ""
    endpoint = f"The endpoint: {_dollars(month)} a month{was}."
    unknown = [f"unknown: {what}" for what in cost.unknown]
    if planned.action is Action.REDEPLOY:
        return [endpoint, "", *_assumed(unknown)]
    about = "unknown" if cost.run is None else f"about {_dollars(cost.run)}, at most {_dollars(cost.run_at_most)}"
    run = f"A run: {about}; {cost.transitions:,} transitions."
    return [f"{run} {endpoint}", "", *_assumed([*cost.assumptions, *unknown])]


def _assumed(notes: Sequence[str]) -> list[str]:
    listed = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    return [f"<details><summary>Assumed</summary><ul>{listed}</ul></details>", ""] if notes else []


def _dollars(price: float | None) -> str:
    if price is None:
        return "unknown"
    return f"${price:,.2f}" if price >= 0.1 or price == 0 else f"${price:.2g}"


def _fenced(lines: Iterable[str], used: Iterable[str]) -> list[str]:
    legend = "   ".join(f"{mark} {LEGEND[mark]}" for mark in used)
    return ["```text", *lines, "", legend, "```"]


def _fit(lines: Sequence[str], longest: int, rest: str) -> list[str]:
    """As many of `lines` as `longest` characters hold, and then `rest` with the number of those left out."""
    kept: list[str] = []
    length = 0
    for line in lines:
        length += len(line) + 2
        if length > longest:
            return [*kept, f"{rest} ({len(lines) - len(kept)} left out)"]
        kept.append(line)
    return kept
