"""Names of data, formats and input modes of a pipeline file that nothing could read, each with its problem code."""

from __future__ import annotations

from typing import Any


def data(**fields: Any) -> dict[str, Any]:
    return {"data": {"prefix": "data/home-prices/train/", "feature_dim": 13, **fields}}


FORMATS: list[tuple[dict[str, Any], str]] = [
    (data(ready=""), "bad-name"),
    (data(ready="done/_SUCCESS"), "bad-name"),
    (data(layout=["%Y-%m-%d/"]), "wrong-type"),
    (data(ready="_SUCCESS", layout="%Y%m%d.csv"), "bad-layout"),
    (data(format="orc"), "not-a-choice"),
    (data(format="recordio", feature_dim=1, schema=[{"name": "y"}, {"name": "x"}]), "not-readable"),
    (data(format="parquet"), "not-readable"),
    (data(format="jsonlines"), "not-readable"),
    (data(format="csv.gz"), "not-readable"),
    (data(content_type="text/libsvm"), "not-readable"),
    (data(content_type="text"), "bad-value"),
    (data(content_type="text/csv", format="csv"), "unused-field"),
    ({"training": {"input_mode": "Stream"}}, "not-a-choice"),
    ({"training": {"input_mode": "FastFile"}}, "not-readable"),
]
