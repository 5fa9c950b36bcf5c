"""Parses a pipeline file from bytes to literals with their locations. Only this module imports hcl2.

Checks the syntax only; driver/refit/pipeline/model.py checks the values.
"""

from __future__ import annotations

import re

import hcl2
from lark.exceptions import UnexpectedInput

from refit import regular_file
from refit.errors import InvalidPipeline, Problem
from refit.pipeline.hcl import masking, syntax_errors
from refit.pipeline.hcl.literals import Reader
from refit.pipeline.hcl.located import Document, location
from refit.problem_codes import Code

MAX_BYTES = regular_file.MAX_BYTES
"""python-hcl2 takes half a second to parse this much; a pipeline file has less than 2 KB."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufdd0-\ufdef]|\r(?!\n)")


def parse(source: bytes, file: str) -> Document:
    """The literals in the bytes of a tfvars file; problems are reported with the path `file`.

    Raises InvalidPipeline with the first problem if the text cannot be parsed at all.
    """
    if len(source) > MAX_BYTES:
        raise InvalidPipeline([too_big(file)])
    text = decode(source, file)
    try:
        tree = hcl2.parses_to_tree(masking.mask(text))
    except UnexpectedInput as error:
        raise InvalidPipeline([syntax_errors.explain(error, text, file)]) from None
    except RecursionError:
        problem = Problem(file, 1, 1, Code.TOO_DEEP, "the file is nested too deeply to be parsed")
        raise InvalidPipeline([problem]) from None
    reader = Reader(file, text)
    root = reader.body(tree)
    return Document(root, tuple(reader.problems))


def too_big(file: str) -> Problem:
    """The problem of a file with more than MAX_BYTES, however many they are."""
    message = f"the file has more than {MAX_BYTES:,} bytes, the maximum"
    return Problem(file, 1, 1, Code.FILE_TOO_BIG, message, "a pipeline takes a few lines; remove the rest")


def decode(source: bytes, file: str) -> str:
    """The text without a byte order mark, which Terraform accepts too. Raises InvalidPipeline."""
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode(errors="replace")
        place = location(before, len(before))
        message = f"the byte 0x{error.object[error.start]:02x} is not UTF-8"
        raise InvalidPipeline([Problem(file, *place, Code.NOT_UTF8, message, "save the file as UTF-8")]) from None
    if found := CONTROL.search(text):
        place = location(text, found.start())
        message = f"the control character U+{ord(found[0]):04X} is not allowed in a pipeline file"
        hint = "remove it; lines end in \\n or \\r\\n"
        raise InvalidPipeline([Problem(file, *place, Code.CONTROL_CHARACTER, message, hint)])
    return text
