"""What `refit build` leaves in build/<environment>/<pipeline>/, whole or not at all."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from pipeline_files import MINIMAL, write

from driver import asl, package
from driver.commands.build import build, build_all
from driver.definition import check
from driver.errors import BuildError, InvalidPipeline
from driver.project import PipelineRef, Project


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def artefacts(ref: PipelineRef) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(ref.build_dir.iterdir())}


def test_three_files_are_made(tmp_path: Path) -> None:
    ref = write(tmp_path)
    built = build(ref)
    assert built.directory == tmp_path / "build" / "prod" / "home-prices"
    assert set(artefacts(ref)) == {"build.json", "lambdas.zip", "state_machine.asl.json"}
    assert built.lambdas_size == (built.directory / "lambdas.zip").stat().st_size


def test_the_record_holds_the_hashes_that_terraform_compares(tmp_path: Path) -> None:
    ref = write(tmp_path, MINIMAL.replace("\n", "\r\n"))
    built = build(ref)
    assert json.loads((ref.build_dir / "build.json").read_text()) == {
        "pipeline_sha256": sha256(ref.path),
        "definition_sha256": sha256(ref.build_dir / "state_machine.asl.json"),
        "lambdas_sha256": sha256(ref.build_dir / "lambdas.zip"),
    }
    assert built.pipeline_sha256 == sha256(ref.path)


def test_the_definition_is_that_of_the_pipeline(tmp_path: Path) -> None:
    ref = write(tmp_path, f"{MINIMAL}poll_interval_seconds = 45\n")
    built = build(ref)
    text = (ref.build_dir / "state_machine.asl.json").read_text()
    assert check(text) == []
    states = json.loads(text)["States"]
    assert states["CheckStatusWait"]["Seconds"] == 45
    assert built.states == len(states)


def test_building_again_changes_nothing(tmp_path: Path) -> None:
    ref = write(tmp_path)
    first = build(ref), artefacts(ref)
    assert (build(ref), artefacts(ref)) == first


def test_a_file_with_problems_leaves_the_old_artefacts(tmp_path: Path) -> None:
    ref = write(tmp_path)
    build(ref)
    before = artefacts(ref)
    write(tmp_path, f"{MINIMAL}window = {{ days = 0 }}\n")
    with pytest.raises(InvalidPipeline, match=r"window\.days must be between 1 and 365"):
        build(ref)
    assert artefacts(ref) == before


def test_a_broken_template_leaves_the_old_artefacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = write(tmp_path)
    build(ref)
    before = artefacts(ref)
    monkeypatch.setattr(asl, "render", lambda pipeline: '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}')
    with pytest.raises(BuildError, match="the state machine of prod/home-prices is not sound:\nthe state"):
        build(ref)
    assert artefacts(ref) == before


def test_a_failure_while_packing_leaves_the_old_artefacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = write(tmp_path)
    build(ref)
    before = artefacts(ref)
    write(tmp_path, f"{MINIMAL}# changed\n")

    def packing(target: Path) -> str:
        target.write_bytes(b"half a zip")
        raise BuildError("slack_sdk is not installed", "run: make setup")

    monkeypatch.setattr(package, "package", packing)
    with pytest.raises(BuildError, match="slack_sdk is not installed"):
        build(ref)
    assert artefacts(ref) == before


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    ref = write(tmp_path)
    (tmp_path / "build").write_text("a file where the folder should be")
    with pytest.raises(BuildError, match="prod/home-prices cannot be built in"):
        build(ref)


def test_what_else_is_in_the_folder_stays(tmp_path: Path) -> None:
    ref = write(tmp_path)
    terraform = ref.build_dir / ".terraform" / "terraform.tfstate"
    terraform.parent.mkdir(parents=True)
    terraform.write_text("{}")
    build(ref)
    assert terraform.read_text() == "{}"


def test_all_pipelines_are_built_or_none(tmp_path: Path) -> None:
    prices = write(tmp_path)
    churn = write(tmp_path, MINIMAL.replace("home-prices", "churn"), "churn")
    assert [built.pipeline for built in build_all(Project(tmp_path))] == ["prod/churn", "prod/home-prices"]
    write(tmp_path, MINIMAL.replace("home-prices", "churn") + 'endpoint = { name = "home-prices" }\n', "churn")
    before = artefacts(churn)
    with pytest.raises(InvalidPipeline, match="is also that of"):
        build_all(Project(tmp_path))
    assert artefacts(churn) == before
    assert artefacts(prices)["lambdas.zip"] == before["lambdas.zip"]
