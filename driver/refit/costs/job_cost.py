"""Computes the cost of a training job."""

from __future__ import annotations

from dataclasses import dataclass

from refit.costs.prices import Prices
from refit.pipeline.model import Pipeline


@dataclass(frozen=True)
class JobCost:
    """The price of a training job: US dollars per hour for all its instances; None is unknown."""

    training_hour: float | None

    @classmethod
    def of(cls, pipeline: Pipeline, prices: Prices | None) -> JobCost:
        """The price of the instances that the pipeline file has now, because run records do not contain the job's."""
        price = prices.training_hour.get(pipeline.training.instance_type) if prices else None
        return cls(None if price is None else price * pipeline.training.instance_count)

    def cost(self, billable_seconds: int | None) -> float | None:
        """The cost in US dollars. Each instance is billed for these seconds: BillableTimeInSeconds is wall-clock time.

        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
        """
        if self.training_hour is None or billable_seconds is None:
            return None
        return round(self.training_hour * billable_seconds / 3600, 6)
