"""Builds the status of a pipeline without problems."""

from __future__ import annotations

from datetime import UTC, date, datetime

from refit.aws.endpoint import EndpointStatus, Variant
from refit.domain import endpoint_config
from refit.live.status import PipelineStatus, RunStatus

NAME = "prices-20261121-0a1b2c3d"


RUN = RunStatus(
    "daily-1", "Deployed", "7 of 7 days have data", datetime(2026, 11, 22, 6, 0, 5, tzinfo=UTC), 431.2, succeeded=True
)


def variant(running: int) -> Variant:
    settings = {"instance_type": "ml.m5.large", "instance_count": 2}
    (identity,) = endpoint_config.identity(endpoint_config.request(NAME, NAME, settings))
    return Variant(identity, running)


SOUND = PipelineStatus(
    "prod/prices",
    applied=True,
    watermark="2026-11-21",
    newest=date(2026, 11, 21),
    age_days=1,
    run=RUN,
    endpoint=EndpointStatus("prices", "InService", "", NAME, (variant(running=2),)),
)
