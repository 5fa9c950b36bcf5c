"""The README keeps its word: its picture is the state machine's, its example is valid, its links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from driver import asl, pipeline
from driver.project import PipelineRef, Project
from driver.report.diagram import mermaid

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "examples").glob("*.md")])


def between(text: str, name: str) -> str:
    found = re.search(rf"<!-- {name} -->\n(.*?)<!-- /{name} -->", text, re.DOTALL)
    assert found, f"the README has lost its marker {name}"
    return found.group(1)


def test_the_picture_is_that_of_the_state_machine() -> None:
    home_prices = pipeline.load(Project(ROOT).find("local/home-prices"))
    drawn = f"```mermaid\n{mermaid(asl.render(home_prices))}```\n"
    assert between((ROOT / "README.md").read_text(), "state machine") == drawn


def test_the_example_is_a_pipeline(tmp_path: Path) -> None:
    found = re.search(r"```hcl\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert found
    folder = tmp_path / "terraform" / "pipelines" / "prod"
    folder.mkdir(parents=True)
    (folder / "home-prices.tfvars").write_text(found.group(1))
    read = pipeline.load(PipelineRef(Project(tmp_path), folder / "home-prices.tfvars"))
    assert read.window.holdout_days == 1


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text()):
        if not target.startswith(("http:", "https:", "mailto:")):
            assert (page.parent / target).exists(), target
