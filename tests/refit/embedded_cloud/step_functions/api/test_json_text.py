"""Text that is not JSON, in the words recorded on AWS (test_invalid_start_execution_input)."""

from __future__ import annotations

import pytest

from refit.embedded_cloud.step_functions.api.json_text import problem

EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not some json", f"Unrecognized token 'not': was expecting {EXPECTED}"),
        ("{'not': 'json'}", "Unexpected character (''' (code 39)): was expecting double-quote to start field name"),
        ("", "Invalid execution input."),
        ('{"a" 1}', "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value"),
        ('{"a": 1', "Unexpected end-of-input"),
        ("[1 2]", "Unexpected character ('2' (code 50)): was expecting comma to separate entries"),
        ("NaN", f"Unrecognized token 'NaN': was expecting {EXPECTED}"),
        ("[" * 100_000, "Document nesting depth exceeds the maximum allowed (1000)"),
    ],
)
def test_is_refused(text: str, words: str) -> None:
    assert problem(text) == words


@pytest.mark.parametrize("text", ["{}", "2", '"text"', "null", '{"a": [1, 2.5e3, "\\u00e9"]}'])
def test_json_has_no_problem(text: str) -> None:
    assert problem(text) is None
