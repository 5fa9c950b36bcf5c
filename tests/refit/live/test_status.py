"""`refit status`: each pipeline is read, whatever is wrong with the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.embedded_cloud.client import Cloud
from refit.errors import PipelineNotFound
from refit.live.status import status
from refit.project import Project
from tests.support.checkout import MINIMAL, write
from tests.support.statuses import NAME, SOUND


def test_the_document_is_plain() -> None:
    document = SOUND.document()
    assert document["newest"] == "2026-11-21"
    assert document["run"]["started_at"] == "2026-11-22T06:00:05+00:00"
    assert document["endpoint"]["variants"][0] == {
        "model": NAME,
        "instance_type": "ml.m5.large",
        "asked": 2,
        "running": 2,
    }


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    monkeypatch.setenv("REFIT_STATE_DIR", str(tmp_path / ".refit"))


@pytest.mark.usefixtures("offline")
def test_a_pipeline_that_cannot_be_read_does_not_affect_others(tmp_path: Path) -> None:
    write(tmp_path, MINIMAL, environment="local")
    write(tmp_path, "pipeline = 1\n", "broken", "local")
    broken, prices = status(Project(tmp_path), [])
    assert (broken.pipeline, broken.known) == ("local/broken", False)
    assert broken.warning.endswith("has 2 problems (refit validate local/broken); using its valid fields")
    assert broken.note == prices.note == 'the embedded cloud is not running; run: eval "$(refit local up)"'


@pytest.mark.usefixtures("offline")
def test_pipelines_come_in_the_order_in_which_they_are_named_and_once(tmp_path: Path) -> None:
    for name in ("churn", "home-prices"):
        write(tmp_path, MINIMAL.replace("home-prices", name), name, "local")
    found = status(Project(tmp_path), ["home-prices", "churn", "local/home-prices"])
    assert [one.pipeline for one in found] == ["local/home-prices", "local/churn"]


def test_a_name_that_no_pipeline_has_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(PipelineNotFound, match="there is no pipeline prices"):
        status(Project(tmp_path), ["prices"])


def test_the_embedded_cloud_of_another_project_is_named(
    tmp_path: Path, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, MINIMAL, environment="local")
    monkeypatch.setenv("AWS_ENDPOINT_URL", cloud.endpoint_url)
    monkeypatch.delenv("REFIT_STATE_DIR", raising=False)
    (found,) = status(Project(tmp_path), [])
    assert (found.applied, found.cloud) == (False, str(cloud.state_dir))
    monkeypatch.setenv("REFIT_STATE_DIR", str(cloud.state_dir))
    (own,) = status(Project(tmp_path), [])
    assert own.cloud is None
