"""The sizes and names of the files in the repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_LINES = 250
"""One job a file; most files of the product have fewer than 120 lines (docs/architecture.md)."""


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True, text=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("suffix", ["py", "tf", "j2", "jsonata", "yml"])
def test_no_file_of_code_is_longer_than_250_lines(suffix: str) -> None:
    files = tracked(f"*.{suffix}")
    assert files
    lengths = {file.relative_to(ROOT).as_posix(): file.read_text(encoding="utf-8").count("\n") for file in files}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_no_file_names_a_package_index() -> None:
    kinds = {".py", ".md", ".txt", ".toml", ".yml", ".tf", ".j2", ""}
    files = [file for file in tracked() if file.suffix in kinds and file != Path(__file__)]
    lines = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if "--index-url" in line or "--extra-index-url" in line or line.startswith(("-i ", "--find-links"))
    ]
    assert lines == []
