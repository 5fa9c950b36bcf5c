"""Serves programs from a temporary folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.embedded_cloud.served_program import Server


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)
