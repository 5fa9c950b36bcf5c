"""The final metrics of a training job, as DescribeTrainingJob returns them."""

from __future__ import annotations

from refit.embedded_cloud.sagemaker.resources import Json, TrainingJob


def visible(job: TrainingJob) -> list[Json]:
    """FinalMetricDataList as of now; empty as long as no metric can be seen. The store's lock must be held."""
    return [{"MetricName": name, "Value": value, "Timestamp": job.modified} for name, value in job.metrics.items()]
