"""Text from outside, in GitHub's Markdown: whatever it says, it is shown and does nothing.

File values, object keys and error messages come from people whom the reader of a comment need not trust. They are only
ever written as code, where GitHub makes no links, mentions, references, images or formatting of them.
"""

from __future__ import annotations

import re
import unicodedata

# In a code span these have no meaning: the span ends at a backtick, a table's cell at a pipe, the rest is literal.
# https://github.github.com/gfm/#code-spans, https://github.github.com/gfm/#tables-extension-
PLAIN = re.compile(r"[^`|\\\s](?:[^`|\\\n]*[^`|\\\s])?")
LONGEST = 160


def code(text: object, longest: int = LONGEST) -> str:
    """`text` as inline code, on one line, in a table or outside of one; cut to `longest` characters, and saying so."""
    shown = _visible(str(text))
    if len(shown) > longest:
        shown = f"{shown[: longest - 1]}…"
    if PLAIN.fullmatch(shown):
        return f"`{shown}`"
    return f"<code>{''.join(map(_entity, shown))}</code>"


def _visible(text: str) -> str:
    """Control, format and surrogate characters (line feeds, bidirectional overrides …) as their escapes."""
    return "".join(_escape(char) if unicodedata.category(char) in _INVISIBLE else char for char in text)


_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def _escape(char: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char) or f"\\u{{{ord(char):x}}}"


def _entity(char: str) -> str:
    """Everything but letters, digits and spaces by number: a character reference never begins or ends any structure."""
    return char if char.isalnum() or char == " " else f"&#{ord(char)};"
