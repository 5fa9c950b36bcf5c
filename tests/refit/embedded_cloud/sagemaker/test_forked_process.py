"""The processes of jobs are forked: each has its own environment, exit status and end, whatever happens to the server.

They run Python's console (`python -m code`), which executes what it reads.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from refit.embedded_cloud.sagemaker import forked_process
from refit.embedded_cloud.sagemaker.forked_process import ForkedProcess, ForkServer
from tests.support.waiting import until

pytestmark = pytest.mark.skipif(not forked_process.IS_SUPPORTED, reason="elsewhere each job gets a new Python process")


@pytest.fixture(scope="module")
def server() -> Iterator[ForkServer]:
    server = ForkServer()
    yield server
    server.close()


def state(pid: int) -> str:
    """The state of a process: "Z" if it has ended and is not reaped yet, "" if it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def answer(process: ForkedProcess, code: str) -> str:
    """What the process prints when it executes a line of Python, and then ends."""
    process.stdin.write(f"{code}\n".encode())
    process.stdin.close()
    return process.stdout.read().decode()


def test_a_process_has_the_environment_of_its_job_and_leads_its_own_group(server: ForkServer) -> None:
    with server.fork("code", {"FIRST": "1"}) as first, server.fork("code", {"SECOND": "2"}) as second:
        assert "{'FIRST': '1'} True" in answer(first, "import os; print(dict(os.environ), os.getpgrp() == os.getpid())")
        assert "{'SECOND': '2'}" in answer(second, "import os; print(dict(os.environ))")
        assert (first.wait(), second.wait()) == (0, 0)


def test_its_exit_status_is_the_one_of_its_program(server: ForkServer) -> None:
    with server.fork("code", {}) as process:
        answer(process, "raise SystemExit(3)")
        assert process.wait() == 3
    with server.fork("refit.no_such_module", {}) as process:
        assert process.stdout.read() == b""
        assert process.wait() == 1


def test_it_has_no_other_job_s_pipes(server: ForkServer) -> None:
    with server.fork("code", {}) as first, server.fork("code", {}) as second:
        assert "done" in answer(first, "print('done')")  # its stdin would not end if the second one held it
        assert "[0, 1, 2]" in answer(second, "import os; print(sorted(map(int, os.listdir('/proc/self/fd')))[:-1])")


def test_the_server_has_one_thread_because_a_fork_copies_no_other(server: ForkServer) -> None:
    with server.fork("code", {}) as process:
        assert "Threads:\t1\n" in Path(f"/proc/{parent(process.pid)}/status").read_text()


def test_leaving_it_ends_it_and_the_programs_that_it_started(server: ForkServer) -> None:
    with server.fork("code", {"PATH": os.environ["PATH"]}) as process:
        process.stdin.write(b"import subprocess as s; p = s.Popen(['sleep', '600']); print('=', p.pid, flush=True)\n")
        program = int(process.stdout.readline().rpartition(b"=")[2])
    with pytest.raises(ProcessLookupError):
        os.kill(process.pid, 0)
    assert process.wait() == -signal.SIGKILL
    until(lambda: state(program), lambda found: found in ("", "Z"))


def test_a_new_server_takes_the_place_of_one_that_was_killed(server: ForkServer) -> None:
    with server.fork("code", {}) as orphan:
        os.kill(parent(orphan.pid), signal.SIGKILL)
        with server.fork("code", {}) as process:
            assert "fine" in answer(process, "print('fine')")
        assert orphan.wait() == -signal.SIGKILL
