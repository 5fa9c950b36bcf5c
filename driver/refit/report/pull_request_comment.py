"""Writes a plan in GitHub's Markdown: the comment on a pull request.

Every text from a file, a bucket or AWS goes through `code`. Everything else that is inserted is a number or a date.
"""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterable, Sequence

from refit.data.coverage import Coverage, DataSet, State
from refit.domain.date_ranges import ranges
from refit.domain.formatting import counted
from refit.domain.window import Window, instant_text
from refit.github.markdown import code
from refit.plan.actions import Action
from refit.plan.field_changes import FieldChange, Kind
from refit.plan.plan import Plan, PlannedPipeline
from refit.report import contract_days
from refit.report.calendar import BREACH, LEGEND, MARKS, TRAIN, UNKNOWN, VALIDATION, fenced, strip

LONGEST = 60_000
"""Characters of a comment; GitHub accepts 65,536, and the caller adds a marker."""
LONGEST_SECTION = 15_000
LONGEST_LIST = 3_000
LONGEST_UNREAD = 700

FIRST_RUN = "added and trained"
DONE = {
    Action.RETRAIN: "retrained",
    Action.REDEPLOY: "redeployed",
    Action.APPLY_ONLY: "applied without a run",
    Action.NONE: "left as they are",
}
ALONE = {
    Action.RETRAIN: "it will be retrained",
    Action.REDEPLOY: "its model will be redeployed",
    Action.APPLY_ONLY: "it will be applied without a run",
    Action.NONE: "nothing will run",
}


def comment(plan: Plan, longest: int | None = LONGEST) -> str:
    """What the merge will do, in at most `longest` characters; names the pipelines that it leaves out."""
    parts = [_head(plan)]
    length = len(parts[0])
    sections = [_section(planned) for planned in plan.pipelines]
    for place, section in enumerate(sections):
        if longest is not None and length + len(section) + LONGEST_LIST + 1_000 > longest:
            left = [planned.key for planned in plan.pipelines[place:]]
            names = _names(left)
            parts.append(
                f"\n*{len(left)} pipelines do not fit in this comment; `refit plan` shows all of them:* {names}\n"
            )
            break
        parts.append(section)
        length += len(section)
    return "\n".join(parts)


def _head(plan: Plan) -> str:
    lines = ["## Refit: what this merge does", "", counts(plan)]
    if plan.reformatted:
        names = _names(plan.reformatted)
        lines += ["", f"Only the formatting or comments of these files changed, so no run starts for them: {names}."]
    if plan.upgrade:
        lines += ["", f"Every stack is applied again, without a run: {code(plan.upgrade)}."]
    if plan.machinery:
        why = f"{counted(len(plan.machinery), 'file')} that every stack is built from changed"
        lines += ["", f"Every stack is applied again, without a run: {why} ({_names(plan.machinery)})."]
    if plan.strays:
        files = [f"- {code(one, 400)}" for one in plan.strays]
        lines += ["", "**No command reads these new files:**", "", *_fit(files, LONGEST_LIST, "- … and more")]
    if any(one.window and one.pipeline and not one.pipeline.window.pinned for one in plan.pipelines):
        lines += [
            "",
            f"Sliding windows are those of {instant_text(plan.at)}. The merge commit's date decides; "
            "merging on another day shifts the windows.",
        ]
    return "\n".join(lines) + "\n"


def counts(plan: Plan) -> str:
    """How many pipelines the merge trains, deploys and applies, as one sentence."""
    if not plan.pipelines:
        return "No pipeline changes, so no run starts."
    counts = Counter(FIRST_RUN if _is_first_run(one) else DONE[one.action] for one in plan.pipelines)
    if counts == {FIRST_RUN: 1}:
        return "1 pipeline added; it will be trained."
    if len(plan.pipelines) == 1:
        return f"1 pipeline changes; {ALONE[plan.pipelines[0].action]}."
    parts = ", ".join(f"{counts[done]} {done}" for done in (FIRST_RUN, *DONE.values()) if counts[done])
    return f"{counted(len(plan.pipelines), 'pipeline')} change: {parts}."


def _is_first_run(planned: PlannedPipeline) -> bool:
    return planned.change.kind is Kind.ADDED and planned.action is Action.RETRAIN


def _names(texts: Iterable[str]) -> str:
    return ", ".join(_fit([code(text) for text in texts], LONGEST_LIST, "more"))


def _section(planned: PlannedPipeline) -> str:
    lines = [f"### {code(planned.key)}: {title(planned)}", ""]
    for remark in planned.change.remarks:
        lines += [f"> {remark}", ""]
    lines += _problems(planned)
    if planned.window:
        lines += _days(planned, planned.window)
    if contract := contract_days.sentences(planned):
        lines += [*_fit([f"- {code(one, LONGEST_UNREAD)}" for one in contract], LONGEST_LIST, "- … and more"), ""]
    lines += _fields(planned.change.fields)
    lines += _cost(planned)
    return "\n".join(lines)


def title(planned: PlannedPipeline) -> str:
    """What happens to one pipeline, in a few words without markup."""
    if planned.change.problems:
        return "the file is invalid; nothing will run"
    if planned.change.kind is Kind.REMOVED:
        return "removed; manual action required"
    match planned.action:
        case Action.RETRAIN:
            run = "first run" if _is_first_run(planned) else "retrain"
            return f"{run} on {planned.window}"
        case Action.REDEPLOY:
            return "redeploy the live model with the new endpoint settings, without training"
        case Action.APPLY_ONLY:
            return "apply only, no run"
        case Action.NONE:
            return "nothing to do"


def _problems(planned: PlannedPipeline) -> list[str]:
    problems = [f"- {code(problem, 400)}" for problem in planned.change.problems]
    return [*_fit(problems, LONGEST_SECTION, "- … and more"), ""] if problems else []


def _days(planned: PlannedPipeline, window: Window) -> list[str]:
    data = planned.coverage
    if data is None:
        calendar = fenced(strip(window, lambda _: UNKNOWN), [UNKNOWN])
        why = code(planned.unknown, 300)
        return [f"{counted(len(window), 'day')}. Data availability unknown: {why}.", "", *calendar, ""]
    marks = {day.day: MARKS.get(day.state, TRAIN) for day in data.days}
    marks |= {day: VALIDATION for day in data.validation.days if marks[day] == TRAIN}
    marks |= {day: BREACH for day in contract_days.bad(planned) if data.has(day)}
    used = [mark for mark in LEGEND if mark in marks.values()]
    uncounted = [f"**{planned.uncounted_text}.**", ""] if planned.uncounted else []
    return [*_verdict(data), *uncounted, *fenced(strip(window, marks.__getitem__), used), "", *_data_table(data), ""]


def _verdict(data: Coverage) -> list[str]:
    warning = "" if data.enough else "**The run will end in NoNewData.** "
    return [f"{warning}Days with data: {len(data.with_data)} of {len(data.window)}; a run needs {data.needed}.", ""]


def _data_table(data: Coverage) -> list[str]:
    def row(name: str, part: DataSet) -> str:
        return f"| {name} | {ranges(part.days) or 'none'} | {len(part.days)} | {part.objects:,} | {part.bytes:,} |"

    lines = ["| | days | | objects | bytes |", "|---|---|---:|---:|---:|", row("training", data.train)]
    if data.validation.days:
        lines.append(row("validation", data.validation))
    for state in (State.MISSING, State.EMPTY, State.UNMARKED):
        if days := data.in_state(state):
            lines.append(f"| {state} | {ranges(days)} | {len(days)} | | |")
    if data.ignored:
        names = ", ".join(code(key) for key in data.ignored)
        lines += ["", f"Objects in the window whose names are not those of a day's data: {names}."]
    lines += [line for one in data.unread for line in ("", f"Not read: {code(one, LONGEST_UNREAD)}.")]
    return lines


def _fields(fields: Sequence[FieldChange]) -> list[str]:
    if not fields:
        return []
    rows = [f"| {code(one.field)} | {_value(one.before)} | {_value(one.after)} | {one.action} |" for one in fields]
    return [
        "| field | before | after | requires |",
        "|---|---|---|---|",
        *_fit(rows, LONGEST_SECTION, "| … | | | |"),
        "",
    ]


def _value(value: object) -> str:
    return "" if value is None else code(json.dumps(value, ensure_ascii=False))


def _cost(planned: PlannedPipeline) -> list[str]:
    cost = planned.cost
    if cost is None or planned.action not in (Action.RETRAIN, Action.REDEPLOY):
        return []
    month, before = cost.endpoint_month, planned.endpoint_month_before
    was = f" (currently {dollars(before)})" if planned.change.kind is Kind.CHANGED and before != month else ""
    endpoint = f"Endpoint: {dollars(month)} a month{was}. Alarms: {dollars(cost.alarms_month)} a month."
    unknown = [f"unknown: {what}" for what in cost.unknown]
    fleet = f"{dollars(cost.second_fleet)} for the instances that the deployment adds"
    if planned.action is Action.REDEPLOY:
        return [f"Run: {fleet}. {endpoint}", "", *_assumptions(unknown)]
    about = (
        "unknown"
        if cost.run is None
        else f"about {dollars(cost.run)}, at most {dollars(cost.run_at_most)}, of which {fleet}"
    )
    run = f"Run: {about}, with {cost.transitions:,} state transitions."
    return [f"{run} {endpoint}", "", *_assumptions([*cost.assumptions, *unknown])]


def _assumptions(notes: Sequence[str]) -> list[str]:
    listed = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    return [f"<details><summary>Assumptions</summary><ul>{listed}</ul></details>", ""] if notes else []


def dollars(price: float | None) -> str:
    """A price in US dollars; `unknown` for None."""
    if price is None:
        return "unknown"
    return f"${price:,.2f}" if price >= 0.1 or price == 0 else f"${price:.2g}"


def _fit(lines: Sequence[str], longest: int, rest: str) -> list[str]:
    """As many of `lines` as fit into `longest` characters, then `rest` with the number of those left out."""
    kept: list[str] = []
    length = 0
    for line in lines:
        length += len(line) + 2
        if length > longest:
            return [*kept, f"{rest} ({len(lines) - len(kept)} left out)"]
        kept.append(line)
    return kept
