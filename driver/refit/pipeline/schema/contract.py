"""The data contract in a pipeline file: the columns of a row, the rows of a day, and the limit on drift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from refit.domain.csv_cells import is_number
from refit.domain.data_contract import NUMBERS
from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code


def _data(rest: str) -> str:
    return f'data = {{ prefix = "data/home-prices/train/", feature_dim = 1, {rest} }}'


def _columns(crim: str) -> str:
    return _data(f'schema = [{{ name = "medv" }}, {{ name = "crim", {crim} }}]')


EXAMPLE = _columns("min = 0, max = 100")


def _as_text(value: Any) -> Any:
    """Allowed values are texts, as in Terraform, which converts the numbers of a list of strings."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, int | float) else value


class Column(Section):
    """A column of the data contract. The columns are listed in the order of a row, the label first."""

    name: Annotated[
        str,
        Field(pattern=r"^[^\p{C}]{1,100}$"),
        Constraint("be 1 to 100 visible characters", _columns("min = 0"), Code.BAD_NAME),
    ]
    """The column's name, for messages; Parquet and JSON lines have it themselves."""
    type: Annotated[
        Literal["number", "integer", "text", "boolean"],
        Constraint('be "number", "integer", "text" or "boolean"', _columns('type = "integer"')),
    ] = "number"
    """What a value is: a finite number, a whole number, any text, or `true` or `false` (also 1 or 0)."""
    required: Annotated[bool, Constraint("be true or false", _columns("required = false"))] = True
    """Whether every row must have a value; an empty cell of CSV is none."""
    min: Annotated[value_types.Number | None, Constraint("be a number", _columns("min = 0"))] = None
    """The smallest number that is allowed."""
    max: Annotated[value_types.Number | None, Constraint("be a number", _columns("max = 100"))] = None
    """The largest number that is allowed."""
    allowed: Annotated[
        tuple[Annotated[str, BeforeValidator(_as_text)], ...],
        Field(max_length=1_000),
        Constraint("contain at most 1000 values", _columns('allowed = ["0", "1"]')),
    ] = ()
    """The values that are allowed; if omitted, all are."""
    max_nulls: Annotated[
        value_types.Number | None,
        Field(ge=0, le=1),
        Constraint("be between 0 and 1, 0.05 for five percent", _columns("required = false, max_nulls = 0.05")),
    ] = None
    """The share of a day's rows that may have no value, if `required` is false; if omitted, all may."""

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        for limit in ("min", "max") if self.type not in NUMBERS else ():
            if getattr(self, limit) is not None:
                message = f"the {limit} of the column {self.name} has no effect on values of type {self.type}"
                yield Violation((limit,), Code.UNUSED_FIELD, message, 'remove it, or write type = "number"')
        if self.min is not None and self.max is not None and self.min > self.max:
            message = f"the max of the column {self.name} must be at least its min ({self.min:.15g}), got"
            yield Violation(("max",), Code.OUT_OF_RANGE, f"{message} {self.max:.15g}", f"write max = {self.min:.15g}")
        if self.max_nulls is not None and self.required:
            message = f"the max_nulls of the column {self.name} has no effect, because every row must have a value"
            yield Violation(("max_nulls",), Code.UNUSED_FIELD, message, "remove it, or add required = false")
        if self.allowed and self.type == "boolean":
            message = f"the allowed values of the column {self.name} have no effect on values of type boolean"
            yield Violation(("allowed",), Code.UNUSED_FIELD, message, "remove them")
        for at, value in enumerate(self.allowed if self.type in NUMBERS else ()):
            if not is_number(value):
                message = f'the column {self.name} is of type {self.type}, but allows "{value}"'
                yield Violation(("allowed", at), Code.BAD_VALUE, message, 'write a number, or type = "text"')


class Rows(Section):
    """The number of rows that a day of data has."""

    min: Annotated[
        int | None,
        Field(ge=1),
        Constraint(
            "be a whole number of at least 1", _data('schema = [{ name = "y" }, { name = "x" }], rows = { min = 100 }')
        ),
    ] = None
    """The smallest number of rows of a day."""
    max_change: Annotated[
        value_types.Number | None,
        Field(gt=0),
        Constraint(
            "be above 0, 0.5 for fifty percent",
            _data('schema = [{ name = "y" }, { name = "x" }], rows = { max_change = 0.5 }'),
        ),
    ] = None
    """How far a day's rows may be from the median of the days of earlier runs, as a fraction of it. Without earlier
    runs, the other days of the window count.
    """


class Drift(Section):
    """How far the data of a day may have moved from the data that the live model was trained on."""

    max_psi: Annotated[
        value_types.Number,
        Field(gt=0),
        Constraint("be above 0; by convention 0.25 is a shift, and 0.1 is not", "drift = { max_psi = 0.25 }"),
    ]
    """The largest population stability index of a column."""


def column_rules(schema: Sequence[Column], feature_dim: int) -> Iterator[Violation]:
    """The rules between the columns of a contract; paths are relative to the section data."""
    if schema and len(schema) != feature_dim + 1:
        columns = f"the label and {feature_dim} features" if len(schema) > 1 else "the label first, then the features"
        message = f"data.schema must have feature_dim + 1 columns, {columns}, got {len(schema)}"
        hint = f"write feature_dim = {len(schema) - 1}" if len(schema) > 1 else "add the features"
        yield Violation(("schema",), Code.WRONG_COLUMNS, f"{message}", f"{hint}, or {feature_dim + 1} columns")
    count = Counter(column.name for column in schema)
    for at, column in enumerate(schema):
        if count[column.name] > 1 and column.name in {other.name for other in schema[:at]}:
            message = f"the column {column.name} is in data.schema twice"
            yield Violation(("schema", at, "name"), Code.DUPLICATE_KEY, message, "rename one of them")
