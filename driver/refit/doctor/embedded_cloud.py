"""Checks the embedded cloud, which runs local pipelines: its package, its process, and its port on 127.0.0.1."""

from __future__ import annotations

import importlib.util
import os
import socket
from collections.abc import Iterator

from refit.aws import target
from refit.aws.session import ENDPOINT
from refit.doctor.results import Check, failed, not_checked, not_ok, ok
from refit.domain.algorithms.xgboost import XGBOOST
from refit.embedded_cloud import client
from refit.embedded_cloud.client import Cloud
from refit.errors import CloudError
from refit.loopback import leads_here
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef, Project

SUBJECT = "embedded cloud"
START = 'eval "$(refit local up)"'


def serves(ref: PipelineRef) -> Check:
    """Whether the embedded cloud of the local pipeline `ref` responds: the project's, or that at AWS_ENDPOINT_URL."""
    try:
        variables = target.environment(ref)
    except CloudError as error:
        return _not_installed() if _is_missing() else failed(SUBJECT, error, START)
    return ok(SUBJECT, f"running at {variables[ENDPOINT]}")


def running(project: Project) -> Check:
    """Whether the embedded cloud is running, which is optional unless AWS_ENDPOINT_URL points to this machine."""
    if leads_here(os.environ.get(ENDPOINT, "")) and os.environ.get(target.ALLOWED) != "1":
        try:
            return ok(SUBJECT, f"running at {target.cloud(project.state_dir).endpoint_url}")
        except CloudError as error:
            return not_ok(SUBJECT, str(error), f"{START}, or open a new shell to work without it")
    if _is_missing():
        missing = _not_installed()
        return not_checked(SUBJECT, missing.detail, missing.fix)
    try:
        cloud = client.running(project.state_dir)
    except CloudError as error:
        return failed(SUBJECT, error, START)
    return ok(SUBJECT, f"running at {cloud.endpoint_url}") if cloud else not_checked(SUBJECT, "not running", START)


def libraries(pipeline: Pipeline) -> Iterator[Check]:
    """Whether the library of a local pipeline's algorithm is installed; nothing for an algorithm that needs none."""
    if pipeline.training.own_image or pipeline.training.algorithm != XGBOOST.name:
        return
    is_installed = importlib.util.find_spec("xgboost") is not None
    yield (
        ok(XGBOOST.title, "installed")
        if is_installed
        else not_ok(XGBOOST.title, "its library is not installed, which trains and serves it", client.INSTALL_XGBOOST)
    )


def _is_missing() -> bool:
    return importlib.util.find_spec("ministack") is None


def _not_installed() -> Check:
    return not_ok(SUBJECT, "not installed", client.INSTALL)


def port(project: Project, number: int = client.DEFAULT_PORT) -> Check:
    """Whether the port is free for `refit local up`, or in use by the project's own embedded cloud."""
    subject = f"port {number}"
    if _is_free(number):
        return ok(subject, "free")
    cloud = client.at_port(number, seconds=2.0)
    if cloud and _is_of(cloud, project):
        return ok(subject, "used by this project's embedded cloud")
    holder = f"the embedded cloud of {cloud.state_dir}" if cloud else "another program"
    return not_ok(subject, f"in use by {holder}", "refit local up --port 0")


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
