"""Where the calls of a pipeline go, and where they may not go by accident."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from checkouts import Checkout

from driver import pipeline, target
from driver.errors import CloudError
from driver.local import cloud as embedded
from driver.project import PipelineRef

ON_THE_SHELL = 'run: eval "$(refit local up)"'


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PipelineRef]:
    """A pipeline of this machine, in a shell without a variable of AWS or of Refit."""
    for name in [name for name in os.environ if name.startswith(("AWS_", "REFIT_"))]:
        monkeypatch.delenv(name)
    checkout = Checkout(tmp_path)
    checkout.pipeline("local/prices")
    yield checkout.project.find("local/prices")
    embedded.stop(checkout.project.state_dir)


def killed(state_dir: Path) -> embedded.Cloud:
    """A cloud that was killed, and could not remove its cloud.json."""
    cloud = embedded.start(state_dir, 0)
    os.kill(cloud.pid, signal.SIGKILL)
    os.waitpid(cloud.pid, 0)
    assert json.loads((state_dir / "cloud.json").read_text())["port"] == cloud.port
    return cloud


def test_a_local_pipeline_finds_the_cloud_of_its_checkout(local: PipelineRef) -> None:
    cloud = embedded.start(local.project.state_dir, 0)
    assert target.environment(local) == cloud.environment()


def test_a_local_pipeline_follows_the_variable_to_another_cloud(
    local: PipelineRef, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    cloud = embedded.start(elsewhere, 0)
    try:
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://localhost:{cloud.port}")
        monkeypatch.setenv("AWS_REGION", "eu-west-1")
        variables = target.environment(local)
    finally:
        embedded.stop(elsewhere)
    assert variables == {**cloud.environment(), "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1"}


def test_a_killed_cloud_is_said_not_to_run(local: PipelineRef) -> None:
    killed(local.project.state_dir)
    with pytest.raises(CloudError, match=r"^the embedded cloud is not running$") as caught:
        target.connect(local, pipeline.load(local))
    assert caught.value.hint == "run: refit local up"


def test_a_killed_cloud_is_said_not_to_run_in_a_shell_that_still_has_its_address(
    local: PipelineRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = killed(local.project.state_dir).endpoint_url
    monkeypatch.setenv("AWS_ENDPOINT_URL", address)
    with pytest.raises(CloudError, match=f"^the embedded cloud is not running: none answers at {address}, ") as caught:
        target.environment(local)
    assert caught.value.hint == ON_THE_SHELL


def test_whatever_else_answers_there_is_not_taken_for_the_cloud(
    local: PipelineRef, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as other:
        Thread(target=other.serve_forever, daemon=True).start()
        for port in (other.server_port, 70000, "x"):
            monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{port}")
            with pytest.raises(CloudError, match="is not running"):
                target.environment(local)
        other.shutdown()
