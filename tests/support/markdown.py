"""GitHub's Markdown: texts that try to be structure, and what a parser makes of them."""

from __future__ import annotations

from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

nasty = st.text(
    st.one_of(st.sampled_from("`|\\<>&@#*_[]()!~:/\n\r\t-+. www"), st.characters(codec="utf-8")),
    min_size=1,
    max_size=80,
)


def tokens(markdown: str) -> list[Token]:
    """What GitHub's Markdown makes of it: tables, strikethrough, and autolinks where they are written with <>."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [token for block in parser.parse(markdown) for token in [block, *(block.children or [])]]
