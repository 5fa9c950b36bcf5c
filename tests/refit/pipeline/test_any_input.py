"""Any bytes give a pipeline, or problems that are well formed: no traceback, no warning, and places that exist."""

from __future__ import annotations

import json
import random
import warnings
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from refit.errors import InvalidPipeline
from refit.pipeline import files
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.model import Pipeline
from refit.project import PipelineRef, Project
from tests.support.rejected_values import REJECTED, pipeline

ROOT = Path(__file__).parents[3]
EXAMPLES = [path.read_bytes() for path in sorted((ROOT / "terraform" / "pipelines" / "local").glob("*.tfvars"))]
REF = PipelineRef(Project(ROOT), ROOT / "terraform" / "pipelines" / "prod" / "home-prices.tfvars")
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PIECES = [
    *(
        b'"',
        b"${",
        b"$${",
        b"%{",
        b"%%{",
        b"{",
        b"}",
        b"[",
        b"]",
        b"(",
        b")",
        b"=",
        b":",
        b",",
        b"#",
        b"//",
        b"/*",
        b"*/",
    ),
    *(
        b"\n",
        b"\r\n",
        b"\r",
        b"\t",
        b"\\",
        b"\\u00",
        b"\\UFFFFFFFF",
        b"\x00",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
    ),
    *(
        b"<<EOT\n",
        b"<<<<<<< a\n",
        b"for",
        b"if",
        b"null",
        b"true",
        b"1e999",
        b"3.e1",
        b"-",
        b"0x1",
        b"9" * 400,
        b"1" * 5_000,
    ),
    *(text.encode() for text in ("é", "e\u0301", "\u2028", "\ufdd0", "😀", "ſ", "²", "٣", "\u00a0")),
    *(b"window = { start = 1 }\n", b"tags = {}\n", b'"a" = ', b"[[[[", b"{a={a={a=", b"x.y[0]", b"f(1)", b"..."),
]
WORDS = [
    *(
        "",
        " ",
        "a",
        "at()",
        "cron()",
        "rate(1 day)",
        "at(9999-12-31T23:59:59)",
        "at(0001-01-01T00:00:00)",
        "cron(0 0 L W L 1)",
    ),
    *("0001-01-01", "9999-12-31", "arn:aws:sns:us-west-2:123456789012:x", "/", "//", "../..", "a/" * 300, "x" * 3_000),
    *(
        "[[a](.)",
        "(a{99999999999})",
        "(" * 400,
        "(?P<a>.)(?P=a)",
        "\x00",
        "\ud7ff",
        "\U0010ffff",
        "{% a %}",
        "${a}",
        "%{b}",
    ),
]


def outcome(source: bytes) -> Pipeline | None:
    """The pipeline in these bytes; None if they have problems, which are all checked to be well formed."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            return files.parse(files.Source(source), REF, NOW)
        except InvalidPipeline as error:
            problems = error.problems
    assert problems
    text = source.decode("utf-8-sig", errors="replace")
    lines = text.split("\n")
    for problem in problems:
        shown = str(problem)
        assert shown.startswith(f"{REF.display_path}:{problem.line}:{problem.column}: {problem.code} ")
        assert shown.isprintable(), shown
        assert 1 <= problem.line <= len(lines)
        assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
        assert len(shown) < 1_500
    return None


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=30))
def test_any_bytes_are_a_pipeline_or_have_problems(pieces: list[bytes]) -> None:
    outcome(b"".join(pieces))


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_pipeline_file_is_a_pipeline_or_has_problems(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, and no secret
    for example in EXAMPLES:
        for _ in range(4):
            damaged = bytearray(example)
            for _ in range(chance.randint(1, 3)):
                start = chance.randrange(len(damaged))
                damaged[start : start + chance.choice((0, 0, 1, 9))] = chance.choice(PIECES)
            outcome(bytes(damaged))


scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=8)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=3),
    max_leaves=5,
)
LEAVES = sorted(
    {
        (section, name)
        for fields, _ in REJECTED
        for section, inner in fields.items()
        if isinstance(inner, dict)
        for name in inner
    }
)


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(LEAVES), values), min_size=1, max_size=4))
def test_any_values_of_the_fields_are_a_pipeline_or_have_problems(chosen: list[tuple[tuple[str, str], Any]]) -> None:
    fields: dict[str, Any] = {}
    for (section, name), value in chosen:
        fields.setdefault(section, {})[name] = value
    document = pipeline(**fields)
    document["data"] = {**pipeline()["data"], **fields.get("data", {})}
    outcome("".join(f"{name} = {written(value)}\n" for name, value in document.items()).encode())


def written(value: Any) -> str:
    """A value in HCL, with every character of its text escaped; numbers that HCL cannot write become names."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{written(key)} = {written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(one):08x}" for one in value) + '"'
    return json.dumps(value)


@pytest.mark.parametrize(
    "opening",
    ["a = [", "a = {b=", "a = (", 'a = "${', "a = -", "a = !", "a = x.", "a = f(", "a = x[", "/*", '"', "<<E\n"],
)
def test_nesting_without_end_is_a_problem(opening: str) -> None:
    name, _, rest = opening.rpartition(" ")
    for times in (50, 1_000, 10_000):
        assert outcome(f"{name} {rest * times}"[: hcl.MAX_BYTES].encode()) is None
