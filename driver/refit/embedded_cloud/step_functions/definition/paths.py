"""Checks the syntax of JSONPaths, reference paths and intrinsic function calls.

https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

import re

_NAME = r"[^\s.\[\]()'\"*?,@$:]+"
_QUOTED = r"\[\s*(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")\s*\]"
_ROOT = r"\$(?:\$|[^\W\d]\w*)?"
_REFERENCE = re.compile(rf"{_ROOT}(?:\.{_NAME}|{_QUOTED}|\[\d+\])*")
_NAMES = r"'[^']*'(?:\s*,\s*'[^']*')+"
_SELECTION = rf"\*|-?\d+(?:\s*,\s*-?\d+)*|-?\d*:-?\d*|\?\(.+?\)|{_NAMES}"
_STEP = rf"\.\.?(?:{_NAME}|\*)|{_QUOTED}|\.{{0,2}}\[(?:{_SELECTION})\]"
_PATH = re.compile(rf"{_ROOT}(?:{_STEP})*(?:\.length\(\))?")


def is_path(text: str) -> bool:
    """Whether a text is a JSONPath on the input, the context object or a variable."""
    return _PATH.fullmatch(text) is not None


def is_reference(text: str) -> bool:
    """Whether a text is a path to a single node: no wildcard, filter, slice, list or descent."""
    return _REFERENCE.fullmatch(text) is not None
