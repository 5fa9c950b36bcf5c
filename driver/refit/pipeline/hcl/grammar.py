"""Parses any pipeline file with python-hcl2, and explains what is wrong with it. The only importer of hcl2."""

from __future__ import annotations

import hcl2
from lark.exceptions import UnexpectedInput

from refit.errors import InvalidPipeline, Problem
from refit.pipeline.hcl import syntax_errors
from refit.pipeline.hcl.literals import Reader
from refit.pipeline.hcl.located import Document
from refit.problem_codes import Code


def parse(text: str, file: str) -> Document:
    """The literals of `text`, and a problem for each value that is not one.

    Raises InvalidPipeline with the first problem if the text cannot be parsed at all.
    """
    try:
        tree = hcl2.parses_to_tree(text)
    except UnexpectedInput as error:
        raise InvalidPipeline([syntax_errors.explain(error, text, file)]) from None
    except RecursionError:
        problem = Problem(file, 1, 1, Code.TOO_DEEP, "the file is nested too deeply to be parsed")
        raise InvalidPipeline([problem]) from None
    reader = Reader(file)
    root = reader.body(tree)
    return Document(root, tuple(reader.problems))
