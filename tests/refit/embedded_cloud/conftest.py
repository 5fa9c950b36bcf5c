"""The clouds of this folder run as they do for a person."""

from __future__ import annotations

from collections.abc import Mapping

import pytest


@pytest.fixture(scope="module")
def cloud_settings() -> Mapping[str, str]:
    return {}
