"""The status machine of a processing job."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.sagemaker import processing_statuses
from refit.embedded_cloud.sagemaker.resources import ProcessingJob


def job(*statuses: str) -> ProcessingJob:
    found = ProcessingJob(account="0" * 12, region="us-west-2", name="check", created=1.0, modified=1.0, request={})
    for at, status in enumerate(("InProgress", *statuses), start=1):
        assert processing_statuses.enter(found, status, float(at))
    return found


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped"])
def test_an_end_is_final(status: str) -> None:
    ended = job(status)
    assert processing_statuses.is_final(ended)
    assert (ended.ended, ended.modified) == (2.0, 2.0)
    for other in processing_statuses.NEXT:
        assert not processing_statuses.enter(ended, other, 9.0)
    assert (processing_statuses.primary(ended), ended.modified) == (status, 2.0)


def test_a_job_that_is_stopping_can_only_become_stopped() -> None:
    stopping = job("Stopping")
    assert not processing_statuses.is_final(stopping)
    assert stopping.ended is None
    for other in ("InProgress", "Stopping", "Completed", "Failed"):
        assert not processing_statuses.enter(stopping, other, 9.0, "why")
    assert processing_statuses.enter(stopping, "Stopped", 9.0)
    assert (stopping.ended, stopping.failure_reason) == (9.0, "")


def test_a_reason_has_at_most_1024_characters() -> None:
    failed = job()
    processing_statuses.enter(failed, "Failed", 2.0, "x" * 2000)
    assert failed.failure_reason == "x" * 1024
