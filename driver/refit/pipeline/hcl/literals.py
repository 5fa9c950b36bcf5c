"""Reads the literals from the parse tree of a pipeline file, and reports everything else as a problem.

Rejects expressions that would have to be evaluated, and syntax that python-hcl2 accepts but Terraform does not (two
fields on one line, a string over two lines, unknown escapes): both read the same file and must get the same values.
The grammar is HCL's native syntax: https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import json
import math
import unicodedata
from typing import TypeAlias

from lark import Token, Tree

from refit.errors import Problem
from refit.pipeline.hcl import strings
from refit.pipeline.hcl.located import INVALID, MAX_DEPTH, Located, Location, Path, Value, dotted, location
from refit.problem_codes import Code

Node: TypeAlias = "Tree[Token] | Token"

MAX_DIGITS = 30

WORDS = {"true": True, "false": False, "null": None}

# What users of other languages write for these words.
SYNONYMS = {"yes": "true", "on": "true", "no": "false", "off": "false", "none": "null", "nil": "null"}

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


class Reader:
    """Reads the parse tree of the masked `text`; collects problems instead of stopping at the first."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.problems: list[Problem] = []

    def reject(self, location: Location, code: Code, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.file, *location, code, message, hint))

    def place(self, node: Node) -> Location:
        return location(self.text, _start(node))

    def name(self, node: Tree[Token]) -> str:
        """A name without quotes, as the file has it."""
        start = _start(node)
        return unicodedata.normalize("NFC", self.text[start : start + len(str(node.children[0]))])

    def body(self, tree: Tree[Token]) -> Located:
        """The fields of the file."""
        fields: dict[str, Located] = {}
        separated = True
        for node in _trees(_trees(tree)[0]):
            if node.data == "new_line_or_comment":
                separated = True
                continue
            if not separated:
                message = "this field starts on the same line as another"
                self.reject(self.place(node), Code.SYNTAX, message, "write each field on its own line")
            name, place = self.name(_trees(node)[0]), self.place(node)
            if node.data == "block":
                self.reject(place, Code.SYNTAX, f"{name} is a block", f"write {name} = {{ … }}")
                literal = Located(INVALID, place, place)
            else:
                value = node.children[-1]
                literal = Located(self.value(value, (name,)), self.place(value), place)
            self.add(fields, (name,), literal)
            separated = literal.value is INVALID  # a calculation's node includes the end of the line
        return Located(fields, Location(1, 1), Location(1, 1))

    def add(self, fields: dict[str, Located], path: Path, literal: Located) -> None:
        """Adds a named value to `fields`, or rejects it if the name is already used."""
        first = fields.setdefault(str(path[-1]), literal)
        if first is not literal:
            message = f"{dotted(path)} is set twice, first on line {first.name_location.line}"
            self.reject(literal.name_location, Code.DUPLICATE_KEY, message, "keep one of them")

    def value(self, node: Node, path: Path) -> Value:
        """The value of a literal expression; INVALID for any other expression."""
        kind, term = _kind(node)
        match kind:
            case "string":
                return self.string(term, path)
            case "int_lit" | "float_lit":
                return self.number(str(term.children[0]), self.place(node), path)
            case "literal_value":
                return WORDS[str(term.children[0])]
            case "object" | "tuple" if len(path) > MAX_DEPTH:
                message = f"{dotted(path[:1])} is nested deeper than {MAX_DEPTH} levels"
                self.reject(self.place(node), Code.TOO_DEEP, message)
                return INVALID
            case "object":
                return self.object(term, path)
            case "tuple":
                items = [child for child in _trees(term) if child.data != "new_line_or_comment"]
                return tuple(
                    Located(self.value(item, (*path, i)), self.place(item), self.place(item))
                    for i, item in enumerate(items)
                )
            case "unary_op" if term.children[0] == "-":
                operand_kind, operand = _kind(term.children[1])
                if operand_kind in ("int_lit", "float_lit"):
                    return self.number(f"-{operand.children[0]}", self.place(node), path)
        what = NOT_LITERAL.get(kind, "an expression")
        hint = _literal_hint(self.name(term)) if kind == "identifier" else "write the value itself"
        message = f"{dotted(path)} is {what}; a pipeline file contains only literal values"
        self.reject(self.place(node), Code.NOT_A_LITERAL, message, hint)
        return INVALID

    def object(self, tree: Tree[Token], path: Path) -> dict[str, Located]:
        fields: dict[str, Located] = {}
        separated, new_line = True, False
        for node in tree.children:
            if isinstance(node, Token):
                if node.type == "COMMA":
                    if new_line:
                        message = "this comma is on a new line"
                        self.reject(
                            self.place(node), Code.SYNTAX, message, "write it directly after the previous value"
                        )
                    separated = True
            elif node.data == "new_line_or_comment":
                new_line = True
            else:
                if not (separated or new_line):
                    message = "a comma is missing here"
                    self.reject(self.place(node), Code.SYNTAX, message, "write a comma, or start a new line")
                separated = new_line = False
                key, value = node.children[0], node.children[-1]
                if (name := self.key(key, path)) is not None:
                    inner = (*path, name)
                    literal = Located(self.value(value, inner), self.place(value), self.place(key))
                    self.add(fields, inner, literal)
                    separated = literal.value is INVALID
        return fields

    def key(self, node: Node, path: Path) -> str | None:
        """The name of a field in an object; None if it is not a literal."""
        child = _tree(_tree(node).children[0])
        kind, term = ("keyword", child) if child.data == "keyword" else _kind(child)
        if kind in ("identifier", "literal_value", "keyword") and term.children[0] != "for":
            return self.name(term)
        if kind == "string":
            text = self.string(term, path)
            return text if isinstance(text, str) else None
        what = "the keyword for" if kind == "keyword" else NOT_LITERAL.get(kind, "not a name")
        message = f"this name in {dotted(path)} is {what}"
        self.reject(self.place(node), Code.SYNTAX, message, "write the name in double quotes")
        return None

    def number(self, text: str, location: Location, path: Path) -> Value:
        whole = text.lstrip("-").isdigit()
        number: int | float = int(text) if whole and len(text) <= MAX_DIGITS else float(text)
        if (whole and isinstance(number, float)) or not math.isfinite(number):
            self.reject(location, Code.OUT_OF_RANGE, f"{dotted(path)} is larger than any field accepts")
            return INVALID
        return number

    def string(self, tree: Tree[Token], path: Path) -> Value:
        """The value of a quoted string as Terraform reads it, in Unicode normal form C."""
        parts = [part.children[0] for part in _trees(tree)]
        if templates := [part for part in parts if isinstance(part, Tree)]:
            message = f"{dotted(path)} contains a template; a pipeline file contains only literal values"
            hint = "write the value itself, or $${ for the two characters ${"
            self.reject(self.place(templates[0]), Code.NOT_A_LITERAL, message, hint)
            return INVALID
        raw = "".join(map(str, parts))
        begin = self.place(tree)
        try:
            text = strings.unescaped(raw)
        except strings.InvalidString as error:
            self.reject(Location(begin.line, begin.column + 1 + error.offset), Code.BAD_STRING, str(error), error.hint)
            return INVALID
        return text if text.isascii() else unicodedata.normalize("NFC", text)


def _literal_hint(word: str) -> str:
    lower = word.lower()
    return f"write {lower if lower in WORDS else SYNONYMS.get(lower, json.dumps(word, ensure_ascii=False))}"


def _tree(node: Node) -> Tree[Token]:
    if isinstance(node, Tree):
        return node
    raise TypeError(f"python-hcl2 put the token {node!r} where its grammar has a rule")


def _trees(tree: Tree[Token]) -> list[Tree[Token]]:
    return [child for child in tree.children if isinstance(child, Tree)]


def _kind(node: Node) -> tuple[str, Tree[Token]]:
    """The kind of an expression, and its node; an `expr_term` is only a wrapper."""
    tree = _tree(node)
    if tree.data != "expr_term":
        return str(tree.data), tree
    inner = tree.children[0]
    return (str(inner.data), inner) if isinstance(inner, Tree) else ("parentheses", tree)


def _start(node: Node) -> int:
    """The offset of a node's first character."""
    return (node.start_pos if isinstance(node, Token) else node.meta.start_pos) or 0
