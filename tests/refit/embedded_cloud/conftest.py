"""Clouds with the settings of `refit local up`, and a state directory for a cloud that a test starts itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from refit.embedded_cloud import lifecycle


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    return {}


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    """A state directory whose cloud, if a test starts one, is stopped."""
    yield tmp_path / ".refit"
    lifecycle.stop(tmp_path / ".refit")
