"""Checks the days of a window by the data contract, as a run does before it trains (`refit check`).

Reads the objects of the bucket as streams. What the live model was trained on, and how many rows days usually have, is
known from the runs that checked their data: `runs/<pipeline>/<run>/quality.json`.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from typing import Any, BinaryIO, cast

from refit.aws.session import Aws, calling
from refit.aws.stack import Stack
from refit.data.coverage import listed
from refit.data.pyarrow_extra import require_pyarrow
from refit.domain.data_bucket import DataBucket
from refit.domain.data_contract import Contract
from refit.domain.data_drift import Drift, drift
from refit.domain.data_quality import DayQuality, WindowQuality, judge
from refit.domain.date_ranges import intervals
from refit.domain.day_statistics import merged
from refit.domain.days import DataObject, by_day, missing
from refit.domain.window import Window
from refit.errors import NotFound, RefitError


@dataclass(frozen=True)
class Checked:
    """The result for each day with data, and the days of the window without."""

    pipeline: str
    bucket: str
    window: Window
    quality: WindowQuality
    missing: tuple[date, ...]
    drift: Mapping[str, Mapping[str, Drift]] = field(default_factory=dict)
    """How far the columns of each day have moved from the live model's data; empty without such data."""

    @property
    def passed(self) -> bool:
        return not self.quality.bad_days

    def document(self) -> dict[str, Any]:
        """For JSON output: dates as YYYY-MM-DD."""
        return {
            "pipeline": self.pipeline,
            "bucket": self.bucket,
            "window": self.window.as_dates(),
            "passed": self.passed,
            "bad_days": list(self.quality.bad_days),
            "missing": intervals(self.missing),
            "days": self.quality.to_document()["days"],
            "drift": {day: {name: one._asdict() for name, one in found.items()} for day, found in self.drift.items()},
        }


def check(aws: Aws, stack: Stack, pipeline: str, contract: Contract, window: Window) -> Checked:
    """Measures and judges every day of the window that has data.

    Raises NotInstalled without pyarrow, RefitError for an object that was deleted during the check, AwsError.
    """
    require_pyarrow()
    from refit.quality.measure import measure_day

    live = of_live_model(aws, stack, pipeline)
    data = by_day(listed(aws, stack.data_bucket, stack.keys, window), stack.keys, window)
    measured: dict[str, DayQuality] = {}
    for day, objects in data.items():
        streams = opened(aws, stack.data_bucket, objects)
        with closing(streams), calling(f"read the data of {day}"):
            measured[day.isoformat()] = DayQuality(*measure_day(streams, contract))
    statistics = {day: found.statistics for day, found in measured.items()}
    trained = live.trained.values()
    usual = [found.rows for found in trained or statistics.values()]
    champion = merged(trained) if trained else None
    judged = judge(statistics, contract, usual, champion)
    moved = {day: drift(champion, found) for day, found in statistics.items()} if champion else {}
    days = {day: DayQuality(found.statistics, (*found.breaches, *judged[day])) for day, found in measured.items()}
    return Checked(pipeline, stack.data_bucket.name, window, WindowQuality(days), tuple(missing(window, data)), moved)


def of_live_model(aws: Aws, stack: Stack, pipeline: str) -> WindowQuality:
    """What the run that deployed the live model found out about its data; empty if it did not check any.

    Raises AwsError.
    """
    try:
        with calling(f"read the parameter {stack.run_parameter}"):
            run = aws.ssm.get_parameter(Name=stack.run_parameter)["Parameter"]["Value"]
        key = f"runs/{pipeline}/{run}/quality.json"
        with calling(f"read s3://{stack.bucket}/{key}"):
            body = aws.s3.get_object(Bucket=stack.bucket, Key=key)["Body"].read()
    except NotFound:
        return WindowQuality()
    return WindowQuality.from_document(json.loads(body))


def opened(aws: Aws, bucket: DataBucket, objects: Iterable[DataObject]) -> Generator[tuple[str, BinaryIO]]:
    """Each object's key, and its bytes as they were listed: an object that was replaced since then is an error."""
    for item in objects:
        uri = bucket.uri(item.key)
        try:
            with calling(f"read {uri}"):
                answer = aws.s3.get_object(**bucket.members, Key=item.key, IfMatch=f'"{item.etag}"')
        except NotFound as error:
            raise RefitError(f"{uri} was deleted during the check", "check again") from error
        with closing(answer["Body"]) as body:
            yield item.key, cast(BinaryIO, body)
