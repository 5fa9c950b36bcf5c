"""The parser for plain literals reads what the grammar reads, or leaves the text to it."""

from __future__ import annotations

import random
import subprocess
import sys
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refit.errors import InvalidPipeline
from refit.pipeline.hcl import grammar, plain
from refit.pipeline.hcl.located import MAX_DEPTH, Document
from tests.refit.pipeline.hcl.test_literals import LITERALS
from tests.refit.pipeline.hcl.test_syntax_errors import EXAMPLE, PIECES
from tests.support.checkout import MINIMAL

ROOT = Path(__file__).parents[4]
PIPELINES = sorted((ROOT / "terraform" / "pipelines").glob("*/*.tfvars"))
HEAVY = {"boto3", "botocore", "hcl2", "lark", "jinja2", "ministack", "numpy", "rich", "typer"}


def assert_the_grammar_agrees(text: str) -> None:
    """What the plain parser reads is exactly what the grammar reads, without a problem."""
    root = plain.parse(text)
    if root is not None:
        assert grammar.parse(text, "p.tfvars") == Document(root, ())


@pytest.mark.parametrize("file", PIPELINES, ids=lambda file: file.stem)
def test_the_pipelines_of_this_repository_are_plain(file: Path) -> None:
    text = file.read_text()
    assert plain.parse(text) is not None
    assert_the_grammar_agrees(text)


@pytest.mark.parametrize("text", [literal for literal, _ in LITERALS])
def test_each_literal_is_read_alike(text: str) -> None:
    assert_the_grammar_agrees(f"a = {text}\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n \t\n# x",
        "a = 1",
        "a = 1 # x",
        "  a=1// x\n\n\nb\t=\t-2.50\n",
        "a = [ 1, # x\n\n  2,\n]",
        "a = {\n b = 1 # x\n\n c = [], \n # y\n}\n",
        'a = { "b c" = {}, d = [[], {}] }',
        "a = " + "[" * 8 + "]" * 8,
    ],
)
def test_layouts_that_are_plain(text: str) -> None:
    assert plain.parse(text) is not None
    assert_the_grammar_agrees(text)


@pytest.mark.parametrize(
    "text",
    [
        "a = 1 b = 2",
        "a = 1\na = 2",
        "a = { b = 1, b = 2 }",
        "a = { b = 1 c = 2 }",
        "a = { b = 1\n, c = 2 }",
        "a = { , }",
        "a = [1 2]",
        "a = [1\n, 2",
        "a =\n1",
        "a == 1",
        "a = { b => 1 }",
        "a = { b : 1 }",
        "a = 1_000",
        "a = 1.5.2",
        "a = 1e3",
        "a = 0x10",
        "a = truely",
        "a = true.b",
        "a = nullable",
        "a = var.b",
        "a = f()",
        "a = 1 + 2",
        "for = 1",
        "a = { for = 1 }",
        "a {\n}",
        'a = "x',
        'a = "x\ny"',
        r'a = "\n"',
        'a = "${b}"',
        'a = "%{b}"',
        'a = "ü"',
        "a = /* x */ 1",
        "/* x */\na = 1",
        "a = <<E\nx\nE\n",
        "ä = 1",
        "a = 1\r\n",
        "a = " + "[" * 9 + "]" * 9,
        "a = " + "[" * 5_000,
    ],
)
def test_everything_else_is_left_to_the_grammar(text: str) -> None:
    assert plain.parse(text) is None


spaces = st.sampled_from(["", " ", "\t", "  "])
breaks = st.sampled_from(["\n", "\n\n", " # x\n", "\t// y = \n  "])
gaps = st.one_of(spaces, breaks)
scalars = st.one_of(
    st.sampled_from(["true", "false", "null", "-7", "0", "12.50"]),
    st.text(st.sampled_from("aZ09 !#&'()*+,-./:;<=>?@^_`|~"), max_size=8).map('"{}"'.format),
)


@st.composite
def objects(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    keys = draw(st.lists(st.sampled_from(["a", "b-c", "_d", '"e f"']), unique=True, max_size=3))
    parts = [draw(gaps)]
    for key in keys:
        end = draw(st.sampled_from([",", ""]))
        parts += [key, draw(spaces), "=", draw(spaces), draw(inner), draw(spaces), end, draw(gaps if end else breaks)]
    return "{" + "".join(parts) + "}"


@st.composite
def lists(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    items = draw(st.lists(inner, max_size=3))
    return "[" + draw(gaps) + ",".join(f"{draw(gaps)}{item}{draw(spaces)}" for item in items) + draw(gaps) + "]"


values = st.recursive(scalars, lambda inner: st.one_of(objects(inner), lists(inner)), max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.from_regex(r"k[a-z0-9_-]{0,6}", fullmatch=True), values, max_size=4), st.data())
def test_whatever_is_plain_is_read_as_by_the_grammar(fields: dict[str, str], data: st.DataObject) -> None:
    text = "".join(
        f"{data.draw(gaps)}{name}{data.draw(spaces)}={data.draw(spaces)}{value}{data.draw(breaks)}"
        for name, value in fields.items()
    )
    depth = max(accumulate((character in "[{") - (character in "]}") for character in text), default=0)
    assert (plain.parse(text) is None) == (depth > MAX_DEPTH)
    assert_the_grammar_agrees(text)


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_mangled_file_is_read_as_by_the_grammar(randomness: random.Random, edits: int) -> None:
    source = bytearray(EXAMPLE)
    pieces: list[Any] = [piece for piece in PIECES if piece.isascii()]
    for _ in range(edits):
        begin = randomness.randrange(len(source))
        source[begin : begin + randomness.choice([0, 0, 1, 5, 40])] = randomness.choice(pieces)
    try:
        text = source.decode()
    except UnicodeDecodeError:
        return
    try:
        assert_the_grammar_agrees(text)
    except InvalidPipeline as error:
        raise AssertionError(f"the grammar rejects what the plain parser reads: {error}\n{text}") from error


def test_valid_files_are_checked_without_heavy_libraries(tmp_path: Path) -> None:
    (tmp_path / "terraform" / "pipelines" / "prod").mkdir(parents=True)
    (tmp_path / "terraform" / "pipelines" / "prod" / "home-prices.tfvars").write_text(MINIMAL)
    script = (
        "import sys, pathlib, datetime\n"
        "from refit.pipeline.validate import validate\n"
        "from refit.project import Project\n"
        "report = validate(Project(pathlib.Path(sys.argv[1])), [], datetime.date(2026, 11, 22))\n"
        "assert report.valid and len(report.pipelines) == 1, report\n"
        "print(*{name.partition('.')[0] for name in sys.modules})\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "pydantic" in loaded
    assert not loaded & HEAVY
