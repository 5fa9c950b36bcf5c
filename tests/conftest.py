"""Which tests stay together when several processes share them, as `make test` has it (pytest-xdist)."""

from __future__ import annotations

from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling


class ByStory(LoadScopeScheduling):
    """A file's tests share its fixtures, and some tell a story: they go to one process, in their order.

    A story that is told of both orchestrations is two.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        return f"{file} polling" if "[polling" in test else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByStory:
    return ByStory(config, log)
