"""The stores of the embedded cloud in this process, empty before and after a test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from ministack.services import cloudwatch
from ministack.services import cloudwatch_logs as logs

from refit.embedded_cloud.sagemaker import store as sagemaker
from refit.embedded_cloud.slack import channels
from refit.embedded_cloud.step_functions import store as states


@pytest.fixture
def stores() -> Iterator[None]:
    empty()
    yield
    empty()


def empty() -> None:
    states.clear()
    sagemaker.clear()
    channels.reset()
    logs.reset()
    cloudwatch.reset()
