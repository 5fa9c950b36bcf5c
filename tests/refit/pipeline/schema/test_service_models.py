"""The schema accepts no value that AWS refuses: its types are compared with the patterns of botocore's models."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from pydantic import TypeAdapter, ValidationError

from refit.pipeline.schema import value_types

CHARACTERS = [*map(chr, range(128)), *"\x85\xa0éßǅʰ価²Ⅷ٣\u0301\u2028\u2029\u3000\ufeff😀"]

TYPES: list[tuple[str, Any, str, str]] = [
    # A type of the schema, a valid value, and the service and the shape that get it.
    ("EndpointName", "home-prices", "sagemaker", "EndpointName"),
    ("PipelineName", "home-prices", "sagemaker", "EndpointName"),
    ("PipelineName", "home-prices", "sagemaker", "TrainingJobName"),
    ("PipelineName", "home-prices", "scheduler", "Name"),
    ("PipelineName", "home-prices", "lambda", "FunctionName"),
    ("PipelineName", "home-prices", "iam", "roleNameType"),
    ("PipelineName", "home-prices", "logs", "LogGroupName"),
    ("HyperparameterName", "epochs", "sagemaker", "HyperParameterKey"),
    ("HyperparameterValue", "15", "sagemaker", "HyperParameterValue"),
    ("EntryPoint", "train.py", "sagemaker", "HyperParameterValue"),
    ("MetricName", "validation:mse", "sagemaker", "MetricName"),
    ("MetricPattern", "mse=(.+)", "sagemaker", "MetricRegex"),
    ("ChannelName", "test", "sagemaker", "ChannelName"),
    ("Image", "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1", "sagemaker", "AlgorithmImage"),
    ("Image", "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1", "sagemaker", "ContainerImage"),
    ("RoleArn", "arn:aws:iam::123456789012:role/my-role", "sagemaker", "RoleArn"),
    ("AlarmName", "my alarm", "sagemaker", "AlarmName"),
    ("AlarmName", "my alarm", "cloudwatch", "AlarmName"),
    ("TopicArn", "arn:aws:sns:us-west-2:123456789012:alerts", "cloudwatch", "ResourceName"),
    ("ParameterName", "/refit/slack-token", "ssm", "PSParameterName"),
    ("SecretName", "refit/slack-token", "secretsmanager", "SecretIdType"),
    ("ScheduleExpression", "rate(1 day)", "scheduler", "ScheduleExpression"),
    ("TimeZone", "Europe/Berlin", "scheduler", "ScheduleExpressionTimezone"),
    *(
        (kind, "team", service, shape)
        for service, shapes in {
            "sagemaker": ("TagKey", "TagValue"),
            "lambda": ("TagKey", "TagValue"),
            "ssm": ("TagKey", "TagValue"),
            "logs": ("TagKey", "TagValue"),
            "iam": ("tagKeyType", "tagValueType"),
            "stepfunctions": ("TagKey", "TagValue"),
        }.items()
        for kind, shape in zip(("TagName", "TagValue"), shapes, strict=True)
    ),
]


@pytest.mark.parametrize(("kind", "valid", "service", "shape"), TYPES)
def test_what_the_schema_accepts_aws_accepts(kind: str, valid: str, service: str, shape: str) -> None:
    accepts = accepted_by_schema(kind)
    metadata = botocore.session.Session().get_service_model(service).shape_for(shape).metadata
    refuses = refused_by(metadata)
    assert accepts(valid)
    values = list(variants(valid, metadata.get("max", 2_500)))
    assert [value for value in values if accepts(value) and refuses(value)] == []


@pytest.mark.parametrize(
    ("kind", "valid"), [("TopicArn", "arn:aws:sns:us-west-2:123456789012:alerts"), ("SecretName", "refit/token")]
)
def test_an_arn_has_no_characters_that_are_invisible(kind: str, valid: str) -> None:
    accepts = accepted_by_schema(kind)
    assert [
        value for value in variants(valid, 10) if accepts(value) and not (value.isascii() and value.isprintable())
    ] == []


def variants(valid: str, longest: int) -> Iterator[str]:
    """The value with every character before, in and after it and in the place of a part, and values of all lengths."""
    middle = len(valid) // 2
    for character in CHARACTERS:
        yield character
        yield character + valid
        yield valid + character
        yield valid[:middle] + character + valid[middle:]
        yield valid[:middle] + character + valid[middle + 1 :]
    yield ""
    for length in (1, 2, longest - 1, longest, longest + 1):
        yield "a" * length
        yield valid + "a" * (length - len(valid))
        yield "a" * (length - len(valid)) + valid


def accepted_by_schema(kind: str) -> Any:
    adapter: TypeAdapter[Any] = TypeAdapter(getattr(value_types, kind))

    def accepts(value: str) -> bool:
        try:
            adapter.validate_python(value)
        except ValidationError:
            return False
        return True

    return accepts


def refused_by(metadata: dict[str, Any]) -> Any:
    pattern = re.compile(in_python(metadata.get("pattern", r"[\s\S]*")))
    shortest, longest = metadata.get("min", 0), metadata.get("max", 10**6)
    return lambda value: not (shortest <= len(value) <= longest and pattern.fullmatch(value))


def in_python(java: str) -> str:
    """A pattern of AWS in Python's syntax. Its classes are right for CHARACTERS alone.

    A dot does not match the ends of lines, and \\w, \\d and \\s are ASCII:
    https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/regex/Pattern.html
    """
    for category in "LZN":
        members = "".join(re.escape(one) for one in CHARACTERS if unicodedata.category(one).startswith(category))
        java = java.replace(rf"\p{{{category}}}", members)
    parts = re.split(r"(\\.|\[(?:\\.|[^\]\\])*\])", java, flags=re.DOTALL)
    return "(?a)" + "".join(
        part if number % 2 else part.replace(".", "[^\n\r\x85\u2028\u2029]") for number, part in enumerate(parts)
    )


def test_the_translation_of_patterns_is_javas() -> None:
    assert not re.fullmatch(in_python(".*"), "a\r")
    assert not re.fullmatch(in_python(".+"), "\u2028")
    assert re.fullmatch(in_python(r"[.]\.[\p{L}]"), "..é")
    assert not re.fullmatch(in_python(r"\d"), "٣")
