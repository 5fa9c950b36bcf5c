"""A child process receives each interrupt once, and Refit waits until it has ended."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial

import pytest

INTERRUPTED = """
import pathlib, subprocess, sys
from refit.terraform import child_process

communicate = subprocess.Popen.communicate

def announced(*args, **kwargs):
    print("waiting", flush=True)
    return communicate(*args, **kwargs)

subprocess.Popen.communicate = announced
child = [sys.executable, "-c", sys.argv[1]]
child_process.run(child, cwd=pathlib.Path.cwd(), env={}, in_terminal=False, stdin=subprocess.DEVNULL)
"""


SLOW_TO_END = """
import signal, time
signals = []
signal.signal(signal.SIGINT, lambda *_: signals.append(1))
print("ready", flush=True)
while not signals:
    time.sleep(0.01)
time.sleep(0.5)
print(f"ended after {len(signals)} signals", flush=True)
"""


@pytest.fixture
def interrupted() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", INTERRUPTED, SLOW_TO_END]
    # A shell that runs the tests in the background has them ignore Ctrl-C, and what they start with them.
    heeding = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, preexec_fn=heeding) as process:
        yield process
        process.kill()


def test_an_interrupt_reaches_the_child_once_and_its_end_is_waited_for(interrupted: subprocess.Popen[str]) -> None:
    assert interrupted.stdout is not None
    # The interrupt must come when the child handles signals and its parent waits for it.
    assert {interrupted.stdout.readline() for _ in range(2)} == {"ready\n", "waiting\n"}

    interrupted.send_signal(signal.SIGINT)
    out, err = interrupted.communicate(timeout=60)

    assert out == "waiting\nended after 1 signals\n"
    assert "KeyboardInterrupt" in err
