"""Rows asked of an endpoint travel in requests that it takes."""

from driver.endpoint import REQUEST_BYTES, ROWS_A_REQUEST, batches


def test_every_row_is_asked_once_and_in_order() -> None:
    rows = [str(number) for number in range(2 * ROWS_A_REQUEST + 1)]
    sent = list(batches(rows))
    assert [row for batch in sent for row in batch] == rows
    assert [len(batch) for batch in sent] == [ROWS_A_REQUEST, ROWS_A_REQUEST, 1]


def test_wide_rows_travel_in_smaller_requests() -> None:
    wide = "1," * (REQUEST_BYTES // 5)
    assert [len(batch) for batch in batches([wide] * 5)] == [2, 2, 1]
    assert all(sum(len(row) + 1 for row in batch) <= REQUEST_BYTES for batch in batches([wide] * 5))
