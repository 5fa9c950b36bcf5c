"""Starts, stops and resets the embedded cloud of a state directory.

The cloud is one detached process (refit.embedded_cloud.server) that listens on one socket of 127.0.0.1. Its port is in
`cloud.json`, which refit.embedded_cloud.client reads.
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

from refit.embedded_cloud import startup
from refit.embedded_cloud.client import DEFAULT_PORT, INSTALL, Cloud, at_port, running, state_errors
from refit.embedded_cloud.server import environment
from refit.embedded_cloud.settings_check import check as check_settings
from refit.errors import CloudError

__all__ = ["Cloud", "reset", "running", "start", "stop"]

DEFAULT_REGION = "us-west-2"
START_SECONDS = 60.0
# The time limit for the program on a taken port to identify itself as an embedded cloud.
IDENTIFY_SECONDS = 1.0
LOG_TAIL_LINES = 15
LOG = "cloud.log"
STOP_SECONDS = 30.0

Process = subprocess.Popen[bytes]

# Server processes started by this process: only the parent can see that a child has ended.
_children: dict[int, Process] = {}


@state_errors()
def start(state_dir: Path, port: int = DEFAULT_PORT, *, extra_env: Mapping[str, str] | None = None) -> Cloud:
    """Starts the cloud of `state_dir`, or returns the one that is already running, on any port.

    Port 0 selects a free port. `extra_env` is added to the process's environment; AWS_REGION in it sets the region, by
    default us-west-2. Returns once the cloud serves requests and the Terraform state bucket and the Slack token exist.
    Raises CloudError if the extra `local` is not installed, a setting is invalid, the folder is not writable, the port
    is taken, the saved state is damaged, or the cloud does not start; then no process is left running.
    """
    if importlib.util.find_spec("ministack") is None:
        raise CloudError("the embedded cloud is not installed", f"run: {INSTALL}")
    check_settings({**os.environ, **(extra_env or {})})
    state_dir = state_dir.resolve()
    for folder in (state_dir, state_dir / "state", state_dir / "s3"):
        folder.mkdir(parents=True, exist_ok=True)
    with _locked(state_dir):
        already = running(state_dir)
        if already:
            return already
        with _bound(port) as listener:
            return _launch(state_dir, listener, extra_env or {})


@state_errors()
def stop(state_dir: Path) -> bool:
    """Stops the cloud of `state_dir`, which saves its state first. Returns False if it was not running.

    A cloud that does not stop within STOP_SECONDS is killed. Raises CloudError if the state cannot be saved: then the
    cloud still runs, or its files have the state of the last save.
    """
    state_dir = state_dir.resolve()
    if not state_dir.exists():
        return False
    with _locked(state_dir):
        cloud = running(state_dir)
        if cloud:
            cloud.save()
            _terminate(cloud.pid)
        (state_dir / "cloud.json").unlink(missing_ok=True)
        if cloud and startup.unsaved_mark(state_dir).exists():
            log = state_dir / LOG
            reason = f"the embedded cloud stopped without saving its last changes; the end of {log}:\n{_tail(log)}"
            raise CloudError(reason, "the state of the last save is kept: refit local up")
    return cloud is not None


@state_errors()
def reset(state_dir: Path) -> bool:
    """Stops the cloud of `state_dir` and deletes its state. Returns False if it was not running."""
    state_dir = state_dir.resolve()
    if not state_dir.exists():
        return False
    with _locked(state_dir):
        stopped = running(state_dir)
        if stopped:
            _terminate(stopped.pid)
    for kept in ("state", "s3", startup.FOLDER):
        shutil.rmtree(state_dir / kept, ignore_errors=True)
    for file in ("cloud.json", LOG, "cloud.lock"):
        (state_dir / file).unlink(missing_ok=True)
    return stopped is not None


@contextlib.contextmanager
def _locked(state_dir: Path) -> Iterator[None]:
    """Serializes the starts and stops of a directory's cloud across processes."""
    with (state_dir / "cloud.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    """A socket bound to the port before the process starts, so that a taken port leaves nothing half-started."""
    if not 0 <= port <= 65535:
        example = f"refit local up --port {DEFAULT_PORT}"
        raise CloudError(f"there is no port {port}", f"choose a port from 1 to 65535: {example}")
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError as error:
            owner = at_port(port, IDENTIFY_SECONDS)
            by = f" by the embedded cloud of {owner.state_dir}" if owner else ""
            reason = f"port {port} is taken{by}" if owner or _answers(port) else f"port {port} cannot be used: {error}"
            free = f"refit local up --port {port % 65535 + 1}"
            raise CloudError(reason, f"stop the program that uses it, or choose another port: {free}") from error
        yield listener


def _launch(state_dir: Path, listener: socket.socket, extra: Mapping[str, str]) -> Cloud:
    port = listener.getsockname()[1]
    env = environment(state_dir, port, extra.get("AWS_REGION", DEFAULT_REGION), extra)
    started = _spawn(state_dir, listener.fileno(), env)
    try:
        cloud = _wait_until_ready(started, port, state_dir)
        unfinished = state_dir / "cloud.json.new"
        unfinished.write_text(json.dumps({"port": port, "pid": cloud.pid, "region": cloud.region}) + "\n")
        unfinished.replace(state_dir / "cloud.json")
    except BaseException:  # Ctrl-C too
        _kill(started)
        raise
    return cloud


def _wait_until_ready(started: Process, port: int, state_dir: Path) -> Cloud:
    """Waits until the cloud responds at the port. If it does not start, raises CloudError with the end of its log."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and started.poll() is None:
        cloud = at_port(port)
        if cloud and cloud.state_dir == state_dir:
            return cloud
        time.sleep(0.02)
    if error := startup.reported(state_dir):
        raise error
    what = f"did not start within {START_SECONDS:.0f} s" if started.poll() is None else "exited during startup"
    log = state_dir / LOG
    raise CloudError(f"the embedded cloud {what}; the end of {log}:\n{_tail(log)}")


def _tail(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:])


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _spawn(state_dir: Path, listener: int, env: Mapping[str, str]) -> Process:
    """Starts the server in its own session, on the socket with the file descriptor `listener`, with a new log.

    Deletes the temporary files of the previous server.
    """
    shutil.rmtree(state_dir / startup.FOLDER, ignore_errors=True)
    (state_dir / startup.FOLDER).mkdir()
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


def _kill(started: Process) -> None:
    """Kills a server that has not started."""
    started.kill()
    started.wait()
    del _children[started.pid]


def _terminate(pid: int) -> None:
    """Sends SIGTERM to a server, which then saves its state, and SIGKILL if it has not ended after STOP_SECONDS.

    Raises CloudError if the process does not end even then.
    """
    for each in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, each)
        deadline = time.monotonic() + STOP_SECONDS
        while time.monotonic() < deadline:
            if _is_gone(pid):
                return
            time.sleep(0.02)
    raise CloudError(f"the embedded cloud (process {pid}) cannot be stopped", f"run: kill -9 {pid}")


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
    # A zombie, in a container whose first process adopts orphans but never waits for them.
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    return False
