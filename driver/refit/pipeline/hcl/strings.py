"""Resolves the escape sequences of a quoted string, as Terraform does."""

from __future__ import annotations

import re

from refit.pipeline.hcl import masking

IN_STRING = re.compile(
    rf'\\(?:u[0-9A-Fa-f]{{4}}|U[0-9A-Fa-f]{{8}}|.)|{"|".join(masking.ESCAPES.values())}|"|\r?\n', re.DOTALL
)
MARKERS = {masked: escape[1:] for escape, masked in masking.ESCAPES.items()}
ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}


def unescaped(raw: str) -> str:
    """The text of the masked characters between the quotes of a string. Raises InvalidString."""
    return IN_STRING.sub(_unescape, raw)


class InvalidString(Exception):
    """A mistake in a string: its offset after the opening quote, what is wrong, and what to write."""

    def __init__(self, offset: int, message: str, hint: str) -> None:
        super().__init__(message)
        self.offset, self.hint = offset, hint


def _unescape(match: re.Match[str]) -> str:
    escape = match[0]
    if escape in MARKERS:
        return MARKERS[escape]
    if escape[0] != "\\":
        raise InvalidString(-1, "this string does not end on its line", 'close it with "; write \\n for a new line')
    if escape[1] in ESCAPES:
        return ESCAPES[escape[1]]
    if len(escape) > 2:
        code = int(escape[2:], 16)
        if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
            return chr(code)
    raise InvalidString(
        match.start(),
        f"{escape} is not an escape sequence of HCL",
        'write \\n, \\r, \\t, \\", \\\\, \\uNNNN or \\UNNNNNNNN',
    )
