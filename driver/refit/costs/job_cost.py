"""What a training job costs."""

from __future__ import annotations

from dataclasses import dataclass

from refit.costs.prices import Prices
from refit.pipeline.model import Pipeline


@dataclass(frozen=True)
class JobCost:
    """What a training job costs: US dollars an hour, all its instances together; None is unknown."""

    training_hour: float | None

    @classmethod
    def of(cls, pipeline: Pipeline, prices: Prices | None) -> JobCost:
        """By the instances that the pipeline's file names now: records do not tell on which a job ran."""
        price = prices.training_hour.get(pipeline.training.instance_type) if prices else None
        return cls(None if price is None else price * pipeline.training.instance_count)

    def cost(self, billable_seconds: int | None) -> float | None:
        """Each instance is billed for these seconds: BillableTimeInSeconds is wall-clock time.

        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeTrainingJob.html
        """
        if self.training_hour is None or billable_seconds is None:
            return None
        return round(self.training_hour * billable_seconds / 3600, 6)
