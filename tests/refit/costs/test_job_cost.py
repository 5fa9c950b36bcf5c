"""The cost of a training job: the price of all its instances for the seconds that AWS bills."""

from __future__ import annotations

from refit.costs.job_cost import JobCost
from refit.costs.prices import Prices
from refit.pipeline.model import Pipeline

PIPELINE = Pipeline.model_validate(
    {
        "pipeline": "prices",
        "data": {"prefix": "data/prices/", "feature_dim": 13},
        "training": {"instance_type": "ml.m5.xlarge", "instance_count": 3},
    }
)


def test_every_instance_is_billed_for_the_seconds_of_the_job() -> None:
    job = JobCost.of(PIPELINE, Prices(training_hour={"ml.m5.xlarge": 0.6}))
    assert job.cost(600) == 0.3
    assert job.cost(0) == 0.0


def test_a_cost_without_its_price_or_its_seconds_is_unknown() -> None:
    assert JobCost.of(PIPELINE, None).cost(600) is None
    assert JobCost.of(PIPELINE, Prices(training_hour={"ml.m5.large": 0.1})).cost(600) is None
    assert JobCost.of(PIPELINE, Prices(training_hour={"ml.m5.xlarge": 0.6})).cost(None) is None
