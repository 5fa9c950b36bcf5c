"""Escapes untrusted text for GitHub's Markdown: the text is displayed and has no other effect.

Values of files, object keys and error messages may come from people whom the reader of a comment does not trust. They
are always written as code, where GitHub creates no links, mentions, references, images or formatting.
"""

from __future__ import annotations

import re
import unicodedata

# Texts that are safe in a code span: the span ends at a backtick, a table's cell at a pipe, everything else is literal.
# https://github.github.com/gfm/#code-spans, https://github.github.com/gfm/#tables-extension-
PLAIN = re.compile(r"[^`|\\\s](?:[^`|\\\n]*[^`|\\\s])?")
LONGEST = 160


def code(text: object, longest: int = LONGEST) -> str:
    """`text` as inline code on one line, inside or outside of a table; truncated to `longest` characters."""
    shown = _visible(str(text))
    if len(shown) > longest:
        shown = f"{shown[: longest - 1]}…"
    if PLAIN.fullmatch(shown):
        return f"`{shown}`"
    return f"<code>{''.join(map(_entity, shown))}</code>"


def _visible(text: str) -> str:
    """Replaces control, format and surrogate characters (line feeds, bidirectional overrides …) by their escapes."""
    return "".join(_escape(char) if unicodedata.category(char) in _INVISIBLE else char for char in text)


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _escape(char: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char) or f"\\u{{{ord(char):x}}}"


def _entity(char: str) -> str:
    """Characters other than letters, digits and spaces as numeric references, which never begin or end structure."""
    return char if char.isalnum() or char == " " else f"&#{ord(char)};"
