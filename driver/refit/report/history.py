"""Formats the pages of `refit history`: many runs as a table or, on a narrow terminal, as blocks; one run in full."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from refit.aws.executions import AWAIT_APPROVAL
from refit.domain import console_links
from refit.domain.date_ranges import days_in, ranges
from refit.domain.formatting import counted
from refit.domain.outcomes import DEPLOYED, STILL_RUNNING, SUCCESSES
from refit.project import LOCAL
from refit.report.status import WIDE
from refit.report.terminal import BAD, GOOD, NEWS, NONE, duration
from refit.runs.history import History
from refit.runs.record import Record
from refit.safe_output import plain

NARROW = 80
"""The least number of columns for a table of three columns; below that, runs are shown as blocks."""
QUIET = frozenset(SUCCESSES) - {DEPLOYED}
"""Outcomes that are a success and leave the live model unchanged."""


def page(history: History, width: int) -> RenderableType:
    """All runs, for a terminal of `width` columns, and below them why some failed."""
    if not history.runs:
        return Text("There has been no run yet.")
    # Names are there to be copied, so they are not wrapped; the other columns need about 100 characters.
    if width >= max(WIDE, 100 + max(len(run.run) for run in history.runs)):
        heads = ("run", "started (UTC)", "ended", "window", "newest", history.metric or "metric", "length", "cost")
        table = Table(*heads, padding=(0, 1), expand=False)
        table.columns[0].no_wrap = True
        for run in history.runs:
            table.add_row(*_cells(history, run))
        return Group(table, *_failures(history))
    # "started" and "ended" need about 40 characters.
    if width >= max(NARROW, 42 + max(len(run.run) for run in history.runs)):
        short = Table("run", "started (UTC)", "ended", box=None, padding=(0, 2, 0, 0), pad_edge=False)
        short.columns[0].no_wrap = True
        for run in history.runs:
            short.add_row(*_cells(history, run)[:3])
        return Group(short, *_failures(history))
    return Group(*(part for run in history.runs for part in _block(history, run)), *_failures(history))


def tsv(history: History) -> Iterator[str]:
    """All runs as tab-separated values below a line of heads, for other programs."""
    yield "\t".join(("run", "started", "ended", "window", "newest", "metric", "seconds", "cost", "reason"))
    for run in history.runs:
        cells = (
            run.run,
            run.started_at.astimezone(UTC).isoformat(timespec="seconds"),
            run.ended,
            _window(run),
            run.newest,
            _metric(history, run),
            None if run.seconds is None else f"{run.seconds:.0f}",
            None if run.cost is None else f"{run.cost:.4f}",
            run.reason,
        )
        yield "\t".join(plain(cell or "") for cell in cells)


def run_page(history: History) -> RenderableType:
    """The first run of `history` in full."""
    run = history.runs[0]
    grid = Table.grid(padding=(0, 2))
    for name, fact in _facts(history, run):
        if fact:
            grid.add_row(Text(f"  {name}"), fact if isinstance(fact, Text) else Text(plain(fact), overflow="fold"))
    return Group(Text(plain(run.run), style="bold"), grid)


def _cells(history: History, run: Record) -> list[Text]:
    cells = [run.run, _instant(run), _window(run), run.newest, _metric(history, run), _length(run), _cost(run)]
    texts = [Text(plain(cell or NONE), overflow="fold") for cell in cells]
    return [*texts[:2], _ended(history, run), *texts[2:]]


def _block(history: History, run: Record) -> Iterator[RenderableType]:
    yield Text(plain(run.run), style="bold")
    metric = f"{history.metric} {value}" if (value := _metric(history, run)) else None
    lines = [
        (_instant(run), _length(run), _cost(run)),
        (_window(run), run.newest and f"newest {run.newest}"),
        (metric,),
    ]
    yield Text("  ").append_text(_ended(history, run))
    for line in lines:
        if text := " · ".join(part for part in line if part):
            yield Text(f"  {plain(text)}")


def _failures(history: History) -> Iterator[Text]:
    """One line for each run that waits for approval or failed, and a remark if none of their models is live."""
    for run in history.runs:
        if run.waits:
            waiting = plain(run.waits.sentence(history.pipeline, run.run))
            yield Text.assemble((plain(run.run), "bold"), f" {waiting}", style=NEWS)
        if _style(run) == BAD and run.reason:
            yield Text.assemble((plain(run.run), "bold"), f" {run.ended}: {plain(run.reason)}")
    if history.serves is None and any(run.deployed for run in history.runs):
        yield Text("None of these runs deployed the live model: see refit status.", style=NEWS)


def _facts(history: History, run: Record) -> Iterator[tuple[str, Text | str | None]]:
    yield "ended", _ended(history, run)
    yield "because", run.reason
    yield "started", f"{_instant(run)} UTC"
    yield "length", _length(run)
    yield "commit", run.commit
    yield "window", _window(run)
    for kind, name in (("train", "trained on"), ("validation", "held out"), ("missing", "without data")):
        yield name, _days(run.days.get(kind))
    if run.objects:
        yield "data", f"{counted(run.objects, 'object')}, {counted(run.bytes or 0, 'byte')}"
    yield "left out", _days(run.quality.get("skipped"))
    yield "data contract", _quality(run.quality)
    yield "newest data", run.newest
    yield "watermark", run.watermark
    yield "training job", run.training_job
    if run.billable_seconds is not None:
        yield "billed", f"{run.billable_seconds} s on each instance, {_cost(run) or 'price unknown'}"
    for name, value in sorted(run.metrics.items()):
        yield name, f"{value:.6g}"
    yield "decision", _decision(run.evaluation)
    yield "approval", run.waits.sentence(history.pipeline, run.run) if run.waits else _approval(run.approval)
    yield "model", run.model
    if run.deployment:
        yield "deployment", "{action} endpoint {endpoint}, config {endpoint_config}".format_map(_Fields(run.deployment))
    yield "deleted", ", ".join((*run.cleanup.get("models", ()), *run.cleanup.get("endpoint_configs", ())))
    yield "refit", run.refit_version
    yield "execution", run.arn
    if not history.pipeline.startswith(f"{LOCAL}/"):
        yield "console", console_links.execution(run.arn.split(":")[3], run.arn).url


def _quality(quality: Mapping[str, Any]) -> str | None:
    return "{decision}: {reason}".format_map(_Fields(quality)) if quality else None


def _decision(evaluation: Mapping[str, Any]) -> str | None:
    if not evaluation:
        return None
    fields = _Fields(
        {name: f"{value:.4g}" if isinstance(value, float) else value for name, value in evaluation.items()}
    )
    parts = ["{decision}".format_map(fields)]
    if evaluation.get("challenger") is not None:
        parts.append("{metric} {challenger}".format_map(fields))
    if evaluation.get("champion") is not None:
        rows = "row" if evaluation.get("rows") == 1 else "rows"
        parts.append(f"against {{champion}} of {{champion_model}} on {{rows}} {rows}".format_map(fields))
    return f"{', '.join(parts)}: {evaluation['reason']}" if evaluation.get("reason") else ", ".join(parts)


def _approval(approval: Mapping[str, Any]) -> str | None:
    if not approval:
        return None
    verdict = "approved" if approval.get("approved") else "rejected"
    who = f" by {approval['by']}" if approval.get("by") else ""
    reason = f": {approval['reason']}" if approval.get("reason") else ""
    return f"{verdict}{who} at {approval.get('at')}{reason}"


class _Fields(dict[str, Any]):
    """The fields of a section; a missing field is a dash."""

    def __missing__(self, key: str) -> str:
        return NONE


def _ended(history: History, run: Record) -> Text:
    text = Text(AWAIT_APPROVAL if run.waits else run.ended, style=_style(run))
    return text.append(", live", style=GOOD) if run.run == history.serves else text


def _style(run: Record) -> str:
    if run.ended == DEPLOYED:
        return GOOD
    return NEWS if run.ended == STILL_RUNNING else "" if run.ended in QUIET else BAD


def _instant(run: Record) -> str:
    return run.started_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def _window(run: Record) -> str | None:
    return f"{run.window.get('start')} to {run.window.get('end')}" if run.window else None


def _days(days: Any) -> str | None:
    found = days_in(days or ())
    return f"{ranges(found)} ({len(found):,})" if found else None


def _metric(history: History, run: Record) -> str | None:
    value = run.metrics.get(history.metric or "")
    return None if value is None else f"{value:.4g}"


def _length(run: Record) -> str | None:
    return None if run.seconds is None else duration(run.seconds)


def _cost(run: Record) -> str | None:
    return None if run.cost is None else f"${run.cost:.4f}"
