"""Finds the newest day that has data, without listing all objects.

S3 lists keys only in ascending order (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html), so the
search starts with only the last day, doubles the range until it contains data, and then bisects it. Each step reads
one page of a listing, regardless of the size of the bucket: two steps for fresh data, seventeen if there is none.
"""

from __future__ import annotations

from datetime import date, timedelta

from refit.aws.session import Aws
from refit.data.coverage import listed
from refit.domain.data_bucket import DataBucket
from refit.domain.layout import Layout
from refit.domain.object_names import NotData
from refit.domain.window import ONE_DAY, Window

REACH_DAYS = 512
"""How far back the search goes; older data is ignored."""


def newest_day(aws: Aws, bucket: DataBucket, layout: Layout, last: date) -> date | None:
    """The newest day up to `last` that counts; None if there is none within REACH_DAYS.

    Raises NotFound if the bucket does not exist, AwsError otherwise.
    """
    end, length = last + ONE_DAY, 1
    while last - end < timedelta(days=REACH_DAYS - 1):
        window = Window(end - timedelta(days=length), end)
        if found := _oldest_with_data(aws, bucket, layout, window):
            return _narrowed(aws, bucket, layout, Window(found, end))
        end = window.start
        length = (last - end).days + 1
    return None


def _narrowed(aws: Aws, bucket: DataBucket, layout: Layout, window: Window) -> date:
    """The newest day with data in a window that has data on its first day."""
    while len(window) > 1:
        middle = window.start + timedelta(days=len(window) // 2)
        found = _oldest_with_data(aws, bucket, layout, Window(middle, window.end))
        window = Window(found, window.end) if found else Window(window.start, middle)
    return window.start


def _oldest_with_data(aws: Aws, bucket: DataBucket, layout: Layout, window: Window) -> date | None:
    with_data: set[date] = set()
    marked: set[date] = set()
    for item in listed(aws, bucket, layout, window):
        placed = layout.place(item.key)
        if placed is None or placed.day not in window:
            continue
        if placed.not_data is NotData.MARKER:
            marked.add(placed.day)
        elif placed.not_data is None and item.size:
            with_data.add(placed.day)
        if placed.day in with_data and (layout.ready is None or placed.day in marked):
            return placed.day
    return None
