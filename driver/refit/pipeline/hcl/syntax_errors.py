"""Says in plain words why the parser refused a pipeline file: what was met, and what may stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from lark import Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from refit.errors import Problem
from refit.problem_codes import Code

CLOSES = {"LBRACE": "}", "LSQB": "]", "LPAR": ")"}
TEMPLATES = ("INTERP_START", "DIRECTIVE_START")
IN_STRING = ("DBLQUOTE", "STRING_CHARS", "ESCAPED_INTERPOLATION", "ESCAPED_DIRECTIVE")

# The first row whose terminals the parser would all have taken says what may stand here.
ALLOWED = (
    ({"INT_LITERAL", "LBRACE", "RSQB"}, "a value or ] may stand here"),
    ({"INT_LITERAL", "LBRACE", "RBRACE"}, "a field's name or } may stand here"),
    ({"INT_LITERAL", "LBRACE"}, 'a value must stand here: "text", a number, true, false, null, [ … ] or { … }'),
    ({"INT_LITERAL", "NAME"}, "digits must stand behind the point"),
    ({"COMMA", "RSQB"}, "a comma or ] must stand here"),
    ({"COMMA", "RBRACE"}, "a comma, a new line or } must stand here"),
    ({"EQ"}, "= must stand here, between a field's name and its value"),
    ({"NAME", "$END"}, "a new line must begin here"),
    ({"NAME", "NL_OR_COMMENT"}, "a field's name must stand here"),
    ({"$END"}, "nothing more may stand here"),
)

# What people write instead of HCL, by how it begins.
HABITS = (
    (r"'", 'write text in double quotes: "…"'),
    (r"-\d\d", 'write a date in double quotes: "2026-11-01"'),
    (r"\+\d", "write the number without +"),
    (r"\.\d", "write 0 before the point"),
    (r"/\*", "write the comment on a line of its own, and close it with */"),
    (r"<<", "write the text as one string in double quotes"),
    (r"\\", "write \\\\ for a backslash"),
    (r"\$\$\{", "write \\u0024{ for the characters ${"),
    (r"%%\{", "write \\u0025{ for the characters %{"),
    (r"==|=>", "write name = value"),
)
# The same, between the fields of a file.
HABITS_AT_TOP = (
    (r":", "write name = value"),
    (r",", "write each field on a line of its own, without a comma"),
)
# The same, at the beginning of a line of a file.
HABITS_AT_LINE_START = (
    (r"[{\[]", "a pipeline file is HCL, not JSON: write name = value"),
    (r'"', "write the field's name without quotes"),
)


def explain(error: UnexpectedInput, text: str, file: str) -> Problem:
    """The one problem that a parse error of lark stands for, at the place where a person would look for it."""

    def problem(token: Token, code: Code, message: str, hint: str) -> Problem:
        return Problem(file, token.line or 1, token.column or 1, code, message, hint)

    taken = list(_leaves(error))
    met = [error.token] if isinstance(error, UnexpectedToken) else []
    opening = None
    for before, token in pairwise([*taken, *met]):
        opening = before if before.type == "DBLQUOTE" else opening
        if token.type == "STRING_CHARS" and "\n" in token and before.type in IN_STRING and opening:
            message = "this string does not end on its line"
            return problem(opening, Code.BAD_STRING, message, 'close it with "; write \\n for a new line')
        if (
            before.type in ("INT_LITERAL", "FLOAT_LITERAL")
            and token.type == "NAME"
            and token.start_pos == before.end_pos
        ):
            message = f"met {token} directly behind a number"
            return problem(token, Code.SYNTAX, message, "write the number with digits only")
    for token in taken:
        if token.type in TEMPLATES:
            message = "a template begins here; a pipeline file holds literal values only"
            return problem(token, Code.NOT_A_LITERAL, message, f"write {token[0] * 2}{{ for the two characters {token}")
    brackets = [node for node in _stack(error) if isinstance(node, Token) and node.type in CLOSES]
    if met and met[0].type == "$END" and brackets:
        message = f"the file ends before this {brackets[-1]} is closed"
        return problem(brackets[-1], Code.SYNTAX, message, f"write {CLOSES[brackets[-1].type]}")

    position = len(text) if met and met[0].type == "$END" else error.pos_in_stream or 0
    message = f"{_met(text[position:])}, but {_allowed(error)}"
    hint = _habit(text[:position], text[position:], at_top=not brackets)
    return Problem(file, max(error.line, 1), max(error.column, 1), Code.SYNTAX, message, hint)


def _stack(error: UnexpectedInput) -> list[Tree[Token] | Token]:
    parser = getattr(error, "interactive_parser", None)
    return list(parser.parser_state.value_stack) if parser else []


def _leaves(error: UnexpectedInput) -> Iterator[Token]:
    """Every token that the parser had taken, in order."""
    todo = _stack(error)[::-1]
    while todo:
        node = todo.pop()
        if isinstance(node, Token):
            yield node
        else:
            todo.extend(reversed(node.children))


def _met(rest: str) -> str:
    if not rest.strip(" \t\r\n"):
        return "the file ends here"
    if rest[0] in "\r\n":
        return "the line ends here"
    if rest.startswith(("#", "//", "/*")):
        return "a comment begins here"
    word = re.match(r"[\w.-]{1,30}|==|=>|\$\$\{|%%\{|.", rest)
    found = word[0] if word else rest[0]
    return f"met {found}" if found.isprintable() else f"met the character U+{ord(found[0]):04X}"


def _allowed(error: UnexpectedInput) -> str:
    expected: set[str] = set()
    if isinstance(error, UnexpectedToken):
        expected = set(error.expected)
    elif isinstance(error, UnexpectedCharacters):
        expected = set(error.allowed or ())
    return next((words for terminals, words in ALLOWED if terminals <= expected), "it may not stand here")


def _habit(before: str, rest: str, *, at_top: bool) -> str:
    habits: tuple[tuple[str, str], ...] = HABITS
    if at_top:
        habits += HABITS_AT_TOP
        if not before.rpartition("\n")[2].strip():
            habits += HABITS_AT_LINE_START
    return next((advice for begins, advice in habits if re.match(begins, rest)), "")
