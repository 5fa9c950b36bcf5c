"""Generated text replaces only the text between its markers."""

from __future__ import annotations

import pytest

from refit.errors import RefitError
from refit.reference.pages import WHOLE, replaced


def test_the_part_between_the_markers_is_replaced() -> None:
    page = "before\n<!-- a -->\nold\n<!-- /a -->\nbetween <!-- b -->\n\\1\n<!-- /b -->"
    assert replaced(page, "a", "\\new\n") == page.replace("old\n", "\\new\n")


def test_an_empty_part_can_be_filled() -> None:
    assert replaced("<!-- a -->\n<!-- /a -->", "a", "new\n") == "<!-- a -->\nnew\n<!-- /a -->"


def test_a_file_can_be_generated_as_a_whole() -> None:
    assert replaced("old", WHOLE, "new") == "new"


@pytest.mark.parametrize("page", ["", "<!-- a -->\n", "<!-- /a -->\n<!-- a -->\n", "<!-- b -->\n<!-- /b -->"])
def test_a_page_without_the_markers_is_an_error(page: str) -> None:
    with pytest.raises(RefitError, match="a page has no markers <!-- a --> and <!-- /a -->"):
        replaced(page, "a", "new")
