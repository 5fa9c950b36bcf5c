"""The pages match the code: generated parts are up to date, and manually written parts are complete."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pydantic import BaseModel

from refit.commands import app
from refit.embedded_cloud import client, faults
from refit.embedded_cloud.sagemaker.api import OPERATIONS
from refit.errors import InvalidPipeline, RefitError
from refit.pipeline.field_types import section_of
from refit.pipeline.model import Pipeline
from refit.pipeline.schema.descriptions import descriptions
from refit.problem_codes import Code
from refit.project import Project
from refit.reference.pages import docs, parts, replaced
from tests.support.checkout import MINIMAL, OWN_IMAGE, load, with_contract, write

ROOT = Path(__file__).parents[2]
COMMAND = typer.main.get_command(app)
MADE = parts(Project(ROOT), COMMAND)


def text(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


@pytest.mark.parametrize(("page", "name"), MADE)
def test_what_is_made_from_the_code_is_up_to_date(page: str, name: str) -> None:
    assert replaced(text(page), name, MADE[page, name]()) == text(page), "run: make docs"


def test_only_pages_that_changed_are_written(tmp_path: Path) -> None:
    for page, _ in MADE:
        (tmp_path / page).parent.mkdir(exist_ok=True)
        (tmp_path / page).write_text(text(page))
    for source in ("terraform/pipelines", "driver", "lambdas"):
        (tmp_path / source).symlink_to(ROOT / source)
    stale = tmp_path / "docs" / "problems.md"
    stale.write_text(text("docs/problems.md").replace("| `syntax` |", "| `sintax` |"))
    project = Project(tmp_path)
    assert docs(project, COMMAND) == ["docs/problems.md"]
    assert stale.read_text() == text("docs/problems.md")
    assert docs(project, COMMAND) == []


def test_a_page_without_its_markers_is_an_error() -> None:
    with pytest.raises(RefitError, match="no markers <!-- codes -->"):
        replaced("a page\n", "codes", "")


def test_every_code_is_explained_once() -> None:
    assert re.findall(r"^\| `([a-z0-9-]+)` \|", text("docs/problems.md"), re.MULTILINE) == [str(code) for code in Code]


def test_every_code_is_made_somewhere() -> None:
    sources = "".join(file.read_text() for file in (ROOT / "driver").rglob("*.py") if file.name != "problem_codes.py")
    assert [code.name for code in Code if f"Code.{code.name}" not in sources] == []


def test_a_code_is_a_word_and_a_sentence() -> None:
    for code in Code:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        assert re.fullmatch(r"[A-Z].*\.", code.meaning)


def test_every_field_says_what_it_is_for() -> None:
    def missing(model: type[BaseModel]) -> Iterator[str]:
        for name, field in model.model_fields.items():
            if not descriptions(model).get(name, "").endswith("."):
                yield f"{model.__name__}.{name}: write a sentence below the field"
            if section := section_of(field):
                yield from missing(section)

    assert list(missing(Pipeline)) == []


def examples() -> list[str]:
    """All lines of the generated examples; the first block is the complete file."""
    page = text("docs/pipeline-file.md")
    made = page[page.index("<!-- fields -->") :]
    return [line for block in re.findall(r"```hcl\n(.*?)```", made, re.DOTALL) for line in block.splitlines()]


@pytest.mark.parametrize("example", examples())
def test_an_example_is_valid_as_it_stands(tmp_path: Path, example: str) -> None:
    name = example.split(" ")[0]
    held_out = f"{MINIMAL}window = {{ days = 7, holdout_days = 1 }}\n"  # what the page asks for beside a gate
    if "binary_classification" in example:
        held_out += 'training = { predictor_type = "binary_classifier" }\n'
    if name == "drift":
        held_out = with_contract(held_out)
    if "required = false" in example:
        held_out += OWN_IMAGE
    kept = "".join(line for line in held_out.splitlines(keepends=True) if not line.startswith(f"{name} "))
    if "schema_file" in example:
        columns = json.dumps([{"name": f"x{at}"} for at in range(14)])
        write(tmp_path).path.with_name("home-prices.schema.json").write_text(columns)
    try:
        load(tmp_path, f"{kept}{example}\n")
    except InvalidPipeline as error:
        pytest.fail(f"{example}: {error}")


def other_examples() -> list[tuple[str, str]]:
    """The HCL blocks of the pages that are written by hand, except complete files: page and text."""
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    blocks = [
        (page.relative_to(ROOT).as_posix(), block)
        for page in pages
        if page.name != "pipeline-file.md"
        for block in re.findall(r"```hcl\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    ]
    assert len(blocks) >= 8
    return blocks


@pytest.mark.parametrize(("page", "block"), other_examples())
def test_an_example_of_another_page_is_valid_in_a_pipeline(tmp_path: Path, page: str, block: str) -> None:
    set_here = re.findall(r"^(\w+) *=", block, re.MULTILINE)
    kept = [line for line in MINIMAL.splitlines() if line.split(" ")[0] not in set_here]
    try:
        load(tmp_path, "\n".join((*kept, block)))
    except InvalidPipeline as error:
        pytest.fail(f"{page}: {error}")


def test_the_first_example_of_the_pipeline_file_is_a_pipeline(tmp_path: Path) -> None:
    found = re.search(r"```hcl\n(.*?)```", text("docs/pipeline-file.md"), re.DOTALL)
    assert found
    assert load(tmp_path, found[1]).window.holdout_days == 1


def test_every_operation_of_the_embedded_sagemaker_is_told() -> None:
    page = text("docs/embedded-cloud.md")
    assert [name for name in (*OPERATIONS, "InvokeEndpoint", "InvokeEndpointAsync") if name not in page] == []


def test_every_fault_is_told() -> None:
    page = text("docs/embedded-cloud.md")
    for fault, modes in faults.MODES.items():
        assert f"| `{fault}` | {', '.join(f'`{mode}`' for mode in modes)} |" in page


def test_every_setting_of_the_embedded_cloud_is_told() -> None:
    sources = "".join(file.read_text() for file in (ROOT / "driver" / "refit" / "embedded_cloud").rglob("*.py"))
    used = set(re.findall(r"REFIT_LOCAL_[A-Z_]*[A-Z]", sources))
    assert used == set(re.findall(r"REFIT_LOCAL_[A-Z_]*[A-Z]", text("docs/embedded-cloud.md")))
    assert f"default port is {client.DEFAULT_PORT}" in text("docs/embedded-cloud.md")


def test_every_command_has_its_section() -> None:
    page = text("docs/cli.md")
    for name, command in COMMAND.commands.items():  # type: ignore[attr-defined]
        inner = [f"{name} {child}" for child in getattr(command, "commands", {})] or [name]
        if not command.hidden:
            assert [one for one in inner if f"\n## refit {one}\n" not in page] == []


def test_every_path_in_the_architecture_page_exists() -> None:
    by_hand = re.sub(r"<!-- (packages|rooms) -->.*?<!-- /\1 -->", "", text("docs/architecture.md"), flags=re.DOTALL)
    tops = "asl|driver|lambdas|terraform|tests"
    named = re.findall(rf"`((?:{tops})/[^`<]*)`", by_hand)
    assert len(named) > 30
    assert [path for path in named if not (ROOT / path).exists()] == []
