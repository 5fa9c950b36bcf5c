"""Untrusted text in GitHub's Markdown: it is displayed and has no other effect."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refit.github.markdown import code
from tests.support.markdown import nasty, tokens

ATTACKS = [
    "`", "``", "`a", "a`", " a ", "|", "\\", "\\|", "a\\", "a | b", "a\nb", "\r\n| x |", "<script>alert(1)</script>",
    "<!--", "-->", "</code>", "![x](https://evil.example/x.png)", "[x](javascript:alert(1))", "https://evil.example",
    "www.evil.example", "a@evil.example", "@octocat", "@org/team", "#1", "org/repo#1", "GH-1", "&lt;", "&#64;",
    "# heading", "- item", "> quote", "---", "```\nfence", "*bold*", "_em_", "~~gone~~", "$x$", ":tada:", "\u202e",
    "\u200b", "\x00", "\x1b[31m", "\ud800", "<details>", "</details>", "<details open>\n\n", "`<b>`", "\u2028", "",
]  # fmt: skip


def shown_in_a_table(text: str) -> tuple[list[str], str]:
    """The kinds of tokens of a table cell that holds the text, and what a reader sees in it."""
    found = tokens(f"| head | next |\n|---|---|\n| {code(text, 10_000)} | {code('next')} |\n\nafter\n")
    seen = "".join(token.content for token in found if token.type in ("text", "code_inline"))
    return [token.type for token in found], seen


PLAIN_TABLE = {
    "table_open",
    "thead_open",
    "tbody_open",
    "tr_open",
    "th_open",
    "td_open",
    "inline",
    "text",
    "code_inline",
}


def assert_is_only_shown(text: str) -> None:
    kinds, seen = shown_in_a_table(text)
    opened = {kind for kind in kinds if not kind.endswith("_close")}
    assert opened <= PLAIN_TABLE | {"html_inline", "paragraph_open"}
    assert kinds.count("td_open") == 2
    assert kinds.count("html_inline") in (0, 2)
    assert seen.startswith("headnext")
    assert seen.endswith("nextafter")
    for char in text:
        if char.isalnum() and char.isascii():
            assert char in seen


@pytest.mark.parametrize("text", ATTACKS)
def test_an_attack_is_shown_and_does_nothing(text: str) -> None:
    assert_is_only_shown(text)
    assert "\n" not in code(text)


@settings(deadline=None)
@given(nasty)
def test_any_text_is_shown_and_does_nothing(text: str) -> None:
    assert_is_only_shown(text)


@settings(deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"]), max_size=80)
)
def test_visible_text_is_shown_as_it_is(text: str) -> None:
    _, seen = shown_in_a_table(text)
    # HTML folds white space, and Markdown with it.
    assert "".join(seen.split()) == "headnext" + "".join(text.split()) + "nextafter"


def test_what_cannot_be_seen_is_spelled_out() -> None:
    assert code("a\u202eb\x1bc\n") == "<code>a&#92;u&#123;202e&#125;b&#92;u&#123;1b&#125;c&#92;n</code>"


def test_a_long_text_is_cut_and_says_so() -> None:
    assert code("x" * 500, 10) == "`xxxxxxxxx…`"
