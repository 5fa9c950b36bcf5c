"""The list of Lambda functions, and their limits."""

from __future__ import annotations

from refit.domain.handlers import HANDLERS, LIMITS, Limits, limits, of_stack


def test_a_stack_with_everything_has_all_functions() -> None:
    assert set(of_stack(polling=True, gate=True, contract=True, arrival=True)) == set(HANDLERS)
    assert set(HANDLERS) - set(of_stack(polling=True, gate=True, contract=False, arrival=False)) == {
        "check_quality",
        "object_arrived",
    }


def test_only_functions_that_exist_have_limits_of_their_own() -> None:
    assert set(LIMITS) <= set(HANDLERS)


def test_the_other_functions_have_the_default_limits() -> None:
    assert limits("check_data") == Limits(memory_mb=512, timeout_seconds=60)
    assert limits("clean_up") == Limits(memory_mb=256, timeout_seconds=60)
