"""Reading pipeline files: literals have locations, and everything else is rejected with a clear message."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from refit.pipeline.hcl import reader as hcl
from refit.pipeline.hcl.located import INVALID
from tests.support.hcl import read, refused


def value(text: str) -> Any:
    """The value of `a` in a file that sets it to `text`."""
    plain = read(f"a = {text}\n").plain()
    assert isinstance(plain, dict)
    return plain["a"]


LITERALS: list[tuple[str, Any]] = [
    ('"text"', "text"),
    ('""', ""),
    ("7", 7),
    ("-5", -5),
    ("-55", -55),
    ("- 5", -5),
    ("007", 7),
    ("1.50", 1.5),
    ("-1.5e3", -1500.0),
    ("true", True),
    ("false", False),
    ("null", None),
    ("[]", ()),
    ('[1, "2", true,]', (1, "2", True)),
    ("[\n  1, # one\n  2\n]", (1, 2)),
    ("{}", {}),
    ('{ b = 1, "c-d" = 2 }', {"b": 1, "c-d": 2}),
    ("{ b : 1\n c = 2\n }", {"b": 1, "c": 2}),
    ('{ "for" = 1, in = 2, true = 3, null = 4 }', {"for": 1, "in": 2, "true": 3, "null": 4}),
    ("{ b = { c = [{ d = null }] } }", {"b": {"c": ({"d": None},)}}),
    (r'"a\n\r\t\"\\"', 'a\n\r\t"\\'),
    (r'"\u0041\U0001F600"', "A😀"),
    ('"$${x} %%{if}"', "${x} %{if}"),
    ('"$$${x}"', "$${x}"),
    ('"100% $5 $"', "100% $5 $"),
    ('"tab\there"', "tab\there"),
    ('"e\u0301"', "\u00e9"),
    (r'"\u0024{x}"', "${x}"),
    ('"costs $${"', "costs ${"),
    ('"%%{ $${ }"', "%{ ${ }"),
    ("3.e1", 30.0),
    ("-3.E+1", -30.0),
    ("[1.e2, 2]", (100.0, 2)),
    ("/* c */ 1", 1),
    ("/* c\n # d */ 1 /* e\n */", 1),
    ('"/* c */ # // 3.e1"', "/* c */ # // 3.e1"),
    ('{ b /* c */ = /* d */ 1 /* e */, "f" /**/ : 2 }', {"b": 1, "f": 2}),
    ("[ /* c */ 1 /* d\n */, 2 ]", (1, 2)),
    ('{ équipe = "prix", 価格-x = 1, e\u0301 = 2 }', {"équipe": "prix", "価格-x": 1, "\u00e9": 2}),
]


@pytest.mark.parametrize(("text", "expected"), LITERALS)
def test_a_literal_is_read(text: str, expected: Any) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_terraform_reads_the_same_values(tmp_path: Path) -> None:
    names = [f"v{number}" for number in range(len(LITERALS))]
    (tmp_path / "main.tf").write_text("".join(f'variable "{name}" {{ default = null }}\n' for name in names))
    text = "".join(f"{name} = {literal}\n" for name, (literal, _) in zip(names, LITERALS, strict=True))
    (tmp_path / "values.tfvars").write_text(text)
    asked = f"jsonencode([{', '.join(f'var.{name}' for name in names)}])"
    answer = subprocess.run(
        ["terraform", "console", "-var-file=values.tfvars"],
        cwd=tmp_path,
        input=asked,
        capture_output=True,
        text=True,
        check=True,
    )
    theirs = json.loads(json.loads(answer.stdout))
    assert theirs == json.loads(json.dumps(list(read(text).plain().values())))


def test_every_value_and_name_has_its_place() -> None:
    root = read('a = 1\n\nb = {\n  c   = [true,\n    "x"]\n}\n')
    *_, b, c, x = root.follow(("b", "c", 1))
    assert (b.location, b.name_location) == ((3, 5), (3, 1))
    assert (c.location, c.name_location) == ((4, 9), (4, 3))
    assert x.location == (5, 5)


def test_a_path_is_followed_as_far_as_the_file_goes() -> None:
    root = read("b = { c = 1 }\n")
    assert [literal.location for literal in root.follow(("b", "d", 3))] == [(1, 1), (1, 5)]


def test_the_three_kinds_of_comments_say_nothing() -> None:
    assert read("# one\n// two\n/* three\n   lines */\na = 1 # four\n").plain() == {"a": 1}


def test_a_comment_may_stand_inside_an_assignment_and_moves_no_place() -> None:
    root = read("a /* one\ntwo */ = /* three */ [\n  é,\n]\n".replace("é", '"é" /* four */'))
    *_, a, item = root.follow(("a", 0))
    assert (a.name_location, a.location, item.location) == ((1, 1), (2, 22), (3, 3))


def test_a_byte_order_mark_and_windows_line_ends_change_nothing() -> None:
    text = 'a = {\n  b = "x"\n}\nc = 1\n'
    windows = read(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert windows == read(text)


def test_an_empty_file_has_no_fields() -> None:
    assert read("").plain() == {}
    assert read("# nothing\n").plain() == {}


def test_all_that_is_no_literal_is_refused_in_one_go() -> None:
    text = r"""
a = foo
b = yes
c = "x${y}"
d = max(1, 2)
e = 1 + 2
f = { g = var.h, i = [for j in k : j] }
l = m ? 1 : 2
n = "%{ if true }x%{ endif }"
o = (1)
p = -"x"
q = !true
r = <<EOT
text
EOT
s = "\x \ud800"
t = { (u) = 1, 1 = 2 }
v = 1e999
w {
  x = 1
}
"""
    literal = "; a pipeline file contains only literal values"
    escapes = r"write \n, \r, \t, \", \\, \uNNNN or \UNNNNNNNN"
    assert refused(text) == [
        f'2:5: not-a-literal a is a reference{literal}; write "foo"',
        f"3:5: not-a-literal b is a reference{literal}; write true",
        "4:7: not-a-literal c contains a template; a pipeline file contains only literal values; "
        "write the value itself, or $${ for the two characters ${",
        f"5:5: not-a-literal d is a function call{literal}; write the value itself",
        f"6:5: not-a-literal e is a calculation{literal}; write the value itself",
        f"7:11: not-a-literal f.g is a reference{literal}; write the value itself",
        f"7:22: not-a-literal f.i is a for expression{literal}; write the value itself",
        f"8:5: not-a-literal l is a conditional{literal}; write the value itself",
        "9:6: not-a-literal n contains a template; a pipeline file contains only literal values; "
        "write the value itself, or $${ for the two characters ${",
        f"10:5: not-a-literal o is an expression in parentheses{literal}; write the value itself",
        f"11:5: not-a-literal p is a calculation{literal}; write the value itself",
        f"12:5: not-a-literal q is a calculation{literal}; write the value itself",
        f"13:5: not-a-literal r is a heredoc{literal}; write the value itself",
        rf"16:6: bad-string \x is not an escape sequence of HCL; {escapes}",
        "17:7: syntax this name in t is an expression in parentheses; write the name in double quotes",
        "17:16: syntax this name in t is not a name; write the name in double quotes",
        "18:5: out-of-range v is larger than any field accepts",
        "19:1: syntax w is a block; write w = { … }",
    ]


def test_what_is_refused_leaves_the_rest_readable() -> None:
    document = hcl.parse(b"a = foo\nb = 2\n", "p.tfvars")
    assert document.root.plain() == {"a": INVALID, "b": 2}


def test_a_name_written_twice_is_refused_with_its_first_line() -> None:
    assert refused('a = 1\nb = { c = 1\n "c" = 2 }\na = 3\n') == [
        "3:2: duplicate-key b.c is set twice, first on line 2; keep one of them",
        "4:1: duplicate-key a is set twice, first on line 1; keep one of them",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = 1 b = 2", "1:7: syntax this field starts on the same line as another; write each field on its own line"),
        (
            "a = 1 /* x */ b = 2",
            "1:15: syntax this field starts on the same line as another; write each field on its own line",
        ),
        ("a = { b = 1 c = 2 }", "1:13: syntax a comma is missing here; write a comma, or start a new line"),
        (
            "a = { b = 1\n, c = 2 }",
            "2:1: syntax this comma is on a new line; write it directly after the previous value",
        ),
        (
            'a = "$${x\nb = "}"',
            '1:5: bad-string this string does not end on its line; close it with "; write \\n for a new line',
        ),
        ("a = { for = 1 }", "1:7: syntax this name in a is the keyword for; write the name in double quotes"),
        (
            'a = "x\ny"',
            '1:5: bad-string this string does not end on its line; close it with "; write \\n for a new line',
        ),
    ],
)
def test_what_terraform_refuses_is_refused_though_the_library_takes_it(text: str, expected: str) -> None:
    assert refused(text) == [expected]
