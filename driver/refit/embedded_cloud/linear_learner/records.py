"""Reads a channel of RecordIO-protobuf in batches; errors name the object, the record and the reason.

https://docs.aws.amazon.com/sagemaker/latest/dg/cdf-training.html
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from refit.embedded_cloud.instance.algorithm import CustomerError, Source
from refit.embedded_cloud.linear_learner import dense_records, recordio
from refit.embedded_cloud.linear_learner.dense_records import VALUES
from refit.embedded_cloud.linear_learner.rows import Batch, bad_row
from refit.embedded_cloud.linear_learner.tensors import Floats, Tensor

BATCH_NUMBERS = 1 << 15
BATCH_BYTES = 1 << 20
MAX_WAIT = 1 << 10
"""The most records to read one by one before another attempt to read the following ones at once."""


class Damaged(CustomerError):
    """The bytes of an object are not RecordIO-protobuf."""


def read(sources: Sequence[Source], feature_dim: int | None) -> Iterator[Batch]:
    """All rows of the objects, in order. Memory use does not depend on the number of rows.

    Without `feature_dim`, the first record sets it. Raises CustomerError.
    """
    for source in sources:
        number = 0
        for batch in _read_object(source, feature_dim):
            feature_dim, number = batch.features.shape[1], batch.numbers[-1]
            yield batch
        if not number:
            raise CustomerError(f"{source.uri} is empty: it has no rows")


def _read_object(source: Source, width: int | None) -> Iterator[Batch]:
    number, attempt, wait = 0, 1, 1
    pending: list[Floats] = []
    with source.path.open("rb") as file:
        messages = recordio.frames(file)
        while (found := _next(messages, source, number + 1)) is not None:
            number += 1
            message, record = found
            pending.append(_row(source, number, record, width))
            width = len(pending[-1]) - 1
            before = number
            if number == attempt:
                for table in dense_records.following(message, file, BATCH_BYTES):
                    if pending:
                        yield _batch(source, number, pending)
                        pending = []
                    number += len(table)
                    yield Batch(source, range(number - len(table) + 1, number + 1), table)
                wait = 1 if number > before else min(2 * wait, MAX_WAIT)
                attempt = number + wait
            if len(pending) * width >= BATCH_NUMBERS:
                yield _batch(source, number, pending)
                pending = []
        if pending:
            yield _batch(source, number, pending)


def _batch(source: Source, last: int, rows: list[Floats]) -> Batch:
    return Batch(source, range(last - len(rows) + 1, last + 1), np.array(rows))


def _next(messages: Iterator[bytes], source: Source, number: int) -> tuple[bytes, recordio.Record] | None:
    """The next message and its record; None at the end. Raises Damaged."""
    try:
        message = next(messages, None)
        return None if message is None else (message, recordio.parse(message))
    except ValueError as error:
        raise Damaged(f"{source.uri}, row {number}: {error}") from error


def _row(source: Source, number: int, record: recordio.Record, width: int | None) -> Floats:
    """The row of a record, label first. Raises CustomerError."""
    try:
        row = _tensor(record.features, "features").row(width)
        label = _tensor(record.label, "label").row()
        if len(label) != 1 or not len(row):
            raise ValueError(f"has {len(label)} labels and {len(row)} features; it must have 1, and at least 1")
    except ValueError as error:
        raise bad_row(source, number, str(error)) from error
    return np.concatenate([label, row])


def _tensor(tensors: recordio.Tensors, what: str) -> Tensor:
    if VALUES not in tensors:
        raise ValueError(f"has no {what}: a record has them as the tensor {VALUES!r}")
    return tensors[VALUES]
