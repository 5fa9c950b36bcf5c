"""Reads HCL in tests: the literals in a text, or its problems."""

from __future__ import annotations

from refit.errors import InvalidPipeline
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.hcl.located import Located


def read(text: str | bytes) -> Located:
    document = hcl.parse(text if isinstance(text, bytes) else text.encode(), "p.tfvars")
    assert document.problems == ()
    return document.root


def refused(text: str | bytes) -> list[str]:
    """The problems of a text, as `line:column: code message; hint`."""
    source = text if isinstance(text, bytes) else text.encode()
    try:
        found = list(hcl.parse(source, "p.tfvars").problems)
    except InvalidPipeline as error:
        found = list(error.problems)
    return [str(problem).removeprefix("p.tfvars:") for problem in found]
