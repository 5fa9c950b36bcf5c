"""Two conditional writes of one object at the same time."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from refit.embedded_cloud.strict.conditional_writes import SECONDS, Writes, conflicting

PATH = "/homes/runs/prices/lease.json"
IF_NONE = {"if-none-match": "*"}


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def write(handle: Any, headers: dict[str, str], path: str = PATH) -> Any:
    return handle("PUT", path, headers, b"{}", {})


@pytest.mark.parametrize("headers", [IF_NONE, {"if-match": '"etag"'}])
def test_the_second_of_two_writes_at_a_time_is_a_conflict_and_may_be_repeated(headers: dict[str, str]) -> None:
    async def run() -> list[int]:
        going_on = asyncio.Event()

        async def slow(*_: Any) -> Any:
            await going_on.wait()
            return 200, {}, b""

        handle = conflicting(slow, Writes())
        first = asyncio.create_task(write(handle, IF_NONE))
        await asyncio.sleep(0)
        second = await write(handle, headers)
        assert b"<Code>ConditionalRequestConflict</Code>" in second[2]
        going_on.set()
        repeated = await write(handle, headers)
        return [(await first)[0], second[0], repeated[0]]

    assert asyncio.run(run()) == [200, 409, 200]


def test_a_write_right_after_another_is_a_conflict() -> None:
    clock = Clock()
    writes = Writes(clock)
    assert writes.begin(PATH)
    writes.end(PATH, written=True)
    clock.now = SECONDS / 2
    assert not writes.begin(PATH)
    assert writes.begin(PATH)
    writes.end(PATH, written=True)
    clock.now = 2 * SECONDS
    assert writes.begin(PATH)


def test_a_write_that_was_rejected_conflicts_with_no_other() -> None:
    writes = Writes(Clock())
    assert writes.begin(PATH)
    writes.end(PATH, written=False)
    assert writes.begin(PATH)


def test_other_requests_never_conflict() -> None:
    async def serve(*_: Any) -> Any:
        return 200, {}, b""

    async def run() -> list[int]:
        handle = conflicting(serve, Writes())
        replies = [await write(handle, IF_NONE), await write(handle, {}), await write(handle, IF_NONE, "/homes/other")]
        replies.append(await handle("GET", PATH, {"if-match": "x"}, b"", {}))
        return [status for status, _, _ in replies]

    assert asyncio.run(run()) == [200] * 4
