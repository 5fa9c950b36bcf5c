"""Infers the data contract of data: of a file, or of the days of a pipeline's window (`refit schema infer`)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, cast

from refit.aws.session import Aws, calling
from refit.aws.stack import Stack
from refit.data.check import opened
from refit.data.coverage import listed
from refit.data.pyarrow_extra import require_pyarrow
from refit.domain.contract_proposal import proposed
from refit.domain.data_contract import Column, Contract
from refit.domain.days import by_day
from refit.domain.window import Window
from refit.errors import NotFound, RefitError

FORMATS: Mapping[str, str] = {
    ".parquet": "parquet",
    ".json": "jsonlines",
    ".jsonl": "jsonlines",
    ".jsonlines": "jsonlines",
    ".ndjson": "jsonlines",
}
"""The formats of files by their suffix; all others are CSV, compressed or not."""


def of_file(path: Path, label: str | None = None) -> list[Column]:
    """The columns of a file, the first one or the one called `label` first.

    Raises NotInstalled without pyarrow, RefitError for a file that cannot be read or has no column `label`.
    """
    require_pyarrow()
    suffixes = [suffix for suffix in PurePosixPath(path.name.lower()).suffixes if suffix != ".gz"]
    format = FORMATS.get(suffixes[-1], "csv") if suffixes else "csv"
    try:
        columns = _inferred(str(path), lambda: path.open("rb"), [], format)
    except OSError as error:
        raise RefitError(f"{path}: {error.strerror or error}", "give the path of a file with data") from error
    if label is None:
        return columns
    if label not in [column.name for column in columns]:
        names = ", ".join(column.name for column in columns[:10])
        raise RefitError(f"{path} has no column {label}", f"the columns are: {names}")
    return sorted(columns, key=lambda column: column.name != label)


def of_window(aws: Aws, stack: Stack, window: Window, contract: Contract | None, format: str) -> list[Column]:
    """The columns of the data in a window; with the names of a contract that there is already, if it has as many.

    Raises NotInstalled, RefitError if there is no data or it cannot be read, AwsError.
    """
    require_pyarrow()
    objects = [
        item
        for items in by_day(listed(aws, stack.data_bucket, stack.keys, window), stack.keys, window).values()
        for item in items
    ]
    if not objects:
        where = stack.data_bucket.uri(stack.keys.prefix)
        raise NotFound(f"{where} has no data from {window}", "give a file instead, or wait for the data")
    first, *others = objects

    def reopened() -> AbstractContextManager[BinaryIO]:
        with calling(f"read {stack.data_bucket.uri(first.key)}"):
            return closing(cast(BinaryIO, aws.s3.get_object(**stack.data_bucket.members, Key=first.key)["Body"]))

    with closing(opened(aws, stack.data_bucket, others)) as more, calling(f"read the data of {window}"):
        columns = _inferred(first.key, reopened, more, format)
    if contract is None or len(contract.columns) != len(columns):
        return columns
    return [Column(**{**vars(column), "name": name}) for name, column in zip(contract.names, columns, strict=True)]


def hcl(columns: Sequence[Column]) -> str:
    """The field `schema` of the section `data`, in HCL."""
    lines = [
        f"  {{ {', '.join(f'{name} = {_hcl(value)}' for name, value in one.items())} }}," for one in fields(columns)
    ]
    return "\n".join(["schema = [", *lines, "]"]) + "\n"


def json_file(columns: Sequence[Column]) -> str:
    """The columns as a file for `data.schema_file`: a JSON list with one column on a line."""
    lines = ",\n".join(f"  {json.dumps(one, ensure_ascii=False)}" for one in fields(columns))
    return f"[\n{lines}\n]\n"


def fields(columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Each column as an object for JSON, without the fields that have their defaults."""
    return [_whole_numbers(column) for column in Contract(tuple(columns)).to_document()["columns"]]


def _inferred(
    name: str,
    reopen: Callable[[], AbstractContextManager[BinaryIO]],
    others: Iterable[tuple[str, BinaryIO]],
    format: str,
) -> list[Column]:
    """The proposed columns of the object that `reopen` opens, read twice, and of others."""
    from refit.quality import infer

    try:
        with reopen() as stream:
            header = infer.header(stream, format)
        with reopen() as stream:
            found = infer.infer(_chained((name, stream), others), header, format)
    except ValueError as error:  # pyarrow's ArrowInvalid is one
        raise RefitError(
            f"{name}: {str(error).partition(chr(10))[0]}", f"write {format}, or name the file so"
        ) from error
    if not any(column.statistics.count + column.statistics.nulls for column in found):
        raise RefitError(f"{name}: no rows", "a contract needs some rows to infer it from")
    return [proposed(*column) for column in found]


def _chained(first: tuple[str, BinaryIO], others: Iterable[tuple[str, BinaryIO]]) -> Iterable[tuple[str, BinaryIO]]:
    yield first
    yield from others


def _whole_numbers(column: Mapping[str, Any]) -> dict[str, Any]:
    """`column` with 60 instead of 60.0."""
    return {
        name: int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
        for name, value in column.items()
    }


def _hcl(value: object) -> str:
    """A value in HCL, in whose strings Terraform must not see a template."""
    return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
