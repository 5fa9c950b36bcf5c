"""Later passes over the rows read what the first one has parsed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from refit.embedded_cloud.instance.algorithm import Source
from refit.embedded_cloud.linear_learner import spool
from refit.embedded_cloud.linear_learner.rows import Batch
from refit.embedded_cloud.linear_learner.spool import Spool

TABLE = np.arange(30.0).reshape(10, 3)


class Parser:
    """Parses TABLE in batches of 4 rows, and counts its passes."""

    def __init__(self) -> None:
        self.passes = 0

    def __call__(self) -> Iterator[Batch]:
        self.passes += 1
        for start in range(0, len(TABLE), 4):
            part = TABLE[start : start + 4]
            numbers = range(start + 1, start + 1 + len(part))
            yield Batch(Source("s3://bucket/a.csv", Path("a.csv")), numbers, part)


def rows(batches: Iterator[Batch]) -> list[list[float]]:
    return [row for batch in batches for row in batch.table.tolist()]


@pytest.mark.parametrize("numbers", [1, 6, 7, 1 << 16])
def test_every_pass_has_all_rows_and_only_the_first_parses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: int
) -> None:
    monkeypatch.setattr(spool, "BATCH_NUMBERS", numbers)
    parser = Parser()
    spooled = Spool(parser, tmp_path / "rows")
    assert [rows(spooled()) for _ in range(3)] == [TABLE.tolist()] * 3
    assert parser.passes == 1


def test_a_pass_that_is_not_finished_is_parsed_again(tmp_path: Path) -> None:
    parser = Parser()
    spooled = Spool(parser, tmp_path / "rows")
    next(spooled())
    assert rows(spooled()) == TABLE.tolist()
    assert rows(spooled()) == TABLE.tolist()
    assert parser.passes == 2
