"""lambdas.zip: the same bytes every time, and all that a Lambda needs beside its runtime."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from importlib.metadata import PackageNotFoundError
from importlib.util import find_spec
from pathlib import Path

import pytest

from refit.artifacts import lambdas_zip
from refit.artifacts.lambdas_zip import package
from refit.errors import BuildError

RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3")
HANDLERS = sorted(file.stem for file in lambdas_zip.LAMBDAS.glob("[!_]*.py"))


def test_it_is_the_same_bytes_whenever_and_wherever_it_is_built(tmp_path: Path) -> None:
    first = package(tmp_path / "a" / "lambdas.zip")
    os.utime(lambdas_zip.LAMBDAS / "check_data.py")
    previous = os.umask(0o077)
    try:
        second = package(tmp_path / "b" / "lambdas.zip")
    finally:
        os.umask(previous)
    assert first == second == hashlib.sha256((tmp_path / "a" / "lambdas.zip").read_bytes()).hexdigest()


def test_it_holds_the_handlers_and_the_web_client_alone(tmp_path: Path) -> None:
    package(tmp_path / "lambdas.zip")
    with zipfile.ZipFile(tmp_path / "lambdas.zip") as archive:
        members = archive.infolist()
    names = [member.filename for member in members]
    assert names == sorted(names)
    assert {f"lambdas/{handler}.py" for handler in HANDLERS} < set(names)
    assert all(name.endswith(".py") for name in names)
    assert {name.split("/")[0] for name in names} == {"lambdas", "refit", "slack_sdk"}
    assert {name.split("/")[1] for name in names if name.startswith("refit/")} == {"__init__.py", "domain"}
    assert not [name for name in names if "oauth" in name or "socket_mode" in name or "async" in name]
    assert {member.date_time for member in members} == {(1980, 1, 1, 0, 0, 0)}
    assert {member.external_attr >> 16 for member in members} == {0o100644}
    assert {member.compress_type for member in members} == {zipfile.ZIP_STORED}


def test_every_handler_imports_from_the_zip_with_the_runtimes_boto3_and_nothing_else(tmp_path: Path) -> None:
    package(tmp_path / "lambdas.zip")
    runtime = tmp_path / "runtime"
    runtime.mkdir()
    for name in RUNTIME:
        spec = find_spec(name)
        assert spec is not None
        assert spec.origin is not None
        (runtime / name).symlink_to(Path(spec.origin).parent)
    six = find_spec("six")
    assert six is not None
    (runtime / "six.py").symlink_to(str(six.origin))
    code = f"""
import importlib, sys
sys.path[:0] = [{str(tmp_path / "lambdas.zip")!r}, {str(runtime)!r}]
for name in {HANDLERS!r}:
    assert callable(importlib.import_module("lambdas." + name).handler), name
import slack_sdk
assert slack_sdk.__file__.startswith({str(tmp_path / "lambdas.zip")!r}), slack_sdk.__file__
from lambdas.notify_slack import handler
print(handler({{"settings": {{"slack": None}}}}, None)["reason"])
"""
    # -S: no site-packages; -I: no PYTHONPATH, no user site, no working directory.
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "disabled"


def test_a_build_that_fails_leaves_the_last_zip_and_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "lambdas.zip"
    before = package(target)
    monkeypatch.setattr(lambdas_zip, "_own", lambda: iter([("lambdas/gone.py", tmp_path / "gone.py")]))
    with pytest.raises(FileNotFoundError):
        package(target)
    assert [path.name for path in tmp_path.iterdir()] == ["lambdas.zip"]
    assert hashlib.sha256(target.read_bytes()).hexdigest() == before


def test_without_slack_sdk_it_says_what_to_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(lambdas_zip, "distribution", missing)
    with pytest.raises(BuildError, match="slack_sdk is not installed") as raised:
        package(tmp_path / "lambdas.zip")
    assert raised.value.hint == "run: make setup"
    assert list(tmp_path.iterdir()) == []
