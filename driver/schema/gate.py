"""The gate section: what a newly trained model must reach before it is deployed.

terraform/variables.tf types the same fields with the same defaults; tests/test_schema.py holds the two equal.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from driver.codes import Code
from driver.schema import fields
from driver.schema.fields import Must
from driver.schema.section import Section

EXAMPLE = 'gate = { metric = "validation:mse", max = 60, max_regression = 0.10 }'


class Gate(Section):
    """What a newly trained model, the challenger, must reach before it is deployed. Otherwise the run ends in
    ModelRejected, and the live model, the champion, serves on.

    `max` or `min` is a limit for every model, the first one too. `max_regression` compares the challenger with the
    champion, which is asked to predict rows of the holdout: both are judged on the same days.
    """

    metric: Annotated[
        fields.MetricName,
        Must("be the name of a metric, of at most 255 letters, digits and _ . : / @ -", EXAMPLE, Code.BAD_NAME),
    ]
    """The metric that is judged, as the training job reports it; `validation:…` is measured on the holdout."""
    max: Annotated[fields.Number | None, Must("be a number", 'gate = { metric = "validation:mse", max = 60 }')] = None
    """The most that the metric may be: for a metric of which less is better."""
    min: Annotated[
        fields.Number | None,
        Must("be a number", 'gate = { metric = "validation:binary_classification_accuracy", min = 0.9 }'),
    ] = None
    """The least that the metric may be: for a metric of which more is better."""
    max_regression: Annotated[
        fields.Number | None,
        Field(ge=0),
        Must("be 0 or more, 0.10 for ten percent", 'gate = { metric = "validation:mse", max_regression = 0.10 }'),
    ] = None
    """By which share of the champion's metric the challenger's may be worse."""
    sample_rows: Annotated[
        int,
        Field(ge=10, le=10_000),
        Must(
            "be between 10 and 10000",
            'gate = { metric = "validation:mse", max_regression = 0.10, sample_rows = 2000 }',
        ),
    ] = 1_000
    """How many rows of the holdout the champion is asked to predict, at most."""
    advance_on_reject: Annotated[
        bool, Must("be true or false", 'gate = { metric = "validation:mse", max = 60, advance_on_reject = true }')
    ] = False
    """Whether the watermark moves when a model is rejected: if not, later runs train on the same days again."""
