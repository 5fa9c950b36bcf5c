"""SageMaker reads that are not consistent yet."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.aws_json.errors import ApiError
from refit.embedded_cloud.sagemaker.resources import EndpointConfig, Model, now
from refit.embedded_cloud.sagemaker.scope import Scope
from refit.embedded_cloud.strict.chance import Chance
from refit.embedded_cloud.strict.sagemaker_reads import SECONDS, late_metrics, late_names

SCOPE = Scope("000000000000", "us-west-2")
ALWAYS, NEVER = Chance("always", 1), Chance("never", 0)


def job(seconds: float, **members: Any) -> dict[str, Any]:
    """DescribeTrainingJob's response for a job that ended `seconds` ago."""
    reported = [{"MetricName": "train:mse", "Value": 1.0}]
    return {"TrainingJobArn": "arn:job", "TrainingEndTime": now() - seconds, "FinalMetricDataList": reported, **members}


def reported(seconds: float, chance: Chance) -> bool:
    return "FinalMetricDataList" in late_metrics(lambda *_: job(seconds), chance)({}, SCOPE)


def test_some_jobs_report_their_metrics_a_moment_after_their_end() -> None:
    assert not reported(0, ALWAYS)
    assert reported(2 * SECONDS, ALWAYS)
    assert reported(0, NEVER)


def test_metrics_that_were_late_stay_late_until_they_appear() -> None:
    half = Chance("half", 0.5)
    arns = [f"arn:{number}" for number in range(20)]
    described = late_metrics(lambda request, _: job(0, TrainingJobArn=request["arn"]), half)
    looks = [[("FinalMetricDataList" in described({"arn": arn}, SCOPE)) for arn in arns] for _ in range(3)]
    assert looks[0] == looks[1] == looks[2]
    assert 0 < sum(looks[0]) < 20


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        (Model, 'Could not find model "arn:aws:sagemaker:us-west-2:000000000000:model/prices".'),
        (
            EndpointConfig,
            'Could not find endpoint configuration "arn:aws:sagemaker:us-west-2:000000000000:endpoint-config/prices".',
        ),
    ],
)
def test_a_new_resource_may_not_be_found_by_the_first_that_uses_it(kind: Any, message: str) -> None:
    def create(age: float, chance: Chance) -> Any:
        created = now() - age
        made = kind(
            account=SCOPE.account, region=SCOPE.region, name="prices", created=created, modified=created, request={}
        )
        return late_names(lambda *_: {"Arn": "arn"}, lambda *_: [made], chance)

    at_once = create(0, ALWAYS)
    with pytest.raises(ApiError, match=message) as caught:
        at_once({}, SCOPE)
    assert caught.value.code == "ValidationException"
    assert at_once({}, SCOPE) == {"Arn": "arn"}
    assert create(2 * SECONDS, ALWAYS)({}, SCOPE) == {"Arn": "arn"}
    assert create(0, NEVER)({}, SCOPE) == {"Arn": "arn"}
