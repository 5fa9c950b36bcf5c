"""Workflow commands: no text of an annotation or of another program acts as a command."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit import github
from refit.errors import Problem
from refit.problem_codes import Code
from tests.support.nasty_text import TEXT
from tests.support.runner import commands


@given(file=TEXT, message=TEXT, hint=TEXT, line=st.integers(1, 9999), column=st.integers(1, 999))
def test_an_annotation_says_exactly_the_problem_and_is_the_only_command(
    file: str, message: str, hint: str, line: int, column: int
) -> None:
    out = io.StringIO()
    github.annotate([Problem(file, line, column, Code.SYNTAX, message, hint)], out)
    said = f"{message}; {hint}" if hint else message
    place = {"file": file, "line": str(line), "col": str(column), "title": "syntax"}
    assert commands(out.getvalue()) == [("error", place, said)]


def test_no_more_than_ten_annotations_are_printed() -> None:
    out = io.StringIO()
    github.annotate([Problem("a.tfvars", line, 1, Code.SYNTAX, "wrong") for line in range(1, 30)], out)
    assert [properties["line"] for _, properties, _ in commands(out.getvalue())] == [str(n) for n in range(1, 11)]


ACTIONS = {"GITHUB_ACTIONS": "true"}


@given(TEXT)
def test_what_others_print_is_no_command(text: str) -> None:
    out = io.StringIO()
    with github.commands_stopped(out, ACTIONS):
        out.write(text)
    github.annotate([Problem("a.tfvars", 1, 1, Code.SYNTAX, "afterwards")], out)
    assert [said for _, _, said in commands(out.getvalue())] == ["afterwards"]


def test_nothing_is_printed_where_no_runner_listens() -> None:
    out = io.StringIO()
    with github.commands_stopped(out, {}):
        out.write("the plan")
    assert out.getvalue() == "the plan"


def test_commands_work_again_after_an_error() -> None:
    out = io.StringIO()
    with pytest.raises(KeyError), github.commands_stopped(out, ACTIONS):
        raise KeyError
    github.annotate([Problem("a.tfvars", 1, 1, Code.SYNTAX, "afterwards")], out)
    assert len(commands(out.getvalue())) == 1
