"""What the tests of evaluation share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.errors import StatesError

Failure = tuple[str | None, str | None, str | None]


@pytest.fixture
def failure() -> Callable[..., Failure]:
    """Calls something that must fail, and gives the error, the cause and the location."""

    def of(call: Callable[..., Any], *arguments: Any, **named: Any) -> Failure:
        with pytest.raises(StatesError) as raised:
            call(*arguments, **named)
        return raised.value.error, raised.value.cause, raised.value.location

    return of
