"""Starts, stops and resets the embedded cloud of a state directory.

The cloud is one detached process (refit.embedded_cloud.server) that listens on one socket of 127.0.0.1. `cloud.json`
says where it is (refit.embedded_cloud.client).
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from refit.embedded_cloud.client import Cloud, at_port, keeping_state, running
from refit.embedded_cloud.server import environment
from refit.errors import CloudError

__all__ = ["Cloud", "reset", "running", "start", "stop"]

DEFAULT_PORT = 4566
DEFAULT_REGION = "us-west-2"
START_SECONDS = 60.0
# How long a stranger at a port that is wanted may take to say that it is an embedded cloud.
STRANGER_SECONDS = 1.0
LOG_TAIL_LINES = 15
LOG = "cloud.log"
STOP_SECONDS = 30.0

Started = subprocess.Popen[bytes]

# Processes that this one has started: only their parent can learn that they have ended.
_children: dict[int, Started] = {}


@keeping_state()
def start(state_dir: Path, port: int = DEFAULT_PORT, *, extra_env: Mapping[str, str] | None = None) -> Cloud:
    """Starts the cloud of `state_dir`, or returns the one that runs already (on whatever port it has).

    Port 0 takes any free one. `extra_env` adds to the process's environment (AWS_REGION sets its region, us-west-2
    otherwise). Returns once it serves, with the Terraform state bucket and the Slack token in place. Raises CloudError
    when the `local` extra is not installed, the folder cannot be written to, the port is taken, or it does not come up;
    then nothing is left running.
    """
    if importlib.util.find_spec("ministack") is None:
        raise CloudError("the embedded cloud is not installed", "run: make setup")
    state_dir = state_dir.resolve()
    for folder in (state_dir, state_dir / "state", state_dir / "s3"):
        folder.mkdir(parents=True, exist_ok=True)
    with _locked(state_dir):
        already = running(state_dir)
        if already:
            return already
        with _bound(port) as listener:
            return _launch(state_dir, listener, extra_env or {})


@keeping_state()
def stop(state_dir: Path) -> bool:
    """Stops the cloud of `state_dir`, which saves its state first. Returns whether there was one.

    A cloud that does not end in time is killed.
    """
    state_dir = state_dir.resolve()
    if not state_dir.exists():
        return False
    with _locked(state_dir):
        cloud = running(state_dir)
        if cloud:
            _end(cloud.pid)
        (state_dir / "cloud.json").unlink(missing_ok=True)
    return cloud is not None


@keeping_state()
def reset(state_dir: Path) -> None:
    """Stops the cloud of `state_dir` and removes everything that it has kept."""
    stop(state_dir)
    for kept in ("state", "s3", "tmp"):
        shutil.rmtree(state_dir / kept, ignore_errors=True)
    for file in ("cloud.json", LOG, "cloud.lock"):
        (state_dir / file).unlink(missing_ok=True)


@contextlib.contextmanager
def _locked(state_dir: Path) -> Iterator[None]:
    """One start or stop of a directory's cloud at a time, whatever process asks."""
    with (state_dir / "cloud.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    """A socket bound to the port before anything is started, so that a taken port leaves nothing half-made."""
    if not 0 <= port <= 65535:
        raise CloudError(f"there is no port {port}", f"write one from 1 to 65535: refit local up --port {DEFAULT_PORT}")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            owner = at_port(port, STRANGER_SECONDS)
            by = f" by the embedded cloud of {owner.state_dir}" if owner else ""
            reason = f"port {port} is taken{by}" if owner or _answers(port) else f"port {port} cannot be used: {error}"
            free = f"refit local up --port {port % 65535 + 1}"
            raise CloudError(reason, f"stop what listens there, or write another port: {free}") from error
        yield listener


def _launch(state_dir: Path, listener: socket.socket, extra: Mapping[str, str]) -> Cloud:
    port = listener.getsockname()[1]
    env = environment(state_dir, port, extra.get("AWS_REGION", DEFAULT_REGION), extra)
    started = _spawn(state_dir, listener.fileno(), env)
    try:
        cloud = _wait(started, port, state_dir)
        unfinished = state_dir / "cloud.json.new"
        unfinished.write_text(json.dumps({"port": port, "pid": cloud.pid, "region": cloud.region}) + "\n")
        unfinished.replace(state_dir / "cloud.json")
    except BaseException:  # Ctrl-C too
        _kill(started)
        raise
    return cloud


def _wait(started: Started, port: int, state_dir: Path) -> Cloud:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and started.poll() is None:
        cloud = at_port(port)
        if cloud and cloud.state_dir == state_dir:
            return cloud
        time.sleep(0.02)
    what = f"did not come up within {START_SECONDS:.0f} s" if started.poll() is None else "ended while it started"
    log = state_dir / LOG
    tail = "\n".join(log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])
    raise CloudError(f"the embedded cloud {what}; the end of {log}:\n{tail}")


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _spawn(state_dir: Path, listener: int, env: Mapping[str, str]) -> Started:
    """Starts the server in a session of its own, on the socket of file descriptor `listener`, with a new log.

    What the last one has left in its folder for temporary files goes.
    """
    shutil.rmtree(state_dir / "tmp", ignore_errors=True)
    (state_dir / "tmp").mkdir()
    with (state_dir / LOG).open("wb") as log:
        started = subprocess.Popen(  # noqa: S603 - our own module, run by our own interpreter
            [sys.executable, "-P", "-m", "refit.embedded_cloud.server", str(state_dir), str(listener)],
            cwd=state_dir,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            pass_fds=[listener],
            start_new_session=True,
        )
    _children[started.pid] = started
    return started


def _kill(started: Started) -> None:
    """Ends a server that has not come up."""
    started.kill()
    started.wait()
    del _children[started.pid]


def _end(pid: int) -> None:
    """Asks a server to save its state and end, waits for that, and kills it when it takes longer than STOP_SECONDS.

    Raises CloudError when even that does not end it.
    """
    for stroke in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, stroke)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if _is_gone(pid):
                return
            time.sleep(0.02)
    raise CloudError(f"the embedded cloud (process {pid}) does not end")


def _is_gone(pid: int) -> bool:
    if pid in _children:
        if _children[pid].poll() is None:
            return False
        del _children[pid]
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    # In a container whose first process adopts orphans and never waits for them.
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False
