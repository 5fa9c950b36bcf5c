"""Reads of what was just created."""

from __future__ import annotations

import pytest

from refit.aws import visibility
from refit.aws.visibility import until_found
from refit.errors import AwsError, NotFound


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visibility, "PAUSE_SECONDS", 0)
    monkeypatch.setattr(visibility, "WAIT_SECONDS", 0.05)


def test_it_is_read_until_it_is_found() -> None:
    answers = [NotFound("not yet"), NotFound("not yet"), "found"]

    def read() -> str:
        answer = answers.pop(0)
        if isinstance(answer, NotFound):
            raise answer
        return answer

    assert until_found(read) == "found"


def test_it_is_not_read_for_ever() -> None:
    def read() -> str:
        raise NotFound("no run daily-1")

    with pytest.raises(NotFound, match="no run daily-1"):
        until_found(read)


def test_any_other_error_is_raised_at_once() -> None:
    calls = []

    def read() -> str:
        calls.append(1)
        raise AwsError("denied")

    with pytest.raises(AwsError, match="denied"):
        until_found(read)
    assert len(calls) == 1
