"""Finds the days of a window that have data, and what a run at that time would train on.

Uses the same rules as CheckData (driver/refit/domain/) and lists the same part of the bucket: a plan shows exactly the
days and objects that the run for the same event will choose.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any

from refit.aws.session import Aws, calling
from refit.data import contract_sample, sampling
from refit.domain.data_bucket import DataBucket
from refit.domain.data_formats import CSV_TYPE
from refit.domain.date_ranges import intervals
from refit.domain.days import DataObject, by_day, fingerprint, grouped, missing
from refit.domain.holdout import days_needed, split_holdout
from refit.domain.layout import Layout
from refit.domain.object_names import shown
from refit.domain.run_document import WindowSettings
from refit.domain.unread_objects import Unread, in_other_layout, pages_to_search, sentence, skipped, unmarked
from refit.domain.window import Window
from refit.pipeline.model import Pipeline

EXAMPLES = 5


class State(StrEnum):
    """The state of a day's data. CheckData does not read objects, so a run also trains on malformed days, and fails."""

    PRESENT = "present"
    MISSING = "missing"
    EMPTY = "empty"
    MALFORMED = "malformed"
    UNMARKED = "not marked as complete"
    """The day has data, but lacks the marker that data.ready requires."""


@dataclass(frozen=True)
class Day:
    """One calendar day: the number and bytes of its non-empty objects, and the faults found in samples."""

    day: date
    state: State
    objects: int = 0
    bytes: int = 0
    faults: tuple[str, ...] = ()

    @property
    def has_data(self) -> bool:
        return self.objects > 0


@dataclass(frozen=True)
class DataSet:
    """The data of one channel of the training job."""

    days: tuple[date, ...]
    objects: int
    bytes: int


@dataclass(frozen=True)
class Coverage:
    """The window, day by day. `needed` is the number of days with data that a run requires; `fingerprint` identifies
    the objects.
    """

    bucket: str
    layout: Layout
    window: Window
    days: tuple[Day, ...]
    train: DataSet
    validation: DataSet
    needed: int
    fingerprint: str
    ignored: tuple[str, ...] = ()
    """The first keys in the window that do not belong to a day."""
    skipped: tuple[Unread, ...] = ()
    """The objects in the folders of days without data that are not data, such as markers."""
    other_layout: Unread | None = None
    """An object under the prefix that names a day in another layout; only searched for if there is too little data."""

    @property
    def with_data(self) -> tuple[date, ...]:
        return tuple(day.day for day in self.days if day.has_data)

    @property
    def enough(self) -> bool:
        """Whether a run would train, disregarding the watermark."""
        return len(self.with_data) >= self.needed

    @property
    def newest(self) -> date | None:
        return max(self.with_data, default=None)

    @property
    def days_behind(self) -> int:
        """The number of days from the newest data to the window's last day; the whole window if there is no data."""
        return (self.window.last - self.newest).days if self.newest else len(self.window)

    @property
    def unread(self) -> tuple[str, ...]:
        """Sentences about objects that may be the data of days without data."""
        not_ready = unmarked(self.in_state(State.UNMARKED), self.layout)
        other = str(self.other_layout) if self.other_layout else ""
        return tuple(filter(None, (not_ready, sentence(self.skipped), other)))

    def has(self, day: date) -> bool:
        """Whether `day` is in the window and has data."""
        return day in self.with_data

    def in_state(self, state: State) -> tuple[date, ...]:
        return tuple(day.day for day in self.days if day.state is state)

    def document(self) -> dict[str, Any]:
        """For JSON output: inclusive dates as YYYY-MM-DD, days in use as intervals, sizes in bytes."""
        return {
            "bucket": self.bucket,
            "prefix": self.layout.prefix,
            "layout": self.layout.pattern,
            "ready": self.layout.ready,
            "window": self.window.as_dates(),
            "days": [{**asdict(day), "day": day.day.isoformat()} for day in self.days],
            "train": {**asdict(self.train), "days": intervals(self.train.days)},
            "validation": {**asdict(self.validation), "days": intervals(self.validation.days)},
            "missing": intervals(missing(self.window, self.with_data)),
            "days_needed": self.needed,
            "enough": self.enough,
            "newest": self.newest.isoformat() if self.newest else None,
            "days_behind": self.days_behind,
            "fingerprint": self.fingerprint,
            "ignored": list(self.ignored),
            "skipped": [one._asdict() for one in self.skipped[:EXAMPLES]],
            "other_layout": self.other_layout._asdict() if self.other_layout else None,
        }


def survey(aws: Aws, bucket: DataBucket, pipeline: Pipeline, window: Window, *, sample: bool = False) -> Coverage:
    """Lists the window's data; with `sample`, also reads the first bytes of some objects of each day.

    Raises NotFound if the bucket does not exist, AwsError otherwise.
    """
    layout = pipeline.data.key_layout
    objects = list(listed(aws, bucket, layout, window))
    faults: dict[str, str] = {}
    if sample:
        chosen = (item for items in by_day(objects, layout, window).values() for item in _samples(items))
        faults = sampling.faults(aws, bucket, chosen, _judge(pipeline))
    found = cover(objects, bucket.name, layout, window, pipeline.window.settings, faults)
    return found if found.enough else replace(found, other_layout=_in_other_layout(aws, bucket, layout, window))


def _judge(pipeline: Pipeline) -> sampling.Judge:
    """What samples are judged by: the format, the contract, and for rows of CSV the rules of built-in algorithms."""
    contract, data = pipeline.contract, pipeline.data
    # An own image reads any rows; of the built-in algorithms, XGBoost reads missing values, if the contract has them.
    with_nulls = contract is not None and not all(column.required for column in contract.columns)
    any_rows = data.data_format.media_type == CSV_TYPE and (pipeline.training.own_image or with_nulls)

    def fault(sample: bytes, whole: bool) -> str | None:
        found = None if any_rows else sampling.fault(sample, data.feature_dim, data.data_format, whole=whole)
        return found or (contract_sample.fault(sample, contract, whole=whole) if contract else None)

    return fault


def _samples(items: Sequence[DataObject]) -> list[DataObject]:
    """The objects of a day to sample: one of each suffix first, so that one compressed part among others is found."""
    first = {PurePosixPath(item.key).suffix: item for item in reversed(items)}
    return sorted(items, key=lambda item: item not in first.values())[: sampling.PER_DAY]


def _in_other_layout(aws: Aws, bucket: DataBucket, layout: Layout, window: Window) -> Unread | None:
    """As CheckData does (lambdas/decisions/retraining.py)."""
    for start in pages_to_search(layout, window):
        with calling(f"list {bucket.uri(layout.prefix)}"):
            page = aws.s3.list_objects_v2(**bucket.members, Prefix=layout.prefix, StartAfter=start)
        if found := in_other_layout((entry["Key"] for entry in page.get("Contents", ())), layout):
            return found
    return None


def listed(aws: Aws, bucket: DataBucket, layout: Layout, window: Window) -> Iterator[DataObject]:
    """The objects whose keys sort within the window. Raises like `survey`."""
    with calling(f"list {bucket.uri(layout.prefix)}"):
        pages = aws.s3.get_paginator("list_objects_v2")
        for page in pages.paginate(**bucket.members, Prefix=layout.prefix, StartAfter=layout.start_after(window)):
            for entry in page.get("Contents", []):
                if layout.is_past(entry["Key"], window):
                    return
                yield DataObject(entry["Key"], entry["ETag"].strip('"'), entry["Size"])


def cover(
    objects: Iterable[DataObject],
    bucket: str,
    layout: Layout,
    window: Window,
    settings: WindowSettings,
    faults: Mapping[str, str] | None = None,
) -> Coverage:
    """Assigns the listed objects to their days. `faults` are those of sampled objects, by key. Pure."""
    objects = list(objects)
    data, not_ready = grouped(objects, layout, window)
    train, validation = split_holdout(data, settings["holdout_days"])
    states = {layout.day_of(item.key): State.EMPTY for item in objects if not item.size}
    states |= dict.fromkeys(not_ready, State.UNMARKED)
    day_faults: defaultdict[date, list[str]] = defaultdict(list)
    for key, fault in (faults or {}).items():
        if day := layout.day_of(key):
            day_faults[day].append(fault)
    return Coverage(
        bucket=bucket,
        layout=layout,
        window=window,
        days=tuple(
            _day(day, data.get(day, []), tuple(day_faults[day]), states.get(day, State.MISSING)) for day in window.days
        ),
        train=_data_set(train, data),
        validation=_data_set(validation, data),
        needed=days_needed(settings),
        fingerprint=fingerprint(item for items in data.values() for item in items),
        ignored=tuple(shown(item.key) for item in objects if layout.place(item.key) is None)[:EXAMPLES],
        skipped=tuple(skipped(objects, layout, window, data)),
    )


def _day(day: date, items: list[DataObject], faults: tuple[str, ...], without_data: State) -> Day:
    if not items:
        return Day(day, without_data)
    state = State.MALFORMED if faults else State.PRESENT
    return Day(day, state, len(items), sum(item.size for item in items), faults)


def _data_set(days: Iterable[date], data: Mapping[date, list[DataObject]]) -> DataSet:
    items = [item for day in days for item in data[day]]
    return DataSet(tuple(days), len(items), sum(item.size for item in items))
