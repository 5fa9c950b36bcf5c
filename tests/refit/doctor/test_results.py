"""The result of a check."""

from __future__ import annotations

import pytest

from refit.doctor.results import NETWORK, Status, failed, not_ok
from refit.errors import AwsUnreachable, RefitError


def test_what_is_not_ok_must_say_how_to_fix_it() -> None:
    with pytest.raises(ValueError, match="has no fix"):
        not_ok("terraform", "not on the PATH", "")


def test_the_hint_of_an_error_comes_before_general_advice() -> None:
    assert failed("a", RefitError("no", "do this"), "general").fix == "do this"
    assert failed("a", RefitError("no"), "general").fix == "general"


def test_without_a_network_nothing_is_known() -> None:
    check = failed("a", AwsUnreachable("no answer"), "general")
    assert (check.status, check.fix) == (Status.NOT_CHECKED, NETWORK)
