"""The message of InvalidDefinition."""

from __future__ import annotations

from refit.embedded_cloud.step_functions.definition import Diagnostic, check, invalid_definition_message
from tests.support.state_machines import PASS, machine


def test_it_lists_every_error_with_its_place_as_aws_does() -> None:
    """Recorded on AWS: localstack/localstack#12487."""
    states = {"pass1": {"Type": "Pass", "Next": "pass3"}, "pass2": PASS}
    assert invalid_definition_message(check(machine(states))) == (
        "Invalid State Machine Definition: 'MISSING_TRANSITION_TARGET: Missing 'Next' target: pass3 "
        'at /States/pass1/Next, MISSING_TRANSITION_TARGET: State "pass2" is not reachable. at /States/pass2\''
    )


def test_what_has_no_place_is_at_null() -> None:
    """Recorded on AWS: floci-io/floci#2735."""
    states = {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Pass", "Next": "A"}}
    assert invalid_definition_message(check(machine(states))) == (
        "Invalid State Machine Definition: 'MISSING_END_STATE: Workflow has no terminal state at null'"
    )


def test_warnings_are_not_in_it() -> None:
    found = [Diagnostic("WARNING", "NO_DOLLAR", "w", "/"), Diagnostic("ERROR", "E", "e", "/States")]
    assert invalid_definition_message(found) == "Invalid State Machine Definition: 'E: e at /States'"
