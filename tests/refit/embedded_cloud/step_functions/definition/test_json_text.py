"""What is not a JSON object is refused in AWS's words.

The first three answers were recorded on AWS: localstack/localstack, test_sfn_api_validation.snapshot.json.
"""

from __future__ import annotations

import json

import pytest

from refit.embedded_cloud.step_functions.definition import check
from refit.embedded_cloud.step_functions.definition.json_text import MAX_LENGTH
from tests.support.state_machines import PASS, Finding, machine, refusals, schema

NOT_JSON = '[Source: (String)"not a definition"; line: 1, column: 4]'


@pytest.mark.parametrize(
    ("definition", "finding"),
    [
        ("", schema("Definition must be a valid JSON object", None)),
        (
            "not a definition",
            (
                "INVALID_JSON_DESCRIPTION",
                "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or token 'null', 'true' "
                f"or 'false')\n at {NOT_JSON}",
                NOT_JSON,
            ),
        ),
        ("{}", schema("These fields are required: [States, StartAt]", "/")),
        ("  \n ", schema("Definition must be a valid JSON object", None)),
        ("[]", schema("Definition must be a valid JSON object", None)),
        ('"text"', schema("Definition must be a valid JSON object", None)),
        ("null", schema("Definition must be a valid JSON object", None)),
        (
            '{"StartAt": "A",\n}',
            (
                "INVALID_JSON_DESCRIPTION",
                "Unexpected character ('}' (code 125))\n"
                ' at [Source: (String)"{"StartAt": "A",\n}"; line: 2, column: 1]',
                '[Source: (String)"{"StartAt": "A",\n}"; line: 2, column: 1]',
            ),
        ),
        (
            '{"StartAt": ',
            (
                "INVALID_JSON_DESCRIPTION",
                'Unexpected end-of-input\n at [Source: (String)"{"StartAt": "; line: 1, column: 13]',
                '[Source: (String)"{"StartAt": "; line: 1, column: 13]',
            ),
        ),
        (
            '{"TimeoutSeconds": NaN}',
            (
                "INVALID_JSON_DESCRIPTION",
                "Non-standard token 'NaN': enable JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS to allow",
                None,
            ),
        ),
        (
            '{"States": {"A": {}, "A": {}}}',
            ("INVALID_JSON_DESCRIPTION", "Duplicate field 'A'", None),
        ),
    ],
)
def test_it_must_be_a_json_object(definition: str, finding: Finding) -> None:
    assert refusals(definition) == [finding]


def test_it_has_at_most_one_mebibyte() -> None:
    definition = machine({"A": PASS | {"Comment": ""}})
    longest = definition.replace('"Comment": ""', f'"Comment": "{"x" * (MAX_LENGTH - len(definition))}"')
    assert len(longest) == 1_048_576
    assert refusals(longest) == []
    assert refusals(longest + " ") == [schema("Definition must have length less than or equal to 1048576", None)]


def test_a_long_text_is_quoted_in_part() -> None:
    (found,) = check("x" * 600)
    assert found.location == f'[Source: (String)"{"x" * 500}"[truncated 100 chars]; line: 1, column: 601]'


@pytest.mark.parametrize("depth", [900, 100_000])
def test_nesting_without_end_is_refused_not_crashed(depth: int) -> None:
    nested = "[" * depth + "]" * depth
    definition = json.dumps({"StartAt": "A", "States": {"A": PASS | {"Parameters": {"p": "NESTED"}}}})
    assert refusals(definition.replace('"NESTED"', nested)) in (
        [],
        [("TOO_DEEPLY_NESTED", "The definition is too deeply nested", None)],
    )
