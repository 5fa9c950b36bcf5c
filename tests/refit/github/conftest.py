"""A GitHub server on 127.0.0.1, and an API client that does not wait between attempts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from refit import github
from tests.support.github_server import REPOSITORY, TOKEN, GitHub, serving


@pytest.fixture
def server() -> Iterator[GitHub]:
    with serving() as running:
        yield running


@pytest.fixture
def api(server: GitHub) -> github.Api:
    return github.Api(server.url, REPOSITORY, TOKEN, pause=0.001)
