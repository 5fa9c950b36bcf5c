"""`refit predict`: asks a pipeline's endpoint about rows of features."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from driver.aws import Aws, NotFound, calling
from driver.dataset import not_numbers
from driver.errors import InvalidData, Problem, RefitError

ROWS_A_REQUEST = 500
"""Well below InvokeEndpoint's 6 MB a request, whatever the number of features."""


@dataclass(frozen=True)
class Prediction:
    """The model's answer for one row; a classifier also names the label."""

    score: float
    label: float | None = None


def predict(aws: Aws, endpoint: str, rows: Sequence[str]) -> list[Prediction]:
    """The predictions for `rows` (comma-separated features, no label), in their order.

    Raises RefitError when there is no such endpoint or it cannot answer.
    """
    predictions: list[Prediction] = []
    for start in range(0, len(rows), ROWS_A_REQUEST):
        batch = rows[start : start + ROWS_A_REQUEST]
        try:
            with calling(f"ask the endpoint {endpoint}"):
                answer = aws.sagemaker_runtime.invoke_endpoint(
                    EndpointName=endpoint, ContentType="text/csv", Accept="application/json", Body="\n".join(batch)
                )
                document = json.loads(answer["Body"].read())
        except NotFound:
            raise RefitError(
                f"there is no endpoint {endpoint}", "it is made by the first run that deploys: refit status PIPELINE"
            ) from None
        predictions += [Prediction(item["score"], item.get("predicted_label")) for item in document["predictions"]]
    if len(predictions) != len(rows):
        raise RefitError(f"the endpoint {endpoint} answered {len(predictions)} predictions for {len(rows)} rows")
    return predictions


def check_rows(lines: Iterable[str], feature_dim: int, source: str) -> list[str]:
    """The rows among `lines` (empty lines are skipped). Raises InvalidData with every row that is not `feature_dim` numbers."""
    rows, problems = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) != feature_dim:
            problems.append(
                Problem(source, number, 1, f"{len(cells)} features, expected {feature_dim}", "write the features without the label")
            )
        else:
            problems += not_numbers(source, number, cells)
        rows.append(",".join(cells))
    if problems:
        raise InvalidData(problems)
    if not rows:
        raise RefitError(f"{source}: no rows", "give rows as arguments, with --file, or on standard input")
    return rows
