"""The sizes and names of the files in the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.tracked_files import ROOT, tracked

MAX_LINES = 250
"""One job a file; most files of the product have fewer than 120 lines (docs/architecture.md)."""


@pytest.mark.parametrize("suffix", ["py", "tf", "j2", "jsonata", "yml"])
def test_no_file_of_code_is_longer_than_250_lines(suffix: str) -> None:
    files = tracked(f"*.{suffix}")
    assert files
    lengths = {file: (ROOT / file).read_text(encoding="utf-8").count("\n") for file in files}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}


def test_no_file_names_a_package_index() -> None:
    kinds = {".py", ".md", ".txt", ".toml", ".yml", ".tf", ".j2", ""}
    files = [file for file in map(ROOT.joinpath, tracked()) if file.suffix in kinds and file != Path(__file__)]
    lines = [
        f"{file.relative_to(ROOT)}:{number}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if "--index-url" in line or "--extra-index-url" in line or line.startswith(("-i ", "--find-links"))
    ]
    assert lines == []
