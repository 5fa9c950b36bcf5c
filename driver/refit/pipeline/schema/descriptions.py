"""Reads the descriptions of a section's fields: the string literal below each field in the source.

Only the generated pages need them. Parsing the source takes longer than building the models, which every command does,
so pydantic's `use_attribute_docstrings` is off.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from itertools import pairwise

from pydantic import BaseModel


@cache
def descriptions(section: type[BaseModel]) -> dict[str, str]:
    """The description of each field of `section` that has one, in one line, by the field's name."""
    (definition,) = ast.parse(inspect.getsource(section)).body
    if not isinstance(definition, ast.ClassDef):
        raise TypeError(f"{section} is not defined by a class statement")
    found: dict[str, str] = {}
    for field, below in pairwise(definition.body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split())
    return found
