"""The data section of a pipeline file: where the daily data is, and the shape of its rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code


class Data(Section):
    """Where the daily data arrives, and the shape of its rows."""

    prefix: Annotated[
        value_types.DataPrefix,
        Constraint(
            "be a folder of letters, digits and ! _ . ' ( ) = - that ends in /, without empty parts",
            'data = { prefix = "data/home-prices/train/", feature_dim = 13 }',
            Code.BAD_PREFIX,
        ),
    ]
    """The folder in the bucket; a day's data is `<prefix>YYYY-MM-DD.csv`, or everything below `<prefix>YYYY-MM-DD/`."""
    feature_dim: Annotated[
        int,
        Field(ge=1, le=10_000_000),
        Constraint("be between 1 and 10000000", 'data = { prefix = "data/home-prices/train/", feature_dim = 13 }'),
    ]
    """The number of features in a row, not counting the label, which comes first."""
    stale_after_days: Annotated[
        int | None,
        Field(ge=1, le=365),
        Constraint(
            "be between 1 and 365",
            'data = { prefix = "data/home-prices/train/", feature_dim = 13, stale_after_days = 3 }',
        ),
    ] = None
    """The age in days at which runs report the newest data as stale in Slack; if omitted, they never do."""

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        if self.prefix.startswith(("runs/", "models/")):
            message = f'data.prefix must not be in runs/ or models/, which Refit writes, got "{self.prefix}"'
            yield Violation(("prefix",), Code.RESERVED, message, f'write prefix = "data/{self.prefix}"')
