"""The forms inside a Map: its processor, reader, batcher and writer.

https://docs.aws.amazon.com/step-functions/latest/dg/state-map.html
The words were measured on AWS: badmintoncryer/cdk-preflight, rules/stepfunctions/pf-sfn-asl-map-distributed.
"""

from __future__ import annotations

import re
from typing import Any

from refit.embedded_cloud.step_functions.definition import checks
from refit.embedded_cloud.step_functions.definition.diagnostics import Diagnostics, error, schema
from refit.embedded_cloud.step_functions.definition.forms import Check, Field, Form, Place
from refit.embedded_cloud.step_functions.definition.templates import template

MAX_LABEL = 40
_BAD_IN_LABELS = re.compile(r"[\s?*<>{}\[\]:;,\\|^~$#%&`\"\x00-\x1f\x7f-\x9f]")
INPUT_TYPES = ("CSV", "JSON", "JSONL", "MANIFEST", "PARQUET")


def _resource(*allowed: str) -> Check:
    def check(value: Any, place: Place) -> Diagnostics:
        if not isinstance(value, str) or not re.fullmatch(rf"arn:[^:]+:states:::(?:{'|'.join(allowed)})", value):
            examples = ", ".join(f"arn:<partition>:states:::{one}" for one in allowed)
            words = f"The field 'Resource' does not match any of the allowed values. Examples: [{examples}]"
            yield schema(words, place.location)

    return check


def _processor_config(value: Any, place: Place) -> Diagnostics:
    yield from checks.form(PROCESSOR_CONFIG)(value, place)
    if isinstance(value, dict):
        distributed = value.get("Mode") == "DISTRIBUTED"
        if distributed and "ExecutionType" not in value:
            yield schema("These fields are required: [ExecutionType]", place.location)
        if not distributed and "ExecutionType" in value:
            yield schema("Field 'ExecutionType' is not supported", place.location)


def _reader_config(value: Any, place: Place) -> Diagnostics:
    yield from checks.form(READER_CONFIG)(value, place)
    if not isinstance(value, dict):
        return
    if value.get("InputType") == "CSV" and "CSVHeaderLocation" not in value:
        yield schema("The field 'CSVHeaderLocation' is required", place.location)
    if value.get("InputType") in ("JSON", "JSONL", "PARQUET"):
        for name in ("CSVHeaderLocation", "CSVHeaders", "CSVDelimiter"):
            if name in value:
                yield schema(f"Field '{name}' is not supported", place.location)
    if value.get("CSVHeaderLocation") == "GIVEN" and "CSVHeaders" not in value:
        yield schema("These fields are required: [CSVHeaders]", place.location)


def label(value: Any, place: Place) -> Diagnostics:
    """The name of a Map Run: at most 40 characters, none that ARNs and log groups do not take."""
    yield from checks.text(value, place)
    if isinstance(value, str) and len(value) > MAX_LABEL:
        words = f"Invalid Label name: '{value}' exceeds the {MAX_LABEL}-character limit allowed by the service"
        yield error("INVALID_LABEL_NAME", words, place.location)
    elif isinstance(value, str) and (not value or _BAD_IN_LABELS.search(value)):
        yield error("INVALID_LABEL_NAME", f"Invalid Label name: '{value}'", place.location)


PROCESSOR_CONFIG = Form(
    {
        "Mode": Field(checks.one_of("INLINE", "DISTRIBUTED")),
        "ExecutionType": Field(checks.one_of("STANDARD", "EXPRESS")),
    }
)
SUB_WORKFLOW = Form(
    {
        "Comment": Field(checks.text),
        "StartAt": Field(checks.text),
        "States": Field(checks.not_empty(checks.object_)),
    },
    required=("States", "StartAt"),
)
PROCESSOR = SUB_WORKFLOW.with_fields(ProcessorConfig=Field(_processor_config))
READER_CONFIG = Form(
    {
        "InputType": Field(checks.one_of(*INPUT_TYPES)),
        "Transformation": Field(checks.one_of("NONE", "LOAD_AND_FLATTEN")),
        "ManifestType": Field(checks.one_of("ATHENA_DATA", "S3_INVENTORY")),
        "CSVHeaderLocation": Field(checks.one_of("FIRST_ROW", "GIVEN")),
        "CSVHeaders": Field(checks.texts),
        "CSVDelimiter": Field(checks.one_of("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB")),
        "ItemsPointer": Field(checks.text),
        "MaxItems": Field(checks.integer(1, 100_000_000)),
        "MaxItemsPath": Field(checks.reference, only="JSONPath"),
    },
    at_most_one=(("MaxItems", "MaxItemsPath"),),
)
READER = Form(
    {
        "Resource": Field(_resource("s3:getObject", "s3:listObjectsV2")),
        "ReaderConfig": Field(_reader_config),
        "Parameters": Field(template, only="JSONPath"),
        "Arguments": Field(checks.object_or_expression, only="JSONata"),
    },
    required=("Resource",),
)
BATCHER = Form(
    {
        "BatchInput": Field(template),
        "MaxItemsPerBatch": Field(checks.integer(1)),
        "MaxItemsPerBatchPath": Field(checks.reference, only="JSONPath"),
        "MaxInputBytesPerBatch": Field(checks.integer(1, 262_144)),
        "MaxInputBytesPerBatchPath": Field(checks.reference, only="JSONPath"),
    },
    at_most_one=(
        ("MaxItemsPerBatch", "MaxItemsPerBatchPath"),
        ("MaxInputBytesPerBatch", "MaxInputBytesPerBatchPath"),
    ),
)
WRITER_CONFIG = Form(
    {
        "Transformation": Field(checks.one_of("NONE", "COMPACT", "FLATTEN")),
        "OutputType": Field(checks.one_of("JSON", "JSONL")),
    },
    required=("Transformation", "OutputType"),
)
WRITER = Form(
    {
        "Resource": Field(_resource("s3:putObject")),
        "WriterConfig": Field(checks.form(WRITER_CONFIG)),
        "Parameters": Field(template, only="JSONPath"),
        "Arguments": Field(checks.object_or_expression, only="JSONata"),
    }
)
