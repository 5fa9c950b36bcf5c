"""Syntax errors: what the parser found, what it expected, and bytes that are not text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refit.errors import InvalidPipeline
from refit.pipeline.hcl import reader as hcl
from tests.support.hcl import read, refused

VALUE = 'expected a value: a "string", a number, true, false, null, [ … ] or { … }'
EQUALS = "expected = between the field's name and its value; write name = value"
OPEN_STRING = 'this string does not end on its line; close it with "; write \\n for a new line'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a = "foo\nb = "bar"\n', f"1:5: bad-string {OPEN_STRING}"),
        ('a = "foo', f"1:5: bad-string {OPEN_STRING}"),
        (r'a = "\"', f"1:5: bad-string {OPEN_STRING}"),
        ("a = {\n  b = 1\n", "1:5: syntax the file ends before this { is closed; write }"),
        ("a = [[1]", "1:5: syntax the file ends before this [ is closed; write ]"),
        ("a = [1 2]", "1:8: syntax found 2, expected a comma or ]"),
        ("a = [1;2]", "1:7: syntax found ;, expected a value or ]"),
        ("a 1", "1:3: syntax found 1, expected = between the field's name and its value"),
        (
            "a == 1",
            "1:3: syntax found ==, expected = between the field's name and its value; write name = value",
        ),
        *(
            (f"a = 1\n{words}{after}", f"2:{len(words) + 1}: syntax found the end of the line, {EQUALS}")
            for words in ("foo", "foo bar")
            for after in ("", "\n", "\n\nb = 2\n")
        ),
        ("a: 1", "1:2: syntax found :, expected = between the field's name and its value; write name = value"),
        ("a = ", f"1:5: syntax found the end of the file, {VALUE}"),
        ("a = \nb = 1", f"1:5: syntax found the end of the line, {VALUE}"),
        ("= 1", "1:1: syntax found =, expected a field's name"),
        ('a = "x" "y"', '1:9: syntax found ", expected a new line'),
        ("a = 1 }", "1:7: syntax found }, expected the end of the file"),
        (
            "a = 1,",
            "1:6: syntax found ,, expected a new line; write each field on its own line, without a comma",
        ),
        ('"a" = 1', "1:1: syntax found \", expected a field's name; write the field's name without quotes"),
        (
            '{"a": 1}',
            "1:1: syntax found {, expected a field's name; a pipeline file is HCL, not JSON: write name = value",
        ),
        ("a = 'x'", f'1:5: syntax found \', {VALUE}; write strings in double quotes: "…"'),
        (
            "a = 2026-11-01",
            '1:9: syntax found -11-01, expected a new line; write a date in double quotes: "2026-11-01"',
        ),
        ("a = +5", f"1:5: syntax found +, {VALUE}; write the number without +"),
        ("a = .5", f"1:5: syntax found .5, {VALUE}; write 0 before the point"),
        ("a = 0x10", "1:6: syntax found x10 directly after a number; write the number with digits only"),
        ("a = 1_000", "1:6: syntax found _000 directly after a number; write the number with digits only"),
        ("a = <<EOT\nx", f"1:5: syntax found <, {VALUE}; write the text as one string in double quotes"),
        (
            "a = /* c",
            f"1:5: syntax found a comment, {VALUE}; write the comment on its own line, and close it with */",
        ),
        (
            'a = "${b"',
            "1:6: not-a-literal found a template; a pipeline file contains only literal values; "
            "write $${ for the two characters ${",
        ),
        ("a = # c\n1", f"1:5: syntax found a comment, {VALUE}"),
        ("équipe 1", "1:8: syntax found 1, expected = between the field's name and its value"),
        ("a = é", '1:5: not-a-literal a is a reference; a pipeline file contains only literal values; write "é"'),
        ("a = /* é */ $${x", f"1:13: syntax found $${{, {VALUE}"),
        (
            "a = 3.e",
            "1:5: not-a-literal a is a reference; a pipeline file contains only literal values; write the value itself",
        ),
        ("a = /* 1\n2 */ é /* 3\n4 */ 5", "3:6: syntax found 5, expected a new line"),
        ("a = \u2028", f"1:5: syntax found the character U+2028, {VALUE}"),
    ],
)
def test_a_syntax_error_is_told_in_plain_words(text: str, expected: str) -> None:
    assert refused(text) == [expected]


@pytest.mark.parametrize("marker", ["<<<<<<< HEAD", ">>>>>>> theirs", "<<<<<<<", ">>>>>>>"])
def test_an_unfinished_merge_is_told_with_the_line_of_its_first_marker(marker: str) -> None:
    assert refused(f"a = 1\n{marker}\nb = 1\n=======\nb = 2\n>>>>>>> theirs\n") == [
        f"2:1: syntax found {marker[:7]}, which git left here: a merge is unfinished; "
        "keep the lines of one side, and delete the lines that start with <<<<<<<, ======= and >>>>>>>"
    ]


def test_a_marker_of_a_merge_in_a_comment_says_nothing() -> None:
    assert read("/*\n<<<<<<< HEAD\n*/\na = 1\n").plain() == {"a": 1}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"a = 1\nb = \x00", "2:5: control-character the control character U+0000 is not allowed in a pipeline file"),
        (b"a = 1\rb = 2\r", "1:6: control-character the control character U+000D is not allowed in a pipeline file"),
        (b'a = "\xff"', "1:6: not-utf8 the byte 0xff is not UTF-8; save the file as UTF-8"),
        ("a = 1".encode("utf-16"), "1:1: not-utf8 the byte 0xff is not UTF-8; save the file as UTF-8"),
        (b"#" * 40_000, "1:1: file-too-big the file has more than 32,768 bytes, the maximum"),
    ],
)
def test_bytes_that_are_no_text_are_refused(source: bytes, expected: str) -> None:
    (found,) = refused(source)
    assert found.startswith(expected)


@pytest.mark.parametrize("deep", ["[" * 5_000 + "]" * 5_000, "{a=" * 5_000 + "1" + "}" * 5_000])
def test_deep_nesting_is_a_problem_and_no_crash(deep: str) -> None:
    (found,) = refused(f"a = {deep}")
    assert "a is nested deeper than 8 levels" in found


EXAMPLE = (Path(__file__).parents[4] / "terraform" / "pipelines" / "local" / "home-prices.tfvars").read_bytes()
PIECES = [
    b'"',
    b"{",
    b"}",
    b"[",
    b"]",
    b"${",
    b"$${",
    b"%{",
    b"\\",
    b"=",
    b",",
    b"\n",
    b"#",
    b"/*",
    b"<<E\n",
    b"-",
    b"\xff",
]


@settings(max_examples=300, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_a_mangled_file_is_read_or_refused_with_a_place(randomness: random.Random, edits: int) -> None:
    source = bytearray(EXAMPLE)
    for _ in range(edits):
        begin = randomness.randrange(len(source))
        source[begin : begin + randomness.choice([0, 0, 1, 5, 40])] = randomness.choice(PIECES)
    lines = source.count(b"\n") + 1
    try:
        found = hcl.parse(bytes(source), "p.tfvars").problems
    except InvalidPipeline as error:
        found = error.problems
        assert found
    for problem in found:
        assert 1 <= problem.line <= lines
        assert problem.column >= 1
        assert problem.message.isprintable()
