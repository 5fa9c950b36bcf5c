"""Only what can be sent as a Bearer token is taken for one; the refusal never contains the value."""

from __future__ import annotations

import pytest

from refit.domain.slack_token import UnusableToken, checked, of_secret


@pytest.mark.parametrize("stored", ["xoxb-1-2-aB", " xoxb-1\n", "xoxe.xoxb-1-Mi0=", "a/b+c~d_e"])
def test_a_bearer_token_is_taken_without_the_white_space_around_it(stored: str) -> None:
    assert checked(stored) == stored.strip()


@pytest.mark.parametrize(
    ("stored", "fault"),
    [("", "empty"), (" \n", "empty"), ('{"t": 1}', "malformed"), ("\u200bxoxb-1", "malformed"), ("a\nb", "malformed")],
)
def test_anything_else_is_refused_in_a_word(stored: str, fault: str) -> None:
    with pytest.raises(UnusableToken, match=f"^{fault}$"):
        checked(stored)


def test_a_secret_has_text_or_bytes() -> None:
    assert of_secret({"SecretString": "xoxb-1"}) == "xoxb-1"
    with pytest.raises(UnusableToken, match=r"^stored as SecretBinary$"):
        of_secret({"SecretBinary": b"xoxb-1"})
