"""Reads a channel of RecordIO-protobuf in batches; errors name the object, the record and the reason.

https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import numpy as np

from refit.embedded_cloud.instance.algorithm import CustomerError, Source
from refit.embedded_cloud.linear_learner import recordio
from refit.embedded_cloud.linear_learner.rows import Batch, bad_row
from refit.embedded_cloud.linear_learner.tensors import Floats, Tensor

VALUES = "values"
"""The name of the tensor with the features, and of the one with the label."""
BATCH_NUMBERS = 1 << 15


class Damaged(CustomerError):
    """The bytes of an object are not RecordIO-protobuf."""


def read(sources: Sequence[Source], feature_dim: int | None) -> Iterator[Batch]:
    """All rows of the objects, in order. Memory use does not depend on the number of rows.

    Without `feature_dim`, the first record sets it. Raises CustomerError.
    """
    for source in sources:
        labels: list[float] = []
        rows: list[Floats] = []
        number = 0
        for number, (label, row) in enumerate(_rows(source, feature_dim), 1):
            feature_dim = len(row)
            labels.append(label)
            rows.append(row)
            if len(rows) * feature_dim >= BATCH_NUMBERS:
                yield _batch(source, number, labels, rows)
                labels, rows = [], []
        if rows:
            yield _batch(source, number, labels, rows)
        if not number:
            raise CustomerError(f"{source.uri} is empty: it has no rows")


def _batch(source: Source, last: int, labels: list[float], rows: list[Floats]) -> Batch:
    return Batch(source, range(last - len(rows) + 1, last + 1), np.column_stack([labels, rows]))


def _rows(source: Source, width: int | None) -> Iterator[tuple[float, Floats]]:
    number = 1
    try:
        with source.path.open("rb") as file:
            for record in _records(file, source):
                row = _tensor(record.features, "features").row(width)
                label = _tensor(record.label, "label").row()
                if len(label) != 1 or not len(row):
                    raise ValueError(f"has {len(label)} labels and {len(row)} features; it must have 1, and at least 1")
                width = len(row)
                yield float(label[0]), row
                number += 1
    except ValueError as error:
        raise bad_row(source, number, str(error)) from error


def _records(file: BinaryIO, source: Source) -> Iterator[recordio.Record]:
    number = 1
    try:
        for record in recordio.read(file):
            yield record
            number += 1
    except ValueError as error:
        raise Damaged(f"{source.uri}, row {number}: {error}") from error


def _tensor(tensors: recordio.Tensors, what: str) -> Tensor:
    if VALUES not in tensors:
        raise ValueError(f"has no {what}: a record has them as the tensor {VALUES!r}")
    return tensors[VALUES]
