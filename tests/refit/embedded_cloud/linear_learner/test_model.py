"""A model file that cannot be loaded is rejected."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.embedded_cloud import linear_learner
from refit.embedded_cloud.instance.algorithm import (
    CannotLoad,
)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "does not contain model_algo-1"),
        ("not json", "is not a model"),
        ('{"format": "other", "predictor_type": "regressor"}', "is not a model"),
        ('{"format": "refit-linear-learner-1", "predictor_type": "regressor"}', "is not a model"),
        (
            '{"format": "refit-linear-learner-1", "predictor_type": "regressor", "mean": [0, 0], "scale": [1],'
            ' "weights": [1], "intercept": 0}',
            "is damaged",
        ),
        (
            '{"format": "refit-linear-learner-1", "predictor_type": "multiclass_classifier", "mean": [0], "scale": [1],'
            ' "weights": [[1, 2]], "intercept": [0, 0, 0]}',
            "is damaged",
        ),
    ],
)
def test_a_folder_without_a_sound_model_cannot_be_loaded(tmp_path: Path, content: str | None, expected: str) -> None:
    if content is not None:
        (tmp_path / "model_algo-1").write_text(content)
    with pytest.raises(CannotLoad, match=expected):
        linear_learner.load(tmp_path)
