"""The status tables contain every status that SageMaker can return."""

from __future__ import annotations

import boto3
import pytest

from refit.domain.endpoint_status import ENDPOINT_STATES
from refit.domain.training_status import TRAINING_STATES


@pytest.mark.parametrize(
    ("shape", "verdicts"), [("TrainingJobStatus", TRAINING_STATES), ("EndpointStatus", ENDPOINT_STATES)]
)
def test_no_status_of_the_service_model_is_left_out(shape: str, verdicts: dict[str, str]) -> None:
    model = boto3.client("sagemaker", region_name="us-west-2").meta.service_model
    assert set(model.shape_for(shape).enum) == set(verdicts)
