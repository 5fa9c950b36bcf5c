"""A training job of XGBoost in a temporary folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.embedded_cloud.xgboost_job import Job


@pytest.fixture
def job(tmp_path: Path) -> Job:
    return Job(tmp_path)
