"""Measures how long the embedded cloud answers no request while it saves its state, after 0, 200 and 1,000 runs.

The stores are filled with what a run of the example pipeline leaves. Prints the longest stand-still of the event loop
and the bytes written, for the first save of everything and for a save after one more run. The disk's speed decides how
long a save takes, but not how long the cloud stands still. Exits with 1 if that is longer than its budget.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from refit.embedded_cloud import sagemaker
from refit.embedded_cloud.saved_state import log_streams, metrics, retention
from refit.embedded_cloud.saved_state.saver import Saver
from refit.embedded_cloud.slack import api as slack
from refit.embedded_cloud.step_functions import service as states
from tests.support.embedded_cloud import saved_runs

RUNS = (0, 200, 1000)
BUDGET_MS = 100.0
HEARTBEAT_SECONDS = 0.001
# What a run of local/home-prices leaves, with direct orchestration.
EVENTS, LOG_STREAMS, DATA_POINTS, MESSAGES = 148, 10, 9, 4
DEFINITION = "x" * 68_518
SERVICES = {
    "cloudwatch": metrics,
    "cloudwatch_logs": log_streams,
    "refit_slack": slack,
    "sagemaker": sagemaker,
    "states": states,
}


@dataclass(frozen=True)
class Saved:
    """A save: its longest stand-still and its duration in milliseconds, and the bytes that it wrote."""

    longest_ms: float
    duration_ms: float
    bytes_written: int


def main() -> int:
    print(f"{'runs':>6}{'':>4}{'stands still ms':>16}{'takes ms':>12}{'bytes':>14}")
    slow = False
    for runs in RUNS:
        for number in range(runs):
            add_run(f"run-{runs}-{number}", time.time() - 60.0 * (runs - number))
        with tempfile.TemporaryDirectory() as folder:
            for title, saved in asyncio.run(measure(Path(folder), runs)).items():
                slow |= saved.longest_ms > BUDGET_MS
                figures = f"{saved.longest_ms:>16.0f}{saved.duration_ms:>12.0f}{saved.bytes_written:>14,}"
                print(f"{runs:>6,} {title:<3}{figures}")
        for module in (states, sagemaker, slack):
            module.reset()
        saved_runs.logs.reset()
        saved_runs.cloudwatch.reset()
    return int(slow)


def add_run(name: str, at: float) -> None:
    """Adds what one run leaves."""
    saved_runs.add_execution(name, at, events=EVENTS, definition=DEFINITION)
    saved_runs.add_job(name, at)
    for number in range(LOG_STREAMS):
        saved_runs.add_log_stream(f"group-{number % 5}", f"{name}-{number}", at)
    for metric in ("Invocations", "Errors", "Throttles", "Duration"):
        saved_runs.add_data_points(metric, DATA_POINTS, at)
    saved_runs.add_messages(MESSAGES)


async def measure(folder: Path, runs: int) -> dict[str, Saved]:
    """The first save of everything, and a save after one more run."""
    saver = Saver(folder, lambda: dict(SERVICES))
    found = {"all": await save(saver)}
    add_run(f"one-more-{runs}", time.time())
    found["+1"] = await save(saver)
    return found


async def save(saver: Saver) -> Saved:
    """Saves while a task of the same event loop measures how long it could not run.

    In CPU time of the process, in which the load of the machine has little influence.
    """
    longest = 0.0

    async def beat() -> None:
        nonlocal longest
        while True:
            began = time.process_time()
            await asyncio.sleep(HEARTBEAT_SECONDS)
            longest = max(longest, time.process_time() - began)

    beating = asyncio.create_task(beat())
    await asyncio.sleep(0.01)
    before, began = saver.bytes_written, time.monotonic()
    retention.forget()
    await saver.save()
    duration = time.monotonic() - began
    await asyncio.sleep(0.01)
    beating.cancel()
    return Saved(longest * 1000, duration * 1000, saver.bytes_written - before)


if __name__ == "__main__":
    sys.exit(main())
