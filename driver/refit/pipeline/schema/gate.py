"""The gate section of a pipeline file: the quality that a new model must have to be deployed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from refit.domain.metrics import COMPUTED, HIGHER_IS_BETTER, LOWER_IS_BETTER, kind
from refit.pipeline.schema import value_types
from refit.pipeline.schema.base import Section, ValidationContext
from refit.pipeline.schema.constraints import Constraint, Violation
from refit.problem_codes import Code

EXAMPLE = 'gate = { metric = "validation:mse", max = 60, max_regression = 0.10 }'


class Gate(Section):
    """The quality that a newly trained model, the challenger, must have to be deployed. Otherwise the run ends in
    ModelRejected, and the live model, the champion, stays in service.

    `max` or `min` is a limit for every model, including the first. `max_regression` compares the challenger with the
    champion, which predicts rows of the holdout: both are measured on the same days.
    """

    metric: Annotated[
        value_types.MetricName,
        Constraint("be a metric name of at most 255 letters, digits and _ . : / @ -", EXAMPLE, Code.BAD_NAME),
    ]
    """The metric that is checked, as the training job reports it; `validation:…` is measured on the holdout."""
    max: Annotated[
        value_types.Number | None, Constraint("be a number", 'gate = { metric = "validation:mse", max = 60 }')
    ] = None
    """The highest value that passes, for a metric where lower is better."""
    min: Annotated[
        value_types.Number | None,
        Constraint("be a number", 'gate = { metric = "validation:binary_classification_accuracy", min = 0.9 }'),
    ] = None
    """The lowest value that passes, for a metric where higher is better."""
    max_regression: Annotated[
        value_types.Number | None,
        Field(ge=0),
        Constraint("be 0 or more, 0.10 for ten percent", 'gate = { metric = "validation:mse", max_regression = 0.10 }'),
    ] = None
    """How much worse the challenger's metric may be than the champion's, as a fraction of the champion's metric."""
    sample_rows: Annotated[
        int,
        Field(ge=10, le=10_000),
        Constraint(
            "be between 10 and 10000",
            'gate = { metric = "validation:mse", max_regression = 0.10, sample_rows = 2000 }',
        ),
    ] = 1_000
    """The maximum number of holdout rows that the champion predicts."""
    on_incomparable: Annotated[
        Literal["reject", "accept"],
        Constraint(
            'be "reject" or "accept"',
            'gate = { metric = "validation:mse", max_regression = 0.10, on_incomparable = "accept" }',
        ),
    ] = "reject"
    """What happens to a challenger that cannot be compared with the champion, for example because the endpoint does not
    respond or the champion was trained on other columns: it is rejected, or only `max` or `min` applies. Without a
    live model, as before the first deployment, there is nothing to compare, and only `max` or `min` applies, too."""
    advance_on_reject: Annotated[
        bool, Constraint("be true or false", 'gate = { metric = "validation:mse", max = 60, advance_on_reject = true }')
    ] = False
    """Whether the watermark advances when a model is rejected; if not, later runs train on the same days again."""

    @property
    def on_holdout(self) -> bool:
        return self.metric.startswith("validation:")

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        if self.max is None and self.min is None and self.max_regression is None:
            message = "gate must have a limit: max, min or max_regression"
            yield Violation((), Code.GATE_OPEN, message, f"write {EXAMPLE}")
        if self.max is not None and self.min is not None:
            message = "gate.max and gate.min cannot be combined"
            yield Violation(("min",), Code.GATE_MIXED, message, "keep max if lower is better, min if higher is better")
        elif self.max is not None and kind(self.metric) in HIGHER_IS_BETTER:
            message = f"gate.max has the wrong direction: higher {self.metric} is better"
            yield Violation(("max",), Code.GATE_DIRECTION, message, f"write min = {self.max:.15g}")
        elif self.min is not None and kind(self.metric) in LOWER_IS_BETTER:
            message = f"gate.min has the wrong direction: lower {self.metric} is better"
            yield Violation(("min",), Code.GATE_DIRECTION, message, f"write max = {self.min:.15g}")
        yield from self._regression_rules()

    def _regression_rules(self) -> Iterator[Violation]:
        if self.max_regression is None:
            for name in ("sample_rows", "on_incomparable"):
                if name in self.model_fields_set:
                    message = f"gate.{name} has no effect without max_regression"
                    yield Violation((name,), Code.UNUSED_FIELD, message, "remove it, or add max_regression = 0.10")
            return
        measured = kind(self.metric)
        if measured not in COMPUTED:
            message = f"gate.max_regression needs a metric that can be computed from predictions, got {self.metric}"
            names = ", ".join(COMPUTED)
            yield Violation(("metric",), Code.GATE_METRIC, message, f"write validation: and one of {names}")
        elif not self.on_holdout:
            message = f"gate.max_regression needs a metric that is measured on the holdout, got {self.metric}"
            yield Violation(("metric",), Code.GATE_METRIC, message, f'write metric = "validation:{measured}"')
        elif measured in HIGHER_IS_BETTER and self.max_regression >= 1:
            message = f"gate.max_regression must be below 1 where higher is better, got {self.max_regression:.15g}"
            hint = "write max_regression = 0.10 for ten percent: with 1 or more, no model would be rejected"
            yield Violation(("max_regression",), Code.GATE_OPEN, message, hint)
