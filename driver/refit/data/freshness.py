"""The newest day that has data, found without listing the history.

S3 lists keys in ascending order only (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html), so the
search begins at the newest end with a single day and doubles what it looks at until there is data, then halves it. Each
look reads one page of a listing, whatever the bucket holds: two for data that is fresh, seventeen for none at all.
"""

from __future__ import annotations

from datetime import date, timedelta

from refit.aws.session import Aws
from refit.data.coverage import listed
from refit.domain.days import day_of
from refit.domain.window import ONE_DAY, Window

REACH_DAYS = 512
"""How far the search goes back; data that is older counts as none."""


def newest_day(aws: Aws, bucket: str, prefix: str, last: date) -> date | None:
    """The newest day up to `last` that has an object which is not empty; None when there is none in REACH_DAYS.

    Raises NotFound when there is no such bucket, AwsError otherwise.
    """
    end, length = last + ONE_DAY, 1
    while last - end < timedelta(days=REACH_DAYS - 1):
        window = Window(end - timedelta(days=length), end)
        if found := _oldest_with_data(aws, bucket, prefix, window):
            return _narrowed(aws, bucket, prefix, Window(found, end))
        end = window.start
        length = (last - end).days + 1
    return None


def _narrowed(aws: Aws, bucket: str, prefix: str, window: Window) -> date:
    """The newest day with data in a window whose first day has some."""
    while len(window) > 1:
        middle = window.start + timedelta(days=len(window) // 2)
        found = _oldest_with_data(aws, bucket, prefix, Window(middle, window.end))
        window = Window(found, window.end) if found else Window(window.start, middle)
    return window.start


def _oldest_with_data(aws: Aws, bucket: str, prefix: str, window: Window) -> date | None:
    days = (day_of(item.key, prefix) for item in listed(aws, bucket, prefix, window) if item.size)
    return next((day for day in days if day in window), None)
