"""Timestamps: RFC 3339 as Step Functions takes it (recorded: scenarios::test_wait_timestamp_path)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from refit.embedded_cloud.step_functions.evaluation.timestamps import parse


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2016-12-05T21:29:29Z", (datetime(2016, 12, 5, 21, 29, 29, tzinfo=UTC), 0)),
        ("2016-12-05T21:29:29.00Z", (datetime(2016, 12, 5, 21, 29, 29, tzinfo=UTC), 0)),
        ("2016-12-05T21:29:29.5Z", (datetime(2016, 12, 5, 21, 29, 29, tzinfo=UTC), 500_000_000)),
        ("2016-12-05T21:29:29.000000001Z", (datetime(2016, 12, 5, 21, 29, 29, tzinfo=UTC), 1)),
        ("2012-10-09T19:00:55+01:00", (datetime(2012, 10, 9, 18, 0, 55, tzinfo=UTC), 0)),
        ("2012-10-09T19:00:55-02:30", (datetime(2012, 10, 9, 21, 30, 55, tzinfo=UTC), 0)),
    ],
)
def test_a_timestamp_is_an_instant(text: str, instant: tuple[datetime, int]) -> None:
    assert parse(text) == instant


@pytest.mark.parametrize(
    "value",
    [
        *("2016-12-05 21:29:29Z", "2016-12-05T21:29:29", "2016-13-05T21:29:29Z", "2016-12-05T25:29:29Z"),
        *("05-12-2016T21:29:29Z", "2016-08-18t17:33:00z", "2024-01-01", "2024-01-01T00:00Z", "2024-01-01T00:00:00+01"),
        *("2024-01-01T00:00:00+0100", "2023-02-29T00:00:00Z", "2016-12-05T21:29:29.0000000000Z", "", " ", "date"),
        *("2016-12-05T21:29:29Z ", "２016-12-05T21:29:29Z", "0001-01-01T00:00:00+10:00"),
        *(None, 0, 1.5, True, [], {}),
    ],
)
def test_anything_else_is_none(value: object) -> None:
    assert parse(value) is None
