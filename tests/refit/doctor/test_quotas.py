"""The account's quotas, compared with the instances that a pipeline needs."""

from __future__ import annotations

from typing import Any

import pytest

from refit.aws.session import Aws
from refit.doctor import quotas
from refit.doctor.credentials import Access
from refit.doctor.results import Check, Status
from refit.pipeline import files
from refit.project import PipelineRef
from tests.support.aws_server import AwsServer, Refusal

FOUR = 'endpoint = { instance_count = 4, deployment = { strategy = "rolling", batch_percent = 25 } }\n'


def check(ref: PipelineRef, aws: Aws, more: str = "") -> list[Check]:
    ref.path.write_text(ref.path.read_text() + more)
    return list(quotas.check(files.load(ref), aws))


def listing(**values: float) -> dict[str, Any]:
    """Quotas by instance type and use: `training`, `endpoint`."""
    names = {"training": "ml.m5.xlarge for training job usage", "endpoint": "ml.m5.large for endpoint usage"}
    quotas = [{"QuotaName": names[use], "QuotaCode": f"L-{use}", "Value": value} for use, value in values.items()]
    return {"Quotas": quotas}


def answer(server: AwsServer, defaults: dict[str, Any], applied: dict[str, Any]) -> None:
    server.answers |= {"ListAWSDefaultServiceQuotas": defaults, "ListServiceQuotas": applied}


def test_enough_of_both(ref: PipelineRef, access: Access, server: AwsServer) -> None:
    answer(server, listing(training=0, endpoint=0), listing(training=1, endpoint=2))
    training, endpoint = check(ref, access.aws)
    assert (training.status, endpoint.status) == (Status.OK, Status.OK)
    assert training.detail == "ml.m5.xlarge for training job usage: 1, and this pipeline needs 1"


def test_a_deployment_runs_both_fleets(ref: PipelineRef, access: Access, server: AwsServer) -> None:
    answer(server, listing(training=1, endpoint=1), {"Quotas": []})
    _, endpoint = check(ref, access.aws)
    assert endpoint.status is Status.NOT_OK
    assert endpoint.detail == "ml.m5.large for endpoint usage: 1, but this pipeline needs 2"
    assert endpoint.fix == (
        "aws service-quotas request-service-quota-increase --service-code sagemaker "
        "--quota-code L-endpoint --desired-value 2 --region us-west-2"
    )


@pytest.mark.parametrize(("quota", "status"), [(5, Status.OK), (4, Status.NOT_OK)])
def test_a_rolling_deployment_adds_one_batch(
    ref: PipelineRef, access: Access, server: AwsServer, quota: int, status: Status
) -> None:
    answer(server, listing(training=1, endpoint=quota), {"Quotas": []})
    _, endpoint = check(ref, access.aws, FOUR)
    assert endpoint.status is status


def test_the_applied_value_counts_and_not_the_default(ref: PipelineRef, access: Access, server: AwsServer) -> None:
    answer(server, listing(training=8, endpoint=8), listing(training=0))
    training, endpoint = check(ref, access.aws)
    assert (training.status, endpoint.status) == (Status.NOT_OK, Status.OK)


def test_a_quota_that_aws_does_not_list_is_not_called_ok(ref: PipelineRef, access: Access, server: AwsServer) -> None:
    answer(server, listing(training=1), {"Quotas": []})
    _, endpoint = check(ref, access.aws)
    assert endpoint.status is Status.NOT_CHECKED


def test_every_page_is_read(ref: PipelineRef, access: Access, server: AwsServer) -> None:
    def pages(parameters: dict[str, Any]) -> dict[str, Any]:
        return listing(endpoint=2) if "NextToken" in parameters else {**listing(training=1), "NextToken": "more"}

    server.answers |= {"ListAWSDefaultServiceQuotas": pages, "ListServiceQuotas": {"Quotas": []}}
    assert [each.status for each in check(ref, access.aws)] == [Status.OK, Status.OK]


def test_a_refusal_is_not_called_ok(ref: PipelineRef, access: Access, server: AwsServer) -> None:
    answer(server, listing(training=1, endpoint=2), Refusal("AccessDeniedException", 400))  # type: ignore[arg-type]
    checks = check(ref, access.aws)
    assert [each.status for each in checks] == [Status.NOT_CHECKED, Status.NOT_CHECKED]
    assert all("AccessDeniedException" in each.detail for each in checks)


def test_the_embedded_cloud_is_not_checked(ref: PipelineRef, aws: Aws) -> None:
    checks = check(ref, aws)
    assert [each.status for each in checks] == [Status.NOT_CHECKED, Status.NOT_CHECKED]
