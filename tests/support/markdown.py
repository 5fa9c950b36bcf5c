"""Parses GitHub's Markdown, and generates text that looks like Markdown syntax."""

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
    """The tokens of GitHub's Markdown: with tables, strikethrough, and autolinks in <>."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    return [token for block in parser.parse(markdown) for token in [block, *(block.children or [])]]
