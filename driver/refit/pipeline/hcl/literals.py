"""Walks the parse tree of a pipeline file and keeps its literals; everything else is refused, and the walk goes on.

Refused is whatever would have to be evaluated, and what python-hcl2 accepts and Terraform does not (two fields on one
line, a string over two lines, unknown escapes), because both read the same file and must read the same values. The
grammar is HCL's native syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TypeAlias

from lark import Token, Tree

from refit.errors import Problem
from refit.pipeline.hcl.located import REFUSED, Located, Location, Path, Value, dotted
from refit.problem_codes import Code

Node: TypeAlias = "Tree[Token] | Token"

MAX_DEPTH = 8
MAX_DIGITS = 30

WORDS = {"true": True, "false": False, "null": None}

# What other languages call them.
MEANT = {"yes": "true", "on": "true", "no": "false", "off": "false", "none": "null", "nil": "null"}

NOT_LITERAL = {
    "identifier": "a reference",
    "get_attr_expr_term": "a reference",
    "index_expr_term": "a reference",
    "attr_splat_expr_term": "a reference",
    "full_splat_expr_term": "a reference",
    "function_call": "a function call",
    "conditional": "a conditional",
    "binary_op": "a calculation",
    "unary_op": "a calculation",
    "for_tuple_expr": "a for expression",
    "for_object_expr": "a for expression",
    "heredoc_template": "a heredoc",
    "heredoc_template_trim": "a heredoc",
    "template_string": "a string with escaped quotes",
    "parentheses": "an expression in parentheses",
}

IN_STRING = re.compile(r'\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|\$\$\{|%%\{|"|\r?\n', re.DOTALL)
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


class Reader:
    """Walks one parse tree, collecting problems instead of stopping at the first."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def refuse(self, place: Location, code: Code, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.file, *place, code, message, hint))

    def body(self, tree: Tree[Token]) -> Located:
        """The fields of the file."""
        fields: dict[str, Located] = {}
        separated = True
        for node in _trees(_trees(tree)[0]):
            if node.data == "new_line_or_comment":
                separated = separated or _ends_line(node)
                continue
            if not separated:
                message = "a second field stands on the same line"
                self.refuse(_place(node), Code.SYNTAX, message, "write each field on a line of its own")
            name, place = str(_trees(node)[0].children[0]), _place(node)
            if node.data == "block":
                self.refuse(place, Code.SYNTAX, f"{name} is written as a block", f"write {name} = {{ … }}")
                literal = Located(REFUSED, place, place)
            else:
                value = node.children[-1]
                literal = Located(self.value(value, (name,)), _place(value), place)
            self.add(fields, (name,), literal)
            separated = literal.value is REFUSED  # a calculation swallows the line's end
        return Located(fields, Location(1, 1), Location(1, 1))

    def add(self, fields: dict[str, Located], path: Path, literal: Located) -> None:
        """Puts a named value among its siblings, or refuses it because the name is taken."""
        first = fields.setdefault(str(path[-1]), literal)
        if first is not literal:
            message = f"{dotted(path)} is written twice, first on line {first.name.line}"
            self.refuse(literal.name, Code.DUPLICATE_KEY, message, "keep one of them")

    def value(self, node: Node, path: Path) -> Value:
        """The literal that an expression is, or REFUSED."""
        kind, term = _kind(node)
        match kind:
            case "string":
                return self.string(term, path)
            case "int_lit" | "float_lit":
                return self.number(str(term.children[0]), _place(node), path)
            case "literal_value":
                return WORDS[str(term.children[0])]
            case "object" | "tuple" if len(path) > MAX_DEPTH:
                message = f"{dotted(path[:1])} is nested deeper than {MAX_DEPTH} levels"
                self.refuse(_place(node), Code.TOO_DEEP, message)
                return REFUSED
            case "object":
                return self.object(term, path)
            case "tuple":
                items = [child for child in _trees(term) if child.data != "new_line_or_comment"]
                return tuple(
                    Located(self.value(item, (*path, i)), _place(item), _place(item)) for i, item in enumerate(items)
                )
            case "unary_op" if term.children[0] == "-":
                operand_kind, operand = _kind(term.children[1])
                if operand_kind in ("int_lit", "float_lit"):
                    return self.number(f"-{operand.children[0]}", _place(node), path)
        what = NOT_LITERAL.get(kind, "an expression")
        hint = _meant(str(term.children[0])) if kind == "identifier" else "write the value itself"
        message = f"{dotted(path)} is {what}; a pipeline file holds literal values only"
        self.refuse(_place(node), Code.NOT_A_LITERAL, message, hint)
        return REFUSED

    def object(self, tree: Tree[Token], path: Path) -> dict[str, Located]:
        fields: dict[str, Located] = {}
        separated, new_line = True, False
        for node in tree.children:
            if isinstance(node, Token):
                if node.type == "COMMA":
                    if new_line:
                        message = "this comma stands on a new line"
                        self.refuse(_place(node), Code.SYNTAX, message, "write it behind the value before it")
                    separated = True
            elif node.data == "new_line_or_comment":
                new_line = new_line or _ends_line(node)
            else:
                if not (separated or new_line):
                    message = "a comma is missing here"
                    self.refuse(_place(node), Code.SYNTAX, message, "write a comma, or begin a new line")
                separated = new_line = False
                key, value = node.children[0], node.children[-1]
                if (name := self.key(key, path)) is not None:
                    inner = (*path, name)
                    literal = Located(self.value(value, inner), _place(value), _place(key))
                    self.add(fields, inner, literal)
                    separated = literal.value is REFUSED
        return fields

    def key(self, node: Node, path: Path) -> str | None:
        """The name of a field in an object, or None when it is not a literal one."""
        child = _tree(_tree(node).children[0])
        kind, term = ("keyword", child) if child.data == "keyword" else _kind(child)
        if kind in ("identifier", "literal_value", "keyword") and term.children[0] != "for":
            return str(term.children[0])
        if kind == "string":
            text = self.string(term, path)
            return text if isinstance(text, str) else None
        what = "the word for" if kind == "keyword" else NOT_LITERAL.get(kind, "not a name")
        message = f"this name in {dotted(path)} is {what}"
        self.refuse(_place(node), Code.SYNTAX, message, "write the name in double quotes")
        return None

    def number(self, text: str, place: Location, path: Path) -> Value:
        whole = text.lstrip("-").isdigit()
        number: int | float = int(text) if whole and len(text) <= MAX_DIGITS else float(text)
        if (whole and isinstance(number, float)) or not math.isfinite(number):
            self.refuse(place, Code.OUT_OF_RANGE, f"{dotted(path)} is a number beyond what any field takes")
            return REFUSED
        return number

    def string(self, tree: Tree[Token], path: Path) -> Value:
        """The characters that a quoted string stands for, as Terraform reads it (normal form C included)."""
        parts = [part.children[0] for part in _trees(tree)]
        if templates := [part for part in parts if isinstance(part, Tree)]:
            message = f"{dotted(path)} holds a template; a pipeline file holds literal values only"
            hint = "write the value itself, or $${ for the two characters ${"
            self.refuse(_place(templates[0]), Code.NOT_A_LITERAL, message, hint)
            return REFUSED
        raw = "".join(map(str, parts))
        begin = _place(tree)
        try:
            text = IN_STRING.sub(_unescape, raw)
        except _InvalidString as error:
            self.refuse(Location(begin.line, begin.column + 1 + error.offset), Code.BAD_STRING, str(error), error.hint)
            return REFUSED
        return text if text.isascii() else unicodedata.normalize("NFC", text)


class _InvalidString(Exception):
    def __init__(self, offset: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.offset, self.hint = offset, hint


def _unescape(match: re.Match[str]) -> str:
    found = match[0]
    if found in ("$${", "%%{"):
        return found[1:]
    if found[0] != "\\":
        raise _InvalidString(-1, "this string does not end on its line", 'close it with "; write \\n for a new line')
    if found[1] in ESCAPES:
        return ESCAPES[found[1]]
    if len(found) > 2:
        code = int(found[2:], 16)
        if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
            return chr(code)
    raise _InvalidString(
        match.start(),
        f"{found} is not an escape that HCL knows",
        'write \\n, \\r, \\t, \\", \\\\, \\uNNNN or \\UNNNNNNNN',
    )


def _meant(word: str) -> str:
    known = word.lower()
    return f"write {known}" if known in WORDS else f"write {MEANT[known]}" if known in MEANT else f'write "{word}"'


def _tree(node: Node) -> Tree[Token]:
    if isinstance(node, Tree):
        return node
    raise TypeError(f"python-hcl2 put the token {node!r} where its grammar has a rule")


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _kind(node: Node) -> tuple[str, Tree[Token]]:
    """What an expression is, and the node that says so; an `expr_term` is but a wrapper."""
    tree = _tree(node)
    if tree.data != "expr_term":
        return str(tree.data), tree
    inner = tree.children[0]
    return (str(inner.data), inner) if isinstance(inner, Tree) else ("parentheses", tree)


def _place(node: Node) -> Location:
    at = node if isinstance(node, Token) else node.meta
    return Location(at.line or 1, at.column or 1)


def _ends_line(node: Tree[Token]) -> bool:
    """Whether a `new_line_or_comment` ends the line: a /* comment */ does not, even over several lines."""
    return any(not str(token).startswith("/*") for token in node.children)
