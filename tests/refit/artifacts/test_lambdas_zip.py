"""lambdas.zip has the same bytes every time, and contains everything that the Lambda runtime lacks."""

from __future__ import annotations

import ast
import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError
from importlib.util import find_spec
from pathlib import Path

import pyarrow
import pytest

from refit.artifacts import lambdas_zip
from refit.artifacts.lambdas_zip import package
from refit.domain.handlers import CONTRACT, HANDLERS
from refit.errors import BuildError

RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3")


def test_it_is_the_same_bytes_whenever_and_wherever_it_is_built(tmp_path: Path) -> None:
    first = package(tmp_path / "first.zip")
    os.utime(lambdas_zip.LAMBDAS / "check_data.py")
    previous = os.umask(0o077)
    try:
        second = package(tmp_path / "second.zip")
    finally:
        os.umask(previous)
    assert first == second == hashlib.sha256((tmp_path / "first.zip").read_bytes()).hexdigest()


def test_the_list_of_handlers_is_what_lies_at_the_top_of_the_lambdas() -> None:
    assert list(HANDLERS) == sorted(file.stem for file in lambdas_zip.LAMBDAS.glob("[!_]*.py"))


def test_it_holds_the_handlers_and_the_web_client_alone(tmp_path: Path) -> None:
    package(tmp_path / "lambdas.zip")
    with zipfile.ZipFile(tmp_path / "lambdas.zip") as archive:
        members = archive.infolist()
    names = [member.filename for member in members]
    assert names == sorted(names)
    assert {f"lambdas/{handler}.py" for handler in HANDLERS} < set(names)
    assert all(name.endswith(".py") for name in names)
    assert {name.split("/")[0] for name in names} == {"lambdas", "refit", "slack_sdk"}
    assert {name.split("/")[1] for name in names if name.startswith("refit/")} == {
        "__init__.py",
        "domain",
        "quality",
    }
    assert not [name for name in names if "oauth" in name or "socket_mode" in name or "async" in name]
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {member.external_attr >> 16 for member in members} == {0o100644}
    assert {member.compress_type for member in members} == {zipfile.ZIP_STORED}


def test_it_holds_the_time_zone_of_the_window_and_no_other(tmp_path: Path) -> None:
    package(tmp_path / "utc.zip")
    package(tmp_path / "zone.zip", "America/Argentina/Buenos_Aires")
    with zipfile.ZipFile(tmp_path / "utc.zip") as utc, zipfile.ZipFile(tmp_path / "zone.zip") as zone:
        added = sorted({*zone.namelist()} - {*utc.namelist()})
        zone.extractall(tmp_path / "task")
    assert added == ["tzdata/__init__.py", "tzdata/zoneinfo/America/Argentina/Buenos_Aires"]
    # Isolated (-I) and without site-packages (-S), Python has only its standard library and what the zip contains.
    program = """
import sys
from datetime import datetime
sys.path.insert(0, sys.argv[1])
from refit.domain.time_zones import time_zone
print(datetime(2026, 11, 22, tzinfo=time_zone("America/Argentina/Buenos_Aires")).isoformat())
"""
    command = [sys.executable, "-I", "-S", "-c", program, str(tmp_path / "task")]
    done = subprocess.run(command, env={"PYTHONTZPATH": ""}, capture_output=True, text=True, check=True)
    assert done.stdout == "2026-11-22T00:00:00-03:00\n"


@pytest.fixture(scope="module")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what Lambda's runtime brings: boto3 and what that needs."""
    folder = tmp_path_factory.mktemp("runtime")
    for name in RUNTIME:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        (folder / name).symlink_to(Path(spec.origin).parent)
    six = find_spec("six")
    assert six is not None
    (folder / "six.py").symlink_to(str(six.origin))
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("zip") / "lambdas.zip"
    package(target)
    return target


def run(code: str, *path: Path) -> subprocess.CompletedProcess[str]:
    """Runs the code in a new interpreter that has the standard library and `path`, in that order, and nothing else."""
    start = f"import sys; sys.path[:0] = {[str(folder) for folder in path]!r}\n"
    # -S: no site-packages; -I: no PYTHONPATH, no user site, no working directory.
    return subprocess.run([sys.executable, "-I", "-S", "-c", start + code], capture_output=True, text=True, check=False)


def load(handler: str) -> str:
    return f"import importlib; assert callable(importlib.import_module('lambdas.{handler}').handler)"


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pyarrow alone, which CheckQuality's layer brings."""
    folder = tmp_path_factory.mktemp("layer")
    (folder / "pyarrow").symlink_to(Path(pyarrow.__file__).parent)
    return folder


@pytest.mark.parametrize("handler", HANDLERS)
def test_each_handler_imports_from_the_zip_with_the_runtimes_boto3_and_its_layer_and_nothing_else(
    built: Path, runtime: Path, layer: Path, handler: str
) -> None:
    done = run(load(handler), built, runtime, *([layer] if handler in CONTRACT else []))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("handler", HANDLERS)
def test_a_handler_that_needs_more_than_the_runtime_does_not_import(
    built: Path, runtime: Path, tmp_path: Path, handler: str
) -> None:
    # What the test above would say if somebody wrote `import numpy` into that handler's code.
    changed = tmp_path / "lambdas.zip"
    with zipfile.ZipFile(built) as before, zipfile.ZipFile(changed, "w") as after:
        for name in before.namelist():
            start = b"from __future__ import annotations\n"
            source = before.read(name)
            more = start + b"import numpy\n" if name == f"lambdas/{handler}.py" else start
            after.writestr(name, source.replace(start, more, 1))
    done = run(load(handler), changed, runtime)
    assert "No module named 'numpy'" in done.stderr


def test_slacks_client_is_the_zips_own(built: Path, runtime: Path) -> None:
    code = """
import slack_sdk
from lambdas.notify_slack import handler
print(slack_sdk.__file__)
print(handler({"settings": {"slack": None}}, None)["reason"])
"""
    done = run(code, built, runtime)
    lines = done.stdout.splitlines()
    assert lines[0].startswith(str(built)), done.stderr
    assert lines[-1] == "disabled"


def imported(node: ast.AST) -> Iterator[str]:
    """The libraries that code imports when it runs, in functions, too, but not those for the type checker alone."""
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (alias.name.split(".")[0] for alias in node.names)
    if isinstance(node, ast.ImportFrom):
        yield str(node.module).split(".")[0]
    for child in ast.iter_child_nodes(node):
        yield from imported(child)


def test_our_own_code_in_the_zip_imports_nothing_else_inside_functions_either(built: Path) -> None:
    allowed = sys.stdlib_module_names | {"boto3", "botocore", "lambdas", "refit", "slack_sdk"}
    with zipfile.ZipFile(built) as archive:
        ours = [name for name in archive.namelist() if name.startswith(("lambdas/", "refit/"))]
        found = {name: set(imported(ast.parse(archive.read(name)))) for name in ours}
    others = {name: libraries - allowed for name, libraries in found.items() if libraries - allowed}
    assert {name for name in others if not name.startswith("refit/quality/")} == set()
    assert set().union(*others.values()) == {"pyarrow"}
    assert "boto3" in set().union(*found.values())
    assert list(imported(ast.parse("def f():\n import numpy.linalg\n from pandas import x"))) == ["numpy", "pandas"]


def test_without_slack_sdk_it_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(lambdas_zip, "distribution", missing)
    with pytest.raises(BuildError, match="slack_sdk is not installed") as raised:
        package(tmp_path / "lambdas.zip")
    assert raised.value.hint == "run: make setup"
    assert list(tmp_path.iterdir()) == []
