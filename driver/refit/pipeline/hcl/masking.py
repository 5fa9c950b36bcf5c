"""Masks what Terraform accepts and python-hcl2 does not, character for character, so that no offset changes.

The reader takes names and locations from the original text. The rules are those of HCL's native syntax:
https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md
"""

from __future__ import annotations

import re

ESCAPES = {"$${": "\ufdd0\ufdd1\ufdd2", "%%{": "\ufdd3\ufdd4\ufdd5"}
"""An escaped template marker, which needs no } after it, and the characters that stand for it in a string.

Unicode reserves them for such internal use: https://www.unicode.org/faq/private_use.html#nonchar1
"""

TOKEN = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\\n])*"?)
      | (?P<line_comment>\#[^\n]* | //[^\n]*)
      | (?P<comment>/\*.*?\*/)
      | (?<![\w.])(?P<number>[0-9]+\.[eE][+-]?[0-9]+)
      | (?P<name>[^\W\d](?:[\w-]|[^\x00-\x7f\s])*)""",
    re.VERBOSE | re.DOTALL,
)


def mask(text: str) -> str:
    """The text with block comments as spaces, `3.e1` as `3e1`, and names and escapes in characters of python-hcl2."""
    return TOKEN.sub(_masked, text)


def _masked(match: re.Match[str]) -> str:
    text = match[0]
    match match.lastgroup:
        case "string":
            return re.sub(r"\$\$\{|%%\{", lambda found: ESCAPES[found[0]], text)
        case "comment":
            return " " * len(text)
        case "number":
            return text.replace(".", "") + " "
        case "name" if not text.isascii() and text.replace("-", "_").isidentifier():
            return "x" * len(text)
    return text
