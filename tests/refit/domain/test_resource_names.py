"""The names of a run's resources."""

from __future__ import annotations

import pytest

from refit.domain.resource_names import day_of, is_of_a_run, of_run

ARN = "arn:aws:states:us-west-2:123456789012:execution:refit-home-prices:run-1"
LONGEST = "p" * 32


def test_a_name_tells_the_pipeline_and_the_day_and_differs_from_run_to_run() -> None:
    assert of_run("home-prices", "2026-11-22", ARN) == of_run("home-prices", "2026-11-22", ARN)
    assert of_run("home-prices", "2026-11-22", ARN) != of_run("home-prices", "2026-11-22", f"{ARN}1")
    assert of_run("home-prices", "2026-11-22", ARN).startswith("home-prices-20261122-")
    assert day_of(of_run("home-prices", "2026-11-22", ARN)) == "2026-11-22"


def test_a_name_fits_sagemaker() -> None:
    assert len(of_run(LONGEST, "2026-11-22", ARN)) == 50


def test_the_name_of_a_run_is_known() -> None:
    assert is_of_a_run(of_run("home-prices", "2026-11-22", ARN), "home-prices")


@pytest.mark.parametrize(
    "name",
    [
        "by-hand",
        "home-prices",
        "home-prices-20261122-0A1B2C3D",
        "home-prices-2026-11-22-0a1b2c3d",
        "home-prices-20261122-0a1b2c3d-2",
        "home-prices-eu-20261122-0a1b2c3d",
        "homeXprices-20261122-0a1b2c3d",
        "home-20261122-0a1b2c3d",
        "home-prices-20261122-0a1b2c3d\n",
    ],
)
def test_a_name_that_no_run_of_the_pipeline_gave_is_known_too(name: str) -> None:
    assert not is_of_a_run(name, "home-prices")
