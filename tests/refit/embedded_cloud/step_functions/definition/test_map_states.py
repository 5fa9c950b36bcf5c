"""The parts of a Map, and of a Parallel.

The words were measured on AWS: badmintoncryer/cdk-preflight, pf-sfn-asl-map-distributed, pf-sfn-asl-branch-shape,
pf-sfn-asl-name-limits; QueryLanguage in a processor: floci-io/floci#2968.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.state_machines import (
    PASS,
    Finding,
    machine,
    only_for,
    only_one_of,
    refusals,
    required,
    schema,
    single,
    unsupported,
)

INNER = {"StartAt": "I", "States": {"I": PASS}}
CONFIG = "/States/S/ItemProcessor/ProcessorConfig"
GET, LIST, PUT = (f"arn:aws:states:::s3:{action}" for action in ("getObject", "listObjectsV2", "putObject"))
OBJECT = "Expected value of type [OBJECT]"


@pytest.mark.parametrize(
    ("config", "findings"),
    [
        ({"Mode": "INLINE"}, []),
        ({}, []),
        ({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, []),
        ({"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, []),
        ({"Mode": "DISTRIBUTED"}, [required("ExecutionType", CONFIG)]),
        ({"Mode": "INLINE", "ExecutionType": "STANDARD"}, [unsupported("ExecutionType", CONFIG)]),
        (
            {"Mode": "DISTRIBUTED", "ExecutionType": "FAST"},
            [schema("Value should be one of the following: [STANDARD, EXPRESS]", f"{CONFIG}/ExecutionType")],
        ),
        (
            {"Mode": "PARALLEL"},
            [schema("Value should be one of the following: [INLINE, DISTRIBUTED]", f"{CONFIG}/Mode")],
        ),
        ({"Mode": "INLINE", "Size": 1}, [unsupported("Size", CONFIG)]),
        ("INLINE", [schema(OBJECT, CONFIG)]),
    ],
)
def test_the_mode_of_a_processor(config: Any, findings: list[Finding]) -> None:
    assert refusals(single("Map", ItemProcessor=INNER | {"ProcessorConfig": config})) == findings


@pytest.mark.parametrize("field", ["ItemProcessor", "Iterator"])
@pytest.mark.parametrize(
    ("inner", "findings"),
    [
        ({"States": {"I": PASS}}, lambda place: [required("StartAt", place)]),
        ({"StartAt": "I"}, lambda place: [required("States", place)]),
        ({}, lambda place: [required("States, StartAt", place)]),
        (INNER | {"QueryLanguage": "JSONata"}, lambda place: [unsupported("QueryLanguage", place)]),
        (INNER | {"TimeoutSeconds": 1}, lambda place: [unsupported("TimeoutSeconds", place)]),
        ({"StartAt": "I", "States": {}}, lambda place: [schema("Value cannot be empty", f"{place}/States")]),
        ([INNER], lambda place: [schema(OBJECT, place)]),
    ],
)
def test_the_shape_of_a_processor(field: str, inner: Any, findings: Any) -> None:
    definition = machine({"S": {"Type": "Map", field: inner, "End": True}})
    assert refusals(definition) == findings(f"/States/S/{field}")


def test_a_map_has_one_processor() -> None:
    found = refusals(single("Map", Iterator={"StartAt": "J", "States": {"J": PASS}}))
    assert found == [only_one_of("ItemProcessor, Iterator")]


@pytest.mark.parametrize(
    ("branch", "findings"),
    [
        ({"StartAt": "B"}, [required("States", "/States/S/Branches[0]")]),
        ({}, [required("States, StartAt", "/States/S/Branches[0]")]),
        (
            {"StartAt": "B", "States": {"B": PASS}, "QueryLanguage": "JSONata"},
            [unsupported("QueryLanguage", "/States/S/Branches[0]")],
        ),
        (
            {"StartAt": "B", "States": {"B": PASS}, "ProcessorConfig": {}},
            [unsupported("ProcessorConfig", "/States/S/Branches[0]")],
        ),
        ("B", [schema(OBJECT, "/States/S/Branches[0]")]),
    ],
)
def test_the_shape_of_a_branch(branch: Any, findings: list[Finding]) -> None:
    assert refusals(single("Parallel", Branches=[branch])) == findings


def test_the_states_inside_are_checked() -> None:
    inner = {"StartAt": "I", "States": {"I": {"Type": "Pass", "End": True, "Colour": "red"}}}
    assert refusals(single("Map", ItemProcessor=inner)) == [unsupported("Colour", "/States/S/ItemProcessor/States/I")]


READER = "/States/S/ItemReader"


@pytest.mark.parametrize(
    ("reader", "findings"),
    [
        ({"Resource": GET, "Parameters": {"Bucket.$": "$.b", "Key": "k"}}, []),
        ({"Resource": LIST, "Parameters": {"Bucket": "b"}}, []),
        ({"Resource": GET, "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"}}, []),
        ({"Resource": GET, "ReaderConfig": {"InputType": "MANIFEST", "MaxItemsPath": "$.m"}}, []),
        ({}, [required("Resource", READER)]),
        (
            {"Resource": PUT},
            [
                schema(
                    "The field 'Resource' does not match any of the allowed values. Examples: "
                    "[arn:<partition>:states:::s3:getObject, arn:<partition>:states:::s3:listObjectsV2]",
                    f"{READER}/Resource",
                )
            ],
        ),
        (
            {"Resource": GET, "ReaderConfig": {"InputType": "CSV"}},
            [schema("The field 'CSVHeaderLocation' is required", f"{READER}/ReaderConfig")],
        ),
        (
            {"Resource": GET, "ReaderConfig": {"InputType": "JSON", "CSVHeaderLocation": "FIRST_ROW"}},
            [unsupported("CSVHeaderLocation", f"{READER}/ReaderConfig")],
        ),
        (
            {"Resource": GET, "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN"}},
            [required("CSVHeaders", f"{READER}/ReaderConfig")],
        ),
        (
            {"Resource": GET}
            | {"ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": ["a", 1]}},
            [schema("Expected value of type [STRING]", f"{READER}/ReaderConfig/CSVHeaders[1]")],
        ),
        (
            {"Resource": GET, "ReaderConfig": {"InputType": "XML"}},
            [
                schema(
                    "Value should be one of the following: [CSV, JSON, JSONL, MANIFEST, PARQUET]",
                    f"{READER}/ReaderConfig/InputType",
                )
            ],
        ),
        (
            {"Resource": GET, "ReaderConfig": {"MaxItems": 1, "MaxItemsPath": "$.m"}},
            [only_one_of("MaxItems, MaxItemsPath", f"{READER}/ReaderConfig")],
        ),
        ({"Resource": GET, "Arguments": {}}, [only_for("Arguments", "JSONata", READER)]),
        (
            {"Resource": GET, "Parameters": {"Bucket.$": "b"}},
            [
                schema(
                    "The value for the field 'Bucket.$' must be a valid JSONPath or a valid intrinsic function call",
                    f"{READER}/Parameters",
                )
            ],
        ),
    ],
)
def test_a_reader(reader: dict[str, Any], findings: list[Finding]) -> None:
    assert refusals(single("Map", ItemReader=reader)) == findings


@pytest.mark.parametrize(
    ("field", "value", "findings"),
    [
        ("ItemBatcher", {"MaxItemsPerBatch": 10, "BatchInput": {"a.$": "$.a"}}, []),
        ("ItemBatcher", {"MaxItemsPerBatch": 0}, [schema("Minimum value is 1", "/MaxItemsPerBatch")]),
        (
            "ItemBatcher",
            {"MaxInputBytesPerBatch": 262145},
            [schema("Maximum value is 262144", "/MaxInputBytesPerBatch")],
        ),
        (
            "ItemBatcher",
            {"MaxItemsPerBatch": 1, "MaxItemsPerBatchPath": "$.m"},
            [only_one_of("MaxItemsPerBatch, MaxItemsPerBatchPath", "")],
        ),
        ("ResultWriter", {"Resource": PUT, "Parameters": {"Bucket": "b", "Prefix": "p"}}, []),
        ("ResultWriter", {"WriterConfig": {"Transformation": "FLATTEN", "OutputType": "JSONL"}}, []),
        ("ResultWriter", {"WriterConfig": {"Transformation": "FLATTEN"}}, [required("OutputType", "/WriterConfig")]),
        (
            "ResultWriter",
            {"WriterConfig": {"Transformation": "ZIP", "OutputType": "JSON"}},
            [schema("Value should be one of the following: [NONE, COMPACT, FLATTEN]", "/WriterConfig/Transformation")],
        ),
        (
            "ResultWriter",
            {"Resource": GET},
            [
                schema(
                    "The field 'Resource' does not match any of the allowed values. Examples: "
                    "[arn:<partition>:states:::s3:putObject]",
                    "/Resource",
                )
            ],
        ),
        ("ResultWriter", {"Resource": PUT, "Arguments": {}}, [only_for("Arguments", "JSONata", "")]),
    ],
)
def test_a_batcher_and_a_writer(field: str, value: dict[str, Any], findings: list[Finding]) -> None:
    expected = [(code, message, f"/States/S/{field}{location}") for code, message, location in findings]
    assert refusals(single("Map", **{field: value})) == expected


@pytest.mark.parametrize("field", ["ItemReader", "ResultWriter"])
def test_jsonata_has_arguments(field: str) -> None:
    resource = GET if field == "ItemReader" else PUT
    for arguments in ({"Bucket": "{% $states.input.b %}"}, "{% $states.input %}"):
        given = {field: {"Resource": resource, "Arguments": arguments}}
        assert refusals(single("Map", language="JSONata", **given)) == []
    given = {field: {"Resource": resource, "Parameters": {}}}
    found = refusals(single("Map", language="JSONata", **given))
    assert found == [only_for("Parameters", "JSONPath", f"/States/S/{field}")]


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("a", None),
        ("l" * 40, None),
        ("l" * 41, f"Invalid Label name: '{'l' * 41}' exceeds the 40-character limit allowed by the service"),
        ("", "Invalid Label name: ''"),
        ("label_{invalid_char}", "Invalid Label name: 'label_{invalid_char}'"),
        ("with space", "Invalid Label name: 'with space'"),
    ],
)
def test_a_label(label: str, words: str | None) -> None:
    """AWS was seen to refuse an empty, a long and the braced one: localstack/localstack, MAP_STATE_LABEL."""
    found = refusals(single("Map", Label=label))
    assert found == ([] if words is None else [("INVALID_LABEL_NAME", words, "/States/S/Label")])
