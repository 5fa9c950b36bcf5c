"""`refit build` writes build/<environment>/<pipeline>/ completely or not at all."""

from __future__ import annotations

import hashlib
import json
import tarfile
from pathlib import Path

import pytest

from refit.artifacts import lambdas_zip, state_machine
from refit.artifacts.build import build, build_all
from refit.artifacts.definition_checks import check
from refit.errors import BuildError, InvalidPipeline
from refit.pipeline.schema.training import OWN_IMAGE
from refit.project import PipelineRef, Project
from refit.version import VERSION
from tests.support.checkout import MINIMAL, write


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def artifacts(ref: PipelineRef) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(ref.build_dir.iterdir())}


def test_three_files_are_made(tmp_path: Path) -> None:
    ref = write(tmp_path)
    built = build(ref)
    assert built.directory == tmp_path / "build" / "prod" / "home-prices"
    assert set(artifacts(ref)) == {"build.json", "lambdas.zip", "state_machine.asl.json"}
    assert built.lambdas_size == (built.directory / "lambdas.zip").stat().st_size


def test_the_record_holds_the_hashes_that_terraform_compares(tmp_path: Path) -> None:
    ref = write(tmp_path, MINIMAL.replace("\n", "\r\n"))
    built = build(ref)
    assert json.loads((ref.build_dir / "build.json").read_text()) == {
        "pipeline_sha256": sha256(ref.path),
        "definition_sha256": sha256(ref.build_dir / "state_machine.asl.json"),
        "lambdas_sha256": sha256(ref.build_dir / "lambdas.zip"),
        "schema_sha256": None,
        "source_sha256": None,
        "refit_version": VERSION,
        "handlers": {
            "check_data": {"memory_mb": 512, "timeout_seconds": 60},
            "notify_slack": {"memory_mb": 256, "timeout_seconds": 60},
            "clean_up": {"memory_mb": 256, "timeout_seconds": 60},
        },
    }
    assert built.pipeline_sha256 == sha256(ref.path)


def with_code(root: Path, training: str = 'source = "algorithms/trees"') -> PipelineRef:
    """A pipeline with a custom image; its code is a folder of the checkout."""
    folder = root / "algorithms" / "trees"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "train.py").write_text("print('training')\n")
    return write(root, MINIMAL + f'training = {{\n  image = "{OWN_IMAGE}"\n  {training}\n}}\n')


def test_the_code_of_a_custom_algorithm_is_packed(tmp_path: Path) -> None:
    ref = with_code(tmp_path)
    built = build(ref)
    archive = ref.build_dir / "source.tar.gz"
    assert built.source_sha256 == sha256(archive)
    assert json.loads((ref.build_dir / "build.json").read_text())["source_sha256"] == built.source_sha256
    with tarfile.open(archive) as tar:
        assert tar.getnames() == ["train.py"]


def test_code_that_is_no_longer_used_is_removed(tmp_path: Path) -> None:
    build(with_code(tmp_path))
    ref = write(tmp_path)
    assert build(ref).source_sha256 is None
    assert set(artifacts(ref)) == {"build.json", "lambdas.zip", "state_machine.asl.json"}


@pytest.mark.parametrize(
    ("training", "expected"),
    [
        (
            'source = "algorithms/forest"',
            "5:12: source-missing training.source must be a folder in the repository, "
            'got "algorithms/forest"; write a path relative to the root of the repository',
        ),
        (
            'source = "outside"',
            '5:12: source-missing training.source must be a folder in the repository, got "outside"',
        ),
        (
            'source = "algorithms/trees"\n  entry_point = "fit.py"',
            '6:17: source-missing training.entry_point must be a file in algorithms/trees, got "fit.py"; '
            "the folder contains train.py",
        ),
        ('source = "algorithms"', 'source-missing training.entry_point must be a file in algorithms, got "train.py"'),
    ],
)
def test_code_that_is_not_where_the_file_says_is_reported_with_its_place(
    tmp_path: Path, training: str, expected: str
) -> None:
    checkout = tmp_path / "checkout"
    ref = with_code(checkout, training)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "train.py").touch()
    (checkout / "outside").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidPipeline) as raised:
        build(ref)
    (problem,) = raised.value.problems
    assert expected in str(problem)
    assert not ref.build_dir.exists()


def test_code_that_cannot_be_packed_leaves_the_old_artifacts(tmp_path: Path) -> None:
    ref = with_code(tmp_path)
    build(ref)
    before = artifacts(ref)
    (tmp_path / "algorithms" / "trees" / "link.py").symlink_to(tmp_path / "secret.py")
    with pytest.raises(BuildError, match=r"link\.py is a symbolic link and cannot be packed"):
        build(ref)
    assert artifacts(ref) == before


def test_the_definition_is_that_of_the_pipeline(tmp_path: Path) -> None:
    ref = write(tmp_path, f'{MINIMAL}orchestration = "polling"\npoll_interval_seconds = 45\n')
    built = build(ref)
    text = (ref.build_dir / "state_machine.asl.json").read_text()
    assert check(text) == []
    states = json.loads(text)["States"]
    assert states["CheckStatusWait"]["Seconds"] == 45
    assert built.states == len(states)


def test_building_again_changes_nothing(tmp_path: Path) -> None:
    ref = write(tmp_path)
    first = build(ref), artifacts(ref)
    assert (build(ref), artifacts(ref)) == first


def test_a_file_with_problems_leaves_the_old_artifacts(tmp_path: Path) -> None:
    ref = write(tmp_path)
    build(ref)
    before = artifacts(ref)
    write(tmp_path, f"{MINIMAL}window = {{ days = 0 }}\n")
    with pytest.raises(InvalidPipeline, match=r"window\.days must be between 1 and 365"):
        build(ref)
    assert artifacts(ref) == before


def test_a_broken_template_leaves_the_old_artifacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = write(tmp_path)
    build(ref)
    before = artifacts(ref)
    monkeypatch.setattr(
        state_machine, "render", lambda pipeline: '{"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}'
    )
    with pytest.raises(BuildError, match="the state machine of prod/home-prices is not valid:\nthe state"):
        build(ref)
    assert artifacts(ref) == before


def test_a_failure_while_packing_leaves_the_old_artifacts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ref = write(tmp_path)
    build(ref)
    before = artifacts(ref)
    write(tmp_path, f"{MINIMAL}# changed\n")

    def packing(target: Path, zone: str) -> str:
        target.write_bytes(b"half a zip")
        raise BuildError("slack_sdk is not installed", "run: make setup")

    monkeypatch.setattr(lambdas_zip, "package", packing)
    with pytest.raises(BuildError, match="slack_sdk is not installed"):
        build(ref)
    assert artifacts(ref) == before


def test_a_source_that_disappears_leaves_the_old_artifacts_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = write(tmp_path)
    build(ref)
    before = artifacts(ref)
    monkeypatch.setattr(lambdas_zip, "_own", lambda: iter([("lambdas/gone.py", tmp_path / "gone.py")]))
    with pytest.raises(BuildError, match=r"prod/home-prices cannot be built in .*: No such file or directory"):
        build(ref)
    assert artifacts(ref) == before


def test_a_folder_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    ref = write(tmp_path)
    (tmp_path / "build").write_text("a file where the folder should be")
    with pytest.raises(BuildError, match="prod/home-prices cannot be built in"):
        build(ref)


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
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
    before = artifacts(churn)
    with pytest.raises(InvalidPipeline, match="is also used by"):
        build_all(Project(tmp_path))
    assert artifacts(churn) == before
    assert artifacts(prices)["lambdas.zip"] == before["lambdas.zip"]


def test_the_record_has_the_hash_of_the_file_with_the_columns(tmp_path: Path) -> None:
    ref = write(tmp_path, MINIMAL.replace("13 }", '1, schema_file = "columns.json" }'))
    columns = ref.path.with_name("columns.json")
    columns.write_text('[{"name": "y"}, {"name": "x"}]')
    built = build(ref)
    assert built.schema_sha256 == sha256(columns)
    assert json.loads((ref.build_dir / "build.json").read_text())["schema_sha256"] == sha256(columns)
