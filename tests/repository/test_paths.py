"""Paths in comments, docstrings and pages name files that exist, also after a file has moved."""

from __future__ import annotations

import io
import re
import tokenize

import pytest

from tests.support.tracked_files import ROOT, tracked

NAMED = re.compile(
    r"(?<![\w./-])((?:driver|lambdas|tests|asl|terraform|requirements|docs|examples|benchmarks|\.github)/[\w./-]*\w"
    r"\.(?:py|j2|jsonata|md|tf|hcl|yml|toml|txt|json|csv|svg))\b(?!\.\w)"
)
NOT_OURS = {"CHANGELOG.md"}
"""What was true in the past may name files of the past."""


def named_in() -> list[str]:
    """The files that may refer to others."""
    return [name for name in tracked() if name not in NOT_OURS and not name.endswith(".svg")]


def prose(name: str) -> str:
    """The text of a file; for Python, comments and docstrings only, as tests invent paths. Empty if it is not text."""
    try:
        text = (ROOT / name).read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError):
        return ""
    if not name.endswith(".py"):
        return text
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return "\n".join(token.string for token in tokens if token.string.startswith(("#", '"""')))


@pytest.mark.parametrize("folder", sorted({name.partition("/")[0] for name in named_in()}))
def test_every_path_that_is_named_exists(folder: str) -> None:
    missing = {
        f"{name}: {path}"
        for name in named_in()
        if name.partition("/")[0] == folder
        for path in NAMED.findall(prose(name))
        if not any((base / path).exists() for base in (ROOT, ROOT / "driver", (ROOT / name).parent))
    }
    assert missing == set()
