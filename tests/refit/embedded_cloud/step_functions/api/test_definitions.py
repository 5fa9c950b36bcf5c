"""ValidateStateMachineDefinition.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
"""

from __future__ import annotations

import json

from refit.embedded_cloud.step_functions.api.definitions import validate

MACHINE = {"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}}


def test_a_sound_definition_has_no_diagnostics():
    """Recorded: test_sfn_api_validation.snapshot.json, VALID_BASE_PASS."""
    assert validate({"definition": json.dumps(MACHINE)}) == {"result": "OK", "diagnostics": [], "truncated": False}


def test_a_definition_without_a_start_fails():
    """Recorded: INVALID_BASE_NO_STARTAT."""
    assert validate({"definition": json.dumps({"States": MACHINE["States"]})}) == {
        "result": "FAIL",
        "diagnostics": [
            {
                "severity": "ERROR",
                "code": "SCHEMA_VALIDATION_FAILED",
                "message": "These fields are required: [StartAt]",
                "location": "/",
            }
        ],
        "truncated": False,
    }


def test_what_is_no_definition_has_no_location():
    """Recorded: EMPTY_STRING."""
    (diagnostic,) = validate({"definition": " "})["diagnostics"]
    assert diagnostic == {
        "severity": "ERROR",
        "code": "SCHEMA_VALIDATION_FAILED",
        "message": "Definition must be a valid JSON object",
    }


def test_more_diagnostics_than_asked_for_are_cut_off():
    answer = validate({"definition": json.dumps({"StartAt": "A", "States": {"A": {}, "B": {}}}), "maxResults": 1})
    assert (answer["result"], len(answer["diagnostics"]), answer["truncated"]) == ("FAIL", 1, True)
