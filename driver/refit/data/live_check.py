"""Checks that the bucket has the data that a pipeline's window requires (`refit validate --live`).

Findings are located at the `window` or `data` field of the file, where users can fix them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from refit.aws import target
from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.data import existing_bucket
from refit.data.coverage import Coverage, State, survey
from refit.data.existing_bucket import Topic
from refit.domain.data_formats import CSV_TYPE, FORMATS
from refit.domain.date_ranges import ranges
from refit.domain.errors import StateError
from refit.domain.formatting import counted
from refit.domain.layout import Layout
from refit.domain.object_names import shown
from refit.domain.unread_objects import Unread, sentence
from refit.domain.window import window_of
from refit.errors import InvalidPipeline, NotFound, Problem, RefitError
from refit.pipeline import files as pipeline
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.hcl.located import Located, Location
from refit.pipeline.model import Pipeline
from refit.pipeline.schema import data_layout
from refit.problem_codes import Code
from refit.project import PipelineRef

MAX_DAYS_BEHIND = 1
"""Today's data may not have arrived yet; yesterday's should have, unless the file sets `window.lag_days` or
`data.stale_after_days`."""
SHOWN = 10


@dataclass(frozen=True)
class Finding:
    """One problem with the data. Warnings do not fail the command."""

    problem: Problem
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.problem} (warning)" if self.warning else str(self.problem)


@dataclass(frozen=True)
class Verdict:
    """One pipeline: its data day by day (None if the bucket could not be read), and the findings."""

    pipeline: str
    coverage: Coverage | None
    findings: tuple[Finding, ...]

    @property
    def passed(self) -> bool:
        return all(finding.warning for finding in self.findings)

    def document(self) -> dict[str, Any]:
        """For JSON output."""
        return {
            "pipeline": self.pipeline,
            "passed": self.passed,
            "data": self.coverage.document() if self.coverage else None,
            "findings": [asdict(finding) for finding in self.findings],
        }


def validate_live(
    refs: Iterable[PipelineRef], at: datetime, *, max_days_behind: int = MAX_DAYS_BEHIND
) -> list[Verdict]:
    """Checks the data that a run at the event time `at` would find for each pipeline; samples rows of every day.

    The findings for an invalid file are the problems of `refit validate`. Errors from AWS are findings too, so that the
    errors of one pipeline do not prevent checks of the others.
    """
    return [_verdict(ref, at, max_days_behind) for ref in refs]


def _verdict(ref: PipelineRef, at: datetime, max_days_behind: int) -> Verdict:
    try:
        source = pipeline.read(ref)
        checked = pipeline.parse(source, ref, at)
    except InvalidPipeline as error:
        return Verdict(ref.key, None, tuple(map(Finding, error.problems)))
    locations = _Locations(ref.display_path, hcl.parse(source.text, ref.display_path).root)
    bucket: list[Finding] = []
    try:
        aws = target.connect(ref, checked)
        bucket = [_of_bucket(one, locations) for one in existing_bucket.found(aws, checked)]
        found = _survey(aws, checked, at)
    except NotFound as error:
        hint = f"apply the pipeline first: refit terraform apply {ref.key}"
        if checked.data.bucket:
            hint = "correct data.bucket, the name of an existing bucket"
        return Verdict(ref.key, None, (locations.at("data", Code.BUCKET_MISSING, str(error), hint),))
    except RefitError as error:
        unknown = locations.at("data", Code.DATA_UNKNOWN, str(error), error.hint or "")
        return Verdict(ref.key, None, (*bucket, unknown))
    return Verdict(ref.key, found, (*bucket, *_findings(found, checked, locations, max_days_behind)))


def _survey(aws: Aws, checked: Pipeline, at: datetime) -> Coverage:
    try:
        return survey(
            aws, Stack.of(checked, aws).data_bucket, checked, window_of(checked.window.settings, at), sample=True
        )
    except StateError as error:
        raise RefitError(str(error)) from error


def _of_bucket(one: existing_bucket.Found, locations: _Locations) -> Finding:
    field, code = ("arrival", Code.BUCKET_EVENTS) if one.topic is Topic.EVENTS else ("data", Code.BUCKET_REGION)
    return locations.at(field, code, one.message, one.advice, warning=not one.certain)


@dataclass(frozen=True)
class _Locations:
    """The locations of findings in the file."""

    file: str
    root: Located

    def at(self, field: str, code: Code, message: str, hint: str = "", *, warning: bool = False) -> Finding:
        """A finding at `field`, or at the file's first line if the field is omitted."""
        fields = self.root.value
        location = fields[field].location if isinstance(fields, dict) and field in fields else Location(1, 1)
        return Finding(Problem(self.file, *location, code, message, hint), warning)


def _findings(found: Coverage, checked: Pipeline, locations: _Locations, max_days_behind: int) -> Iterator[Finding]:
    where = f"s3://{found.bucket}/{found.layout.prefix}"
    have = found.with_data
    not_ready = found.in_state(State.UNMARKED)
    if not_ready:
        message = f"{where} has data but no {found.layout.ready} for {ranges(not_ready)}"
        hint = f"write {found.layout.marker(not_ready[-1])} when the day is complete, or remove data.ready"
        yield locations.at("data", Code.DATA_UNMARKED, message, hint, warning=found.enough)
    if not have:
        if not not_ready:
            yield locations.at("data", Code.DATA_MISSING, f"{where} has no data from {found.window}", _upload(found))
        yield from _unread(found, locations)
        return
    if not found.enough:
        message = (
            f"{where} has data for {len(have)} of the {len(found.window)} days from {found.window} ({ranges(have)}), "
            f"but a run needs {found.needed}"
        )
        yield locations.at("window", Code.DATA_TOO_LITTLE, message, _upload(found))
    for state, code, what in (
        (State.MISSING, Code.DATA_MISSING, "has no data for"),
        (State.EMPTY, Code.DATA_EMPTY, "has only empty objects for"),
    ):
        if days := found.in_state(state):
            yield locations.at("window", code, f"{where} {what} {ranges(days)}", _upload(found), warning=True)
    stale_after = checked.data.stale_after_days
    if stale_after is not None:  # like the runs: an age of so many days is stale (lambdas/decisions/data_rules.py)
        max_days_behind = stale_after - 1 - checked.window.behind_days
    if not checked.window.pinned and found.days_behind > max_days_behind:
        behind = counted(found.days_behind, "day")
        message = f"the newest data under {where} is from {found.newest}, {behind} before {found.window.last}"
        lag = checked.window.lag_days + found.days_behind
        hint = f"find out why the data is late; if it is always late, write window = {{ lag_days = {lag} }}"
        yield locations.at("window", Code.DATA_STALE, message, hint)
    faults = [fault for day in found.days for fault in day.faults]
    for fault in faults[:SHOWN]:
        hint = f"write the label and {checked.data.feature_dim} features as numbers, without a header"
        if checked.contract:
            hint = "repair the data, or change data.schema"
        elif checked.data.data_format.media_type != CSV_TYPE:
            hint = "replace the object, or write the data's format in data.format"
        yield locations.at("data", Code.DATA_MALFORMED, fault, hint)
    if len(faults) > SHOWN:
        yield locations.at("data", Code.DATA_MALFORMED, f"and {len(faults) - SHOWN} more objects are malformed")
    yield from _unread(found, locations)


def _unread(found: Coverage, locations: _Locations) -> Iterator[Finding]:
    hint = f"name a day's data {found.layout}"
    if found.skipped:
        names = sentence(found.skipped)
        rename = "if they are data, give them names without _ or . at the beginning"
        yield locations.at("data", Code.DATA_SKIPPED, names, rename, warning=True)
    if found.other_layout:
        hint = _fitting(found.other_layout, found.layout) or hint
        if shown(found.other_layout.key) not in found.ignored:
            yield locations.at("data", Code.DATA_LAYOUT, str(found.other_layout), hint)
    if found.ignored:
        names = ", ".join(found.ignored)
        yield locations.at(
            "data", Code.DATA_IGNORED, f"these objects do not belong to a day: {names}", hint, warning=True
        )


def _upload(found: Coverage) -> str:
    return f"upload a day's data as {found.layout}, or wait for it"


def _fitting(other: Unread, layout: Layout) -> str:
    """How to have the pipeline read the other layout; "" if it cannot."""
    if other.pattern in Layout("", suffix=layout.suffix).patterns:
        return "remove data.layout"
    for name, one in FORMATS.items():
        if not layout.pattern and other.pattern == Layout("", suffix=one.suffix).patterns[0]:
            return f'write format = "{name}", or name the data {layout}'
    if other.pattern is None or any(data_layout.faults(other.pattern)):
        return ""
    return f'write layout = "{other.pattern}"'
