"""Defines the data contract of a pipeline: its columns, the rules for rows and days, and what a bad day does. Pure.

`to_document` is the JSON in which a contract travels from the pipeline file to the state machine and its Lambdas.
refit.quality measures data by it, and refit.domain.data_quality judges what was measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from refit.domain.csv_cells import is_number

ColumnType = Literal["number", "integer", "text", "boolean"]
OnBadDay = Literal["fail", "skip"]
COLUMN_TYPES: tuple[ColumnType, ...] = ("number", "integer", "text", "boolean")
NUMBERS: tuple[ColumnType, ...] = ("number", "integer")
"""The types that `min` and `max` apply to."""
BOOLEANS = ("true", "false", "1", "0")
"""The booleans in CSV, in lowercase."""


@dataclass(frozen=True)
class Column:
    """One column. `min` and `max` are inclusive; an empty `allowed` allows every value; `max_nulls` is the share of a
    day's rows that may lack a value. A required column has a value in every row.
    """

    name: str
    type: ColumnType = "number"
    required: bool = True
    min: float | None = None
    max: float | None = None
    allowed: tuple[str, ...] = ()
    max_nulls: float | None = None

    def accepts(self, cell: str) -> bool:
        """Whether a cell of CSV has a value of the type, or may be empty. As refit.quality.columns reads it."""
        if not cell:
            return not self.required
        if self.type == "text":
            return True
        if self.type == "boolean":
            return cell.lower() in BOOLEANS
        return is_number(cell) and (self.type == "number" or float(cell).is_integer())


@dataclass(frozen=True)
class Contract:
    """The contract of a pipeline's data; `columns` are in the order of the file.

    `min_rows` is the number of rows that a day has at least; `max_row_change` the greatest difference from the median
    of the last runs' days, as a share of it; `max_psi` the greatest population stability index of a column. None means
    that there is no such rule. `format` is how the objects are encoded.
    """

    columns: tuple[Column, ...]
    min_rows: int | None = None
    max_row_change: float | None = None
    on_bad_day: OnBadDay = "fail"
    max_psi: float | None = None
    format: str = "csv"

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def to_document(self) -> dict[str, Any]:
        """For JSON: the fields, and of each column only those that differ from their defaults."""
        return {**asdict(self), "columns": [_document(column) for column in self.columns]}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> Contract:
        """The contract that `to_document` wrote. Raises TypeError for unknown fields."""
        columns = tuple(
            Column(**{**column, "allowed": tuple(column.get("allowed", ()))}) for column in document["columns"]
        )
        return Contract(**{**document, "columns": columns})


_PLAIN = Column("")


def _document(column: Column) -> dict[str, Any]:
    fields = {**asdict(column), "allowed": list(column.allowed)}
    plain = {**asdict(_PLAIN), "allowed": [], "type": None}
    return {name: value for name, value in fields.items() if value != plain[name]}
