"""Checks the embedded cloud, on which local pipelines run: its package, its process, and its port on 127.0.0.1."""

from __future__ import annotations

import importlib.util
import socket

from refit.doctor.results import Check, failed, not_checked, not_ok, ok
from refit.embedded_cloud import client
from refit.embedded_cloud.client import Cloud
from refit.errors import CloudError
from refit.project import DISTRIBUTION, Project

SUBJECT = "embedded cloud"
PORT = 4566
"""The port that `refit local up` takes unless told otherwise."""
START = 'eval "$(refit local up)"'


def running(project: Project, *, needed: bool) -> Check:
    """Whether the project's embedded cloud runs; it must when it is `needed` for the pipeline that is checked."""
    if importlib.util.find_spec("ministack") is None:
        missing = "it is not installed"
        install = f"pip install '{DISTRIBUTION}[local]' (in a checkout of Refit: make setup)"
        return not_ok(SUBJECT, missing, install) if needed else not_checked(SUBJECT, missing, install)
    try:
        cloud = client.running(project.state_dir)
    except CloudError as error:
        return failed(SUBJECT, error, START)
    if cloud:
        return ok(SUBJECT, f"running at {cloud.endpoint_url}")
    return not_ok(SUBJECT, "it is not running", START) if needed else not_checked(SUBJECT, "it is not running", START)


def port(project: Project, number: int = PORT) -> Check:
    """Whether the port is free for `refit local up`, or taken by the project's own embedded cloud."""
    subject = f"port {number}"
    if _is_free(number):
        return ok(subject, "free")
    cloud = client.at_port(number, seconds=2.0)
    if cloud and _is_of(cloud, project):
        return ok(subject, "used by this project's embedded cloud")
    holder = f"the embedded cloud of {cloud.state_dir}" if cloud else "another program"
    return not_ok(subject, f"taken by {holder}", "refit local up --port 0")


def _is_of(cloud: Cloud, project: Project) -> bool:
    return cloud.state_dir == project.state_dir.resolve()


def _is_free(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the server does
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
        return True
