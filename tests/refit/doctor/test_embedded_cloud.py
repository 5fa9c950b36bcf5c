"""The checks of the embedded cloud: its process and its port."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from refit.doctor import embedded_cloud
from refit.doctor.results import Status
from refit.embedded_cloud.client import INSTALL
from refit.embedded_cloud.lifecycle import Cloud
from refit.pipeline.files import load
from refit.project import PipelineRef
from tests.support.checkout import REQUIRED, write


@pytest.fixture
def taken() -> Iterator[int]:
    """A port at which something listens that never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def ours(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    """The cloud of this file belongs to the project."""
    monkeypatch.setenv("REFIT_STATE_DIR", str(cloud.state_dir))


@pytest.fixture
def local(ref: PipelineRef) -> PipelineRef:
    return write(ref.project.root, REQUIRED.format(name="home-prices"), environment="local")


def test_it_runs(ref: PipelineRef, local: PipelineRef, cloud: Cloud, ours: None) -> None:
    for check in (embedded_cloud.running(ref.project), embedded_cloud.serves(local)):
        assert (check.status, check.detail) == (Status.OK, f"running at {cloud.endpoint_url}")


def test_a_local_pipeline_may_use_the_one_that_is_exported(local: PipelineRef, cloud: Cloud, exported: None) -> None:
    check = embedded_cloud.serves(local)
    assert (check.status, check.detail) == (Status.OK, f"running at {cloud.endpoint_url}")


def test_it_does_not_run(ref: PipelineRef, local: PipelineRef) -> None:
    check = embedded_cloud.running(ref.project)
    assert (check.status, check.fix) == (Status.NOT_CHECKED, 'eval "$(refit local up)"')
    needed = embedded_cloud.serves(local)
    assert (needed.status, needed.fix) == (Status.NOT_OK, 'run: eval "$(refit local up)"')


def test_variables_that_point_to_a_cloud_that_was_stopped(ref: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{probe.getsockname()[1]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", dead)
    check = embedded_cloud.running(ref.project)
    assert (check.status, check.detail) == (
        Status.NOT_OK,
        f"the embedded cloud is not running at {dead}, which AWS_ENDPOINT_URL points to",
    )
    assert check.fix == 'eval "$(refit local up)", or open a new shell to work without it'
    monkeypatch.setenv("REFIT_ALLOW_LOOPBACK_ENDPOINT", "1")  # a tunnel to AWS
    assert embedded_cloud.running(ref.project).status is Status.NOT_CHECKED


def test_variables_that_point_to_another_cloud(ref: PipelineRef, cloud: Cloud, exported: None) -> None:
    check = embedded_cloud.running(ref.project)
    assert (check.status, check.detail) == (Status.OK, f"running at {cloud.endpoint_url}")


def test_it_is_not_installed(ref: PipelineRef, local: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ministack", None)  # as if the extra `local` were missing
    check, needed = embedded_cloud.running(ref.project), embedded_cloud.serves(local)
    assert (check.status, needed.status) == (Status.NOT_CHECKED, Status.NOT_OK)
    assert check.fix == needed.fix == INSTALL


def test_a_state_folder_that_is_a_file(ref: PipelineRef, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("REFIT_STATE_DIR", str(tmp_path / "file"))
    check = embedded_cloud.running(ref.project)
    assert check.status is Status.NOT_OK
    assert "REFIT_STATE_DIR" in check.fix


def test_a_free_port(ref: PipelineRef) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    check = embedded_cloud.port(ref.project, number)
    assert (check.status, check.detail) == (Status.OK, "free")


def test_a_taken_port(ref: PipelineRef, taken: int) -> None:
    check = embedded_cloud.port(ref.project, taken)
    assert (check.status, check.detail) == (Status.NOT_OK, "in use by another program")
    assert check.fix == "refit local up --port 0"


def test_the_port_of_the_projects_own_cloud(ref: PipelineRef, cloud: Cloud, ours: None) -> None:
    check = embedded_cloud.port(ref.project, cloud.port)
    assert (check.status, check.detail) == (Status.OK, "used by this project's embedded cloud")


def test_the_port_of_another_projects_cloud(ref: PipelineRef, cloud: Cloud) -> None:
    check = embedded_cloud.port(ref.project, cloud.port)
    assert check.status is Status.NOT_OK
    assert str(cloud.state_dir) in check.detail


def test_a_local_pipeline_with_xgboost_needs_its_library(ref: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> None:
    text = REQUIRED.format(name="home-prices").replace("data/home-prices/train/", "data/home-prices/")
    boosted = 'training = { algorithm = "xgboost", hyperparameters = { num_round = "100" } }\n'
    pipeline = load(write(ref.project.root, text + boosted, environment="local"))
    (check,) = embedded_cloud.libraries(pipeline)
    assert (check.subject, check.status) == ("XGBoost", Status.OK)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    (check,) = embedded_cloud.libraries(pipeline)
    assert check.status is Status.NOT_OK
    assert "refit-sagemaker[local,xgboost]" in check.fix
    assert list(embedded_cloud.libraries(load(write(ref.project.root, text, environment="local")))) == []
