"""The README is correct: it shows the actual state machine, its example is valid, and its links work."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from refit.artifacts import state_machine
from refit.artifacts.graph import Edge, edges
from refit.pipeline import files as pipeline
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef, Project
from tests.support.command_line import refit

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "examples").glob("*.md")])


def test_the_picture_shows_states_that_there_are_and_ways_that_can_be_taken() -> None:
    checked = Pipeline.model_validate(
        {
            "pipeline": "home-prices",
            "data": {"prefix": "data/", "feature_dim": 1, "schema": ({"name": "price"}, {"name": "rooms"})},
            "window": {"holdout_days": 1},
            "gate": {"metric": "validation:mse", "max": 60},
            "approval": {},
        }
    )
    ways = list(edges(json.loads(state_machine.render(checked))["States"]))
    drawn = re.findall(r"^    (\w+) --> (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(drawn) > 10
    for source, target in drawn:
        assert target in reached(source, ways), (source, target)


def reached(state: str, ways: list[Edge]) -> set[str]:
    """The states that a run can reach from a state, which is itself included only if there is a loop."""
    found: set[str] = set()
    todo = {state}
    while todo:
        todo = {way.target for way in ways if way.source in todo} - found
        found |= todo
    return found


def test_the_example_is_a_pipeline(tmp_path: Path) -> None:
    found = re.search(r"```hcl\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found
    folder = tmp_path / "terraform" / "pipelines" / "prod"
    folder.mkdir(parents=True)
    (folder / "home-prices.tfvars").write_text(found.group(1))
    read = pipeline.load(PipelineRef(Project(tmp_path), folder / "home-prices.tfvars"))
    assert read.window.holdout_days == 1


def test_the_first_pipeline_of_a_clone_is_created_by_the_commands(tmp_path: Path) -> None:
    found = re.search(
        r"^mkdir -p (?P<folder>\S+) && cp .*$\n^\$EDITOR (?P<file>\S+) ", (ROOT / "README.md").read_text(), re.M
    )
    assert found
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copytree(ROOT / "terraform" / "pipelines" / "local", tmp_path / "terraform" / "pipelines" / "local")
    subprocess.run(["sh", "-c", found[0].splitlines()[0]], check=True, cwd=tmp_path)
    lines = (tmp_path / found["file"]).read_text().splitlines(keepends=True)
    assert [line.split()[0] for line in lines[-2:]] == ["poll_interval_seconds", "force_destroy"]
    (tmp_path / found["file"]).write_text("".join(lines[:-2]))
    assert refit("validate", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), target
