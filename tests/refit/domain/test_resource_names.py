"""The names of a run's resources."""

from __future__ import annotations

import pytest

from refit.domain.resource_names import day_of, is_of_a_run, of_run, with_day

ARN = "arn:aws:states:us-west-2:123456789012:execution:refit-home-prices:run-1"
START, LATER = "2026-11-22T06:00:00.000Z", "2026-11-23T06:00:00.000Z"
LONGEST = "p" * 32


def test_a_name_tells_the_pipeline_and_the_day_and_differs_from_run_to_run() -> None:
    assert of_run("home-prices", "2026-11-22", ARN, START) == of_run("home-prices", "2026-11-22", ARN, START)
    assert of_run("home-prices", "2026-11-22", ARN, START) != of_run("home-prices", "2026-11-22", f"{ARN}1", START)
    assert of_run("home-prices", "2026-11-22", ARN, START).startswith("home-prices-20261122-")
    assert day_of(of_run("home-prices", "2026-11-22", ARN, START)) == "2026-11-22"


def test_an_execution_of_a_new_state_machine_with_an_old_name_is_another_run() -> None:
    """The name of a training job is never free again, and the model of the old job may have been deleted."""
    assert of_run("home-prices", "2026-11-22", ARN, START) != of_run("home-prices", "2026-11-22", ARN, LATER)


def test_a_run_keeps_its_name_for_another_day() -> None:
    name = of_run("home-prices", "2026-11-22", ARN, START)
    assert with_day(name, "2026-11-20") == of_run("home-prices", "2026-11-20", ARN, START)


def test_a_name_fits_sagemaker() -> None:
    assert len(of_run(LONGEST, "2026-11-22", ARN, START)) == 50


def test_the_name_of_a_run_is_known() -> None:
    assert is_of_a_run(of_run("home-prices", "2026-11-22", ARN, START), "home-prices")


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
