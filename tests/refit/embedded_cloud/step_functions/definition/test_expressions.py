"""JSONata in a definition: its syntax, and what it may read.

Expressions, codes, words and places were measured on AWS: floci-io/floci#2745, #2699 and #2786.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.state_machines import Finding, choice, refusals, schema, single

OUTPUT = "/States/S/Output"


def passed(output: Any) -> list[Finding]:
    return refusals(single("Pass", language="JSONata", Output=output))


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("a[1,2)", 'Expected "]", got ","'),
        ('"unterminated', "String literal must be terminated by a matching quote"),
        ("1 +", "Unexpected end of expression"),
        ('{"a":}', 'The symbol "}" cannot be used as a unary operator'),
        ("$x :=", "Unexpected end of expression"),
        ('$match("a", /abc', "No terminating / in regular expression"),
        ("phone %.other", 'The symbol "." cannot be used as a unary operator'),
        ("", "Unexpected end of expression"),
        ('[1 "zz at /States/GHOST"]', 'Expected "]", got "zz at /States/GHOST"'),
    ],
)
def test_malformed_jsonata_is_refused(expression: str, words: str) -> None:
    assert passed("{%" + expression + "%}") == [("INVALID_JSONATA_EXPRESSION", words, OUTPUT)]


def unsupported(words: str, location: str = OUTPUT) -> Finding:
    return ("UNSUPPORTED_JSONATA_EXPRESSION", words, location)


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("phone", ["phone"]),
        ("phone.number", ["phone"]),
        ("$states.input.phone", []),
        ("$states.input.a[b = 1].c", []),
        ("$states.input.a^(b)", []),
        ("$states.input.a{b: c}", []),
        ("$", ["$"]),
        ("$.a", ["$"]),
        ("$states.input.a.($)", []),
        ("$undefined", []),
        ("$f(a, $x)", ["a"]),
        ("a & b & a", ["a", "b"]),
        ("{'k': v, aaa: 1}", ["v", "aaa"]),
        ("[a, [b]]", ["a", "b"]),
        ("-a", ["a"]),
        ("a ? b : c", ["a", "b", "c"]),
        ("($x := d; $x)", ["d"]),
        ("$map($states.input.a, function($x){ b })", ["b"]),
        ("$map($states.input.a, function($x){ $x.b })", []),
        ("$states.input ~> |a|{'b': c}|", []),
        ("'text' & 1 & true & null & /re/", []),
        ("`a b`", ["a b"]),
    ],
)
def test_a_name_at_the_top_level_is_refused(expression: str, names: list[str]) -> None:
    words = [f"Reference to '{name}' at the top level is not supported." for name in names]
    assert passed(f"{{% {expression} %}}") == [unsupported(one) for one in words]


def test_the_root_is_refused() -> None:
    assert passed("{% $$ %}") == [unsupported("Reference to '$$' is not supported.")]


@pytest.mark.parametrize("text", ["{% 1", "{%1%", "{%", "{%}"])
def test_an_expression_is_closed(text: str) -> None:
    assert passed(text) == [schema("JSONata string must start with {% and end with %}", OUTPUT)]


@pytest.mark.parametrize("text", ["text", " {% a %}", "50 %}", "$.a", ""])
def test_other_text_is_taken_as_it_is(text: str) -> None:
    assert passed(text) == []


def test_every_expression_is_reported_with_its_place() -> None:
    assert passed({"a": ["{% 1 + %}", {"b": "{% x %}"}]}) == [
        ("INVALID_JSONATA_EXPRESSION", "Unexpected end of expression", f"{OUTPUT}/a[0]"),
        unsupported("Reference to 'x' at the top level is not supported.", f"{OUTPUT}/a[1]/b"),
    ]


BAD = "{% x %}"


@pytest.mark.parametrize(
    ("kind", "fields", "place"),
    [
        ("Pass", {"Output": {"Next": BAD}}, "/Output/Next"),
        ("Pass", {"Assign": {"Comment": BAD}}, "/Assign/Comment"),
        ("Task", {"Arguments": {"Payload": {"Resource": BAD}}}, "/Arguments/Payload/Resource"),
        ("Task", {"TimeoutSeconds": BAD}, "/TimeoutSeconds"),
        ("Task", {"Catch": [{"ErrorEquals": ["E"], "Next": "S", "Output": BAD}]}, "/Catch[0]/Output"),
        ("Wait", {"Seconds": BAD}, "/Seconds"),
        ("Fail", {"Error": BAD}, "/Error"),
        ("Fail", {"Cause": BAD}, "/Cause"),
        ("Succeed", {"Output": BAD}, "/Output"),
        ("Map", {"Items": BAD}, "/Items"),
        ("Map", {"ItemSelector": {"a": BAD}}, "/ItemSelector/a"),
        ("Map", {"MaxConcurrency": BAD}, "/MaxConcurrency"),
        ("Map", {"ItemBatcher": {"BatchInput": {"Next": BAD}}}, "/ItemBatcher/BatchInput/Next"),
        ("Map", {"ItemBatcher": {"MaxItemsPerBatch": BAD}}, "/ItemBatcher/MaxItemsPerBatch"),
        ("Parallel", {"Arguments": BAD}, "/Arguments"),
    ],
)
def test_fields_that_are_jsonata(kind: str, fields: dict[str, Any], place: str) -> None:
    words = "Reference to 'x' at the top level is not supported."
    assert refusals(single(kind, language="JSONata", **fields)) == [unsupported(words, f"/States/S{place}")]


def test_a_condition_is_jsonata() -> None:
    words = "Reference to 'x' at the top level is not supported."
    found = refusals(choice({"Condition": BAD, "Next": "Y"}, language="JSONata"))
    assert found == [unsupported(words, "/States/C/Choices[0]/Condition")]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("Pass", {"Comment": BAD}),
        ("Task", {"Retry": [{"ErrorEquals": [BAD]}]}),
        ("Task", {"Catch": [{"ErrorEquals": [BAD], "Next": "S"}]}),
        ("Task", {"Credentials": {"RoleArn": BAD}}),
        (
            "Map",
            {
                "ItemReader": {
                    "Resource": "arn:aws:states:::s3:getObject",
                    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": [BAD]},
                }
            },
        ),
    ],
)
def test_fields_that_are_not_jsonata(kind: str, fields: dict[str, Any]) -> None:
    assert refusals(single(kind, language="JSONata", **fields)) == []


def test_a_state_of_jsonpath_has_no_expressions() -> None:
    assert refusals(single("Pass", Parameters={"a": "{% 1 + %}"}, Result=BAD)) == []


ERROR = "$states.errorOutput"
RESULT = "$states.result"


@pytest.mark.parametrize(
    ("kind", "field", "name", "exists"),
    [
        ("Task", "Output", RESULT, True),
        ("Task", "Assign", RESULT, True),
        ("Parallel", "Output", RESULT, True),
        ("Map", "Output", RESULT, True),
        ("Task", "Arguments", RESULT, False),
        ("Map", "ItemSelector", RESULT, False),
        ("Pass", "Output", RESULT, False),
        ("Succeed", "Output", RESULT, False),
        ("Task", "Output", ERROR, False),
        ("Task", "Assign", ERROR, False),
        ("Pass", "Output", ERROR, False),
    ],
)
def test_result_and_error_output_exist_where_there_is_one(kind: str, field: str, name: str, exists: bool) -> None:
    found = refusals(single(kind, language="JSONata", **{field: {"a": f"{{% {name}.b %}}"}}))
    assert found == ([] if exists else [unsupported(f"Field '{name}' does not exist.", f"/States/S/{field}/a")])


@pytest.mark.parametrize("field", ["Output", "Assign"])
def test_a_catcher_reads_the_error(field: str) -> None:
    catcher = {"ErrorEquals": ["E"], "Next": "S", field: {"a": f"{{% {ERROR}.Cause %}}"}}
    assert refusals(single("Task", language="JSONata", Catch=[catcher])) == []
    catcher[field] = {"a": f"{{% {RESULT} %}}"}
    assert refusals(single("Task", language="JSONata", Catch=[catcher])) == [
        unsupported(f"Field '{RESULT}' does not exist.", f"/States/S/Catch[0]/{field}/a")
    ]
