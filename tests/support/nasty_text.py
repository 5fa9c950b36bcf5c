"""Generates text with special meaning in other formats: line ends, workflow commands, delimiters, fences."""

from __future__ import annotations

from hypothesis import strategies as st

ANYTHING = st.text(st.characters(exclude_categories=["Cs"]))


NASTY = st.lists(
    st.sampled_from(
        ["\n", "\r", "::", ":", ",", "%", "%0A", "::error::", "::set-output name=a::b", "a=b", "<<", "x", "```"]
    )
).map("".join)


TEXT = ANYTHING | NASTY
