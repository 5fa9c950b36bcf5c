"""Counts, sizes and metrics, formatted for users."""

from __future__ import annotations

import pytest

from refit.domain.formatting import figure, metrics, size


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (9_949, "9.9 kB"),
        (9_960, "10 kB"),
        (28_040, "28 kB"),
        (999_499, "999 kB"),
        (999_501, "1.0 MB"),
        (1_234_567, "1.2 MB"),
        (10**16, "10,000 TB"),
    ],
)
def test_sizes(count: int, text: str) -> None:
    assert size(count) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (21.4, "21.4"),
        (0.873412, "0.8734"),
        (999.96, "1000"),
        (1234.56, "1,235"),
        (-1_234_567.8, "-1,235,000"),
        (1.5e20, "1.5e+20"),
        (0.00001234567, "1.235e-05"),
    ],
)
def test_figures_have_four_digits(value: float, text: str) -> None:
    assert figure(value) == text


@pytest.mark.parametrize(
    ("reported", "sentence"),
    [
        (
            {
                "train:objective_loss": 22.0,
                "train:mse": 22.0,
                "train:absolute_loss": 3.4,
                "validation:objective_loss": 23.456,
                "validation:mse": 23.456,
                "validation:absolute_loss": 3.45678,
            },
            "On the held-out days: mse 23.46, absolute loss 3.457.",
        ),
        (
            {"train:objective_loss": 22.0, "train:mse": 22.0, "train:progress": 100.0, "train:throughput": 812.3},
            "On the training days: mse 22.",
        ),
        (
            {
                "validation:objective_loss:final": 0.3,
                "validation:binary_f_beta": 0.9,
                "validation:recall": 0.7,
                "validation:precision": 0.8,
                "validation:binary_classification_accuracy": 0.91234,
            },
            "On the held-out days: binary classification accuracy 0.9123, binary f beta 0.9, precision 0.8.",
        ),
        ({"validation:objective_loss": 0.31, "train:mse": 2.0}, "On the held-out days: objective loss 0.31."),
        ({"rmse": 4.6, "a": 1.0, "b": 2.0, "z": 3.0}, "Measured: rmse 4.6, a 1, b 2."),
        ({"train:progress": 100.0}, ""),
        ({}, ""),
    ],
)
def test_the_most_important_metrics_are_shown(reported: dict[str, float], sentence: str) -> None:
    assert metrics(reported) == sentence
