"""Forks the processes of jobs: python -m refit.embedded_cloud.instance.fork_server

A job's process would otherwise spend most of its CPU time on importing numpy and botocore, which this one has done.
Stdin is a socket of the control plane; sagemaker/forked_process.py writes to it. It has no credentials: the environment
of a job comes with its request. It ends when the socket closes. It must not start threads, which a fork does not copy.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import runpy
import signal
import socket
import sys
import traceback
from collections.abc import Mapping, Sequence

# Jobs need these; importing them here is the point of this process.
from refit.embedded_cloud.instance import aws_clients, processing_main, training_main  # noqa: F401

MAX_MESSAGE = 1 << 17


def main() -> int:
    """Serves until the control plane closes the socket."""
    control = socket.socket(fileno=os.dup(0))
    _warm_up()
    children: set[int] = set()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE, 2)
        if not message:
            return 0
        order = json.loads(message)
        if "end" in order:
            answer = _end(order["end"], children)
        else:
            pid = os.fork()
            if not pid:
                control.close()
                _run(order["module"], order["environment"], descriptors)
            _lead_group(pid)
            children.add(pid)
            for descriptor in descriptors:
                os.close(descriptor)
            answer = pid
        control.send(json.dumps(answer).encode())


def _warm_up() -> None:
    """Lets botocore read the models of the services that every job uses."""
    nobody = {"aws_access_key_id": "-", "aws_secret_access_key": "-", "region_name": "us-east-1"}
    for service in ("s3", "logs"):
        aws_clients.client(service, endpoint_url="http://127.0.0.1", **nobody)
    gc.freeze()  # the memory of these objects is shared as long as nothing writes to it


def _end(pid: int, children: set[int]) -> int:
    """Kills the group of a child, and returns its exit status. Until then its process ID is not reused."""
    if pid not in children:  # a child of a server before this one
        return -signal.SIGKILL
    children.remove(pid)
    os.killpg(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)


def _lead_group(pid: int) -> None:
    """Makes a process the leader of its group. Parent and child both do it, so that neither has to wait."""
    with contextlib.suppress(PermissionError, ProcessLookupError):
        os.setpgid(pid, pid)


def _run(module: str, environment: Mapping[str, str], descriptors: Sequence[int]) -> None:
    """Becomes the process of a job, and ends with it."""
    status = 1
    try:
        _lead_group(os.getpid())
        for target, descriptor in enumerate(descriptors):
            os.dup2(descriptor, target)
            os.close(descriptor)
        os.environ.clear()
        os.environ.update(environment)
        sys.modules.pop(module, None)  # imported above; runpy warns of a module that it runs a second time
        runpy.run_module(module, run_name="__main__")
        status = 0
    except SystemExit as exit_:
        status = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


if __name__ == "__main__":
    sys.exit(main())
