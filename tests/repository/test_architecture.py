"""Who may import whom: the arrows of the design, enforced."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HANDLERS = {
    "check_data",
    "clean_up",
    "evaluate_model",
    "object_arrived",
    "start_training_job",
    "get_status",
    "deploy_model",
    "update_parameters",
    "notify_slack",
}
SHARED = {"window", "contract", "metrics", "console", "figures", "hold"}


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def name_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(file: Path) -> Iterator[str]:
    """Every module that the file imports, at any depth of its code; `from a import b` gives a.b."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: write absolute imports"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def importers(prefix: str, *packages: str) -> set[str]:
    return {
        name_of(file)
        for package in packages
        for file in modules(package)
        if any(name == prefix or name.startswith(f"{prefix}.") for name in imports(file))
    }


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("hcl2", {"driver.hcl"}),
        ("lark", {"driver.hcl", "driver.hcl_syntax", "driver.hcl_values"}),
        ("jinja2", {"driver.asl"}),
        ("boto3", {"driver.aws", "lambdas.clients"}),
        ("typer", {name_of(file) for file in modules("driver/cli")}),
        ("slack_sdk", {"lambdas.notify_slack", "lambdas.slack"}),
    ],
)
def test_a_library_has_one_room(library: str, allowed: set[str]) -> None:
    found = importers(library, "driver", "lambdas")
    assert found
    assert found <= allowed


def test_only_the_embedded_cloud_knows_ministack() -> None:
    assert {name for name in importers("ministack", "driver") if not name.startswith("driver.local")} == set()


def test_the_embedded_cloud_is_imported_by_two_commands_alone() -> None:
    outside = {name for name in importers("driver.local", "driver") if not name.startswith("driver.local")}
    assert outside == {"driver.commands.local", "driver.commands.demo"}


def test_the_driver_shares_with_the_lambdas_what_both_must_say_alike() -> None:
    shared = {name.split(".")[1] for file in modules("driver") for name in imports(file) if name.startswith("lambdas.")}
    # One rule for a window and for a hold, one wire format, one list of what can be compared,
    # one way to write a link and to count.
    assert shared == SHARED


@pytest.mark.parametrize("name", sorted(SHARED))
def test_what_both_share_needs_no_sdk(name: str) -> None:
    allowed = {"__future__", "lambdas.contract", "lambdas.window"}
    for imported in imports(ROOT / "lambdas" / f"{name}.py"):
        assert imported.split(".")[0] in sys.stdlib_module_names or imported.startswith(tuple(allowed)), imported


def test_lambdas_never_import_the_driver() -> None:
    assert importers("driver", "lambdas") == set()


def test_a_handler_never_imports_another() -> None:
    for file in modules("lambdas"):
        others = HANDLERS - {file.stem}
        assert not [name for name in imports(file) for other in others if name.startswith(f"lambdas.{other}")], file


def test_only_the_command_line_imports_commands() -> None:
    found = importers("driver.commands", "driver")
    assert not [name for name in found if not name.startswith(("driver.commands", "driver.cli"))]


def test_a_pipeline_file_is_read_without_aws() -> None:
    for name in ("hcl", "pipeline", "asl"):
        reached = {imported for imported in imports(ROOT / "driver" / f"{name}.py") if imported.startswith("driver.")}
        assert not [imported for imported in reached if imported.startswith(("driver.aws", "driver.commands"))]


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager"])
def test_no_file_has_a_name_that_says_nothing(name: str) -> None:
    files = [*modules("driver"), *modules("lambdas"), *modules("tests")]
    assert not [file for file in files if name in file.stem]
