"""Formats the page of `refit status`: a table or, on a narrow terminal, blocks; below, what needs attention."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from refit.aws.endpoint import EndpointStatus
from refit.aws.executions import AWAIT_APPROVAL
from refit.data.freshness import REACH_DAYS
from refit.domain.formatting import counted
from refit.domain.hold import reason
from refit.domain.outcomes import DEPLOYED, STILL_RUNNING
from refit.live.status import PipelineStatus, RunStatus
from refit.report.terminal import BAD, GOOD, NEWS, duration
from refit.safe_output import plain

WIDE = 120
"""The least number of columns for a table; below that, blocks are easier to read."""
SHOWN = 5
"""How many differences are shown per pipeline; --json has all of them."""
FACTS = ("newest data", "watermark", "last run", "endpoint", "as in file")


def page(statuses: Sequence[PipelineStatus], width: int) -> RenderableType:
    """All pipelines, for a terminal of `width` columns."""
    if not statuses:
        return Text("There are no pipelines yet.")
    if width >= WIDE:
        table = Table("pipeline", *FACTS, padding=(0, 1), expand=False)
        for status in statuses:
            table.add_row(Text(status.pipeline, style="bold"), *_facts(status))
        return Group(table, *(part for status in statuses for part in _below(status)))
    return Group(*(part for status in statuses for part in _block(status)))


def _block(status: PipelineStatus) -> Iterator[RenderableType]:
    yield Text(status.pipeline, style="bold")
    if status.applied:
        grid = Table.grid(padding=(0, 2))
        for name, fact in zip(FACTS, _facts(status), strict=True):
            grid.add_row(f"  {name}", fact)
        yield grid
    yield from _indented(status)


def _below(status: PipelineStatus) -> Iterator[RenderableType]:
    """The remarks below the table; none for a pipeline that needs no attention."""
    if remarks := list(_indented(status)):
        yield from (Text(status.pipeline, style="bold"), *remarks)


def _indented(status: PipelineStatus) -> Iterator[RenderableType]:
    return (Padding(remark, (0, 0, 0, 2), expand=False) for remark in _remarks(status))


def _facts(status: PipelineStatus) -> list[Text]:
    if not status.applied:
        return [Text("not applied" if status.known else "unknown", style=NEWS), *(Text() for _ in FACTS[1:])]
    return [
        _newest(status),
        Text(plain(status.watermark or "never deployed")),
        _run(status.run),
        _endpoint(status.endpoint),
        Text(f"no, {counted(len(status.differences), 'difference')}", style=NEWS)
        if status.differences
        else Text("unknown" if status.warning else "yes"),
    ]


def _newest(status: PipelineStatus) -> Text:
    if status.newest is None:
        return Text(f"no data in the last {REACH_DAYS} days", style=NEWS)
    age = f"{counted(status.age_days, 'day')} old" if status.age_days else "today"
    return Text(f"{status.newest}, {age}")


def _run(run: RunStatus | None) -> Text:
    if run is None:
        return Text("none yet")
    style = GOOD if run.succeeded else NEWS if run.outcome == STILL_RUNNING else BAD
    began = run.started_at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
    outcome = AWAIT_APPROVAL if run.waits else run.outcome
    return Text.assemble((outcome, style), f", {began} UTC, {duration(run.seconds)}\n{plain(run.name)}")


def _endpoint(endpoint: EndpointStatus | None) -> Text:
    if endpoint is None:
        return Text("none yet")
    text = Text(endpoint.status, style=GOOD if endpoint.status == "InService" else NEWS)
    for variant in endpoint.variants:
        running = "" if variant.running in (None, variant.asked) else f", {variant.running} running"
        instances = f"{variant.asked} × {variant.instance_type}" if variant.instance_type else "serverless"
        text.append(f", {instances}{running}\n{variant.model}", style="default")
        if variant.model != endpoint.config:
            text.append(f" (config {endpoint.config})", style="default")
    return text


def _remarks(status: PipelineStatus) -> Iterator[Text]:
    """What needs attention, one line each."""
    if status.cloud:
        yield Text(f"on the embedded cloud of {plain(status.cloud)}, which AWS_ENDPOINT_URL points to", style=NEWS)
    if status.warning:
        yield Text(plain(status.warning), style=NEWS)
    if status.note:
        yield Text(plain(status.note), style=NEWS if status.known else BAD)
    if status.hold:
        yield Text(plain(reason(status.hold, status.pipeline)), style=NEWS)
    if status.run and status.run.waits:
        yield Text(plain(status.run.waits.sentence(status.pipeline, status.run.name)), style=NEWS)
    if status.run and status.run.reason and status.run.outcome != DEPLOYED:
        style = "" if status.run.succeeded else BAD
        yield Text(f"{status.run.outcome}: {plain(status.run.reason)}", style=style)
    if status.endpoint and status.endpoint.reason:
        yield Text(f"endpoint {status.endpoint.name}: {plain(status.endpoint.reason)}", style=BAD)
    for one in status.differences[:SHOWN]:
        yield Text(f"{plain(one.name)} is {_value(one.live)}, but {_value(one.wanted)} in the file", style=NEWS)
    if len(status.differences) > SHOWN:
        more = counted(len(status.differences) - SHOWN, "more difference")
        yield Text(f"and {more}: refit status {status.pipeline} --json")


def _value(value: object) -> str:
    text = plain(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    return text if len(text) <= 60 else f"{text[:59]}…"
