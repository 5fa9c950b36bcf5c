"""Explains a syntax error of a pipeline file: what the parser found, and what it expected."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lark import Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from refit.errors import Problem
from refit.pipeline.hcl.located import location
from refit.problem_codes import Code

CLOSES = {"LBRACE": "}", "LSQB": "]", "LPAR": ")"}
TEMPLATES = ("INTERP_START", "DIRECTIVE_START")
IN_STRING = ("DBLQUOTE", "STRING_CHARS")

# The parser expected the text of the first row of which it would have accepted every terminal.
EXPECTED = (
    ({"INT_LITERAL", "LBRACE", "RSQB"}, "expected a value or ]"),
    ({"INT_LITERAL", "LBRACE", "RBRACE"}, "expected a field's name or }"),
    ({"INT_LITERAL", "LBRACE"}, 'expected a value: a "string", a number, true, false, null, [ … ] or { … }'),
    ({"INT_LITERAL", "NAME"}, "expected digits after the point"),
    ({"COMMA", "RSQB"}, "expected a comma or ]"),
    ({"COMMA", "RBRACE"}, "expected a comma, a new line or }"),
    ({"EQ"}, "expected = between the field's name and its value"),
    ({"NAME", "$END"}, "expected a new line"),
    ({"NAME", "NL_OR_COMMENT"}, "expected a field's name"),
    ({"$END"}, "expected the end of the file"),
)

# Common mistakes, by their first characters, and what to write instead.
HABITS = (
    (r"'", 'write strings in double quotes: "…"'),
    (r"-\d\d", 'write a date in double quotes: "2026-11-01"'),
    (r"\+\d", "write the number without +"),
    (r"\.\d", "write 0 before the point"),
    (r"/\*", "write the comment on its own line, and close it with */"),
    (r"<<", "write the text as one string in double quotes"),
    (r"\\", "write \\\\ for a backslash"),
    (r"==|=>", "write name = value"),
)
# Common mistakes between the fields of a file.
HABITS_AT_TOP = (
    (r":", "write name = value"),
    (r",", "write each field on its own line, without a comma"),
)
# Common mistakes at the start of a line.
HABITS_AT_LINE_START = (
    (r"[{\[]", "a pipeline file is HCL, not JSON: write name = value"),
    (r'"', "write the field's name without quotes"),
)


CONFLICT = re.compile(r"^(<{7}|>{7})(?= |$)", re.MULTILINE)
FINISH_MERGE = "keep the lines of one side, and delete the lines that start with <<<<<<<, ======= and >>>>>>>"


def explain(error: UnexpectedInput, text: str, file: str) -> Problem:
    """Turns a parse error of lark into one problem, at the location where a user would look for the mistake.

    `text` is the original text; the parser read its mask (masking.py), which has the same offsets.
    """

    def problem(at: Token | int, code: Code, message: str, hint: str) -> Problem:
        offset = (at.start_pos or 0) if isinstance(at, Token) else at
        return Problem(file, *location(text, offset), code, message, hint)

    if marker := CONFLICT.search(text):
        message = f"found {marker[1]}, which git left here: a merge is unfinished"
        return problem(marker.start(), Code.SYNTAX, message, FINISH_MERGE)

    accepted = list(_leaves(error))
    rejected = [error.token] if isinstance(error, UnexpectedToken) else []
    opening = None
    for before, token in pairwise([*accepted, *rejected]):
        opening = before if before.type == "DBLQUOTE" else opening
        if token.type == "STRING_CHARS" and "\n" in token and before.type in IN_STRING and opening:
            message = "this string does not end on its line"
            return problem(opening, Code.BAD_STRING, message, 'close it with "; write \\n for a new line')
        if (
            before.type in ("INT_LITERAL", "FLOAT_LITERAL")
            and token.type == "NAME"
            and token.start_pos == before.end_pos
        ):
            message = f"found {token} directly after a number"
            return problem(token, Code.SYNTAX, message, "write the number with digits only")
    for token in accepted:
        if token.type in TEMPLATES:
            message = "found a template; a pipeline file contains only literal values"
            return problem(token, Code.NOT_A_LITERAL, message, f"write {token[0] * 2}{{ for the two characters {token}")
    brackets = [node for node in _stack(error) if isinstance(node, Token) and node.type in CLOSES]
    at_end = bool(rejected) and rejected[0].type == "$END"
    if at_end and brackets:
        message = f"the file ends before this {brackets[-1]} is closed"
        return problem(brackets[-1], Code.SYNTAX, message, f"write {CLOSES[brackets[-1].type]}")

    if accepted and _expects_a_block(error):
        last = next(token for token in reversed(accepted) if token.type != "NL_OR_COMMENT")
        message = "found the end of the line, expected = between the field's name and its value"
        return problem(last.end_pos or 0, Code.SYNTAX, message, "write name = value")
    position = len(text) if at_end else error.pos_in_stream or 0
    message = f"found {_found(text[position:])}, {_expected(error)}"
    hint = _habit(text[:position], text[position:], at_top=not brackets)
    return problem(position, Code.SYNTAX, message, hint)


def _expects_a_block(error: UnexpectedInput) -> bool:
    """Whether a line ended after words alone: the parser then reads on for the { of a block, into the next lines."""
    return isinstance(error, UnexpectedToken) and set(error.expected) == {"LBRACE"}


def _stack(error: UnexpectedInput) -> list[Tree[Token] | Token]:
    parser = getattr(error, "interactive_parser", None)
    return list(parser.parser_state.value_stack) if parser else []


def _leaves(error: UnexpectedInput) -> Iterator[Token]:
    """Every token that the parser accepted, in order."""
    todo = _stack(error)[::-1]
    while todo:
        node = todo.pop()
        if isinstance(node, Token):
            yield node
        else:
            todo.extend(reversed(node.children))


def _found(rest: str) -> str:
    if not rest.strip(" \t\r\n"):
        return "the end of the file"
    if rest[0] in "\r\n":
        return "the end of the line"
    if rest.startswith(("#", "//", "/*")):
        return "a comment"
    word = re.match(r"[\w.-]{1,30}|==|=>|\$\$\{|%%\{|.", rest)
    text = word[0] if word else rest[0]
    return text if text.isprintable() else f"the character U+{ord(text[0]):04X}"


def _expected(error: UnexpectedInput) -> str:
    terminals: set[str] = set()
    if isinstance(error, UnexpectedToken):
        terminals = set(error.expected)
    elif isinstance(error, UnexpectedCharacters):
        terminals = set(error.allowed or ())
    return next((words for row, words in EXPECTED if row <= terminals), "which is not allowed here")


def _habit(before: str, rest: str, *, at_top: bool) -> str:
    habits: tuple[tuple[str, str], ...] = HABITS
    if at_top:
        habits += HABITS_AT_TOP
        if not before.rpartition("\n")[2].strip():
            habits += HABITS_AT_LINE_START
    return next((hint for start, hint in habits if re.match(start, rest)), "")
