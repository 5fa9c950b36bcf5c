"""The intrinsic functions of text. Recorded values: LocalStack's test_generic.py and test_string_operations.py."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions import FUNCTIONS, Refusal


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        ("HelloWorld", "HelloWorld"),
        (None, "null"),
        (1, "1"),
        (1.1, "1.1"),
        (True, "true"),
        ('{"Arg1": 1, "Arg2": []}', '{"Arg1": 1, "Arg2": []}'),
        ({"Arg1": 1, "Arg2": []}, "{Arg1=1, Arg2=[]}"),
        ({"Id": "arn:x", "Name": "n"}, "{Id=arn:x, Name=n}"),
        ([1, None, ["a", False]], "[1, null, [a, false]]"),
        (1.0, "1.0"),
        (1e6, "1000000.0"),
        (1.5e10, "1.5E10"),
        (1e7, "1.0E7"),
        (-2.5e-5, "-2.5E-5"),
        (0.001, "0.001"),
        (0.0, "0.0"),
    ],
)
def test_format_writes_values_as_java_does(value: Any, text: str) -> None:
    """Objects are not JSON: recorded, test_generic::test_format_2 and test_context_json_path."""
    assert FUNCTIONS["Format"]("<{}>", value) == f"<{text}>"


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("Hello",), "Hello"),
        (("{}{}", "a", "b"), "ab"),
        (("\\{\\} {}", 1), "{} 1"),
        (("it\\'s \\\\ {}", 1), "it's \\ 1"),
        (("{}", "{}"), "{}"),
    ],
)
def test_format_fills_placeholders(arguments: tuple[Any, ...], text: str) -> None:
    assert FUNCTIONS["Format"](*arguments) == text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("{}",), "There are more placeholders than arguments"),
        (("{} {}", 1), "There are more placeholders than arguments"),
        (("a", 1), "There are more arguments than placeholders"),
        (("a{b", 1), "Invalid template: a{b"),
        (("a}b",), "Invalid template: a}b"),
        (("a\\b",), "Invalid template: a\\b"),
        ((1,), "The argument must be a string"),
        ((), "Expected a template"),
    ],
)
def test_format_refuses(arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        FUNCTIONS["Format"](*arguments)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("text", "delimiters", "parts"),
    [
        ("1,2,3,4,5", ",", ["1", "2", "3", "4", "5"]),
        ("This.is+a,test=string", ".+,=", ["This", "is", "a", "test", "string"]),
        ("Hello\nWorld", "\n", ["Hello", "World"]),
        ("a]b^c-d\\e", "]^-\\", ["a", "b", "c", "d", "e"]),
        ("a,,b,", ",", ["a", "b"]),
        ("...", ".", []),
        ("", ",", []),
    ],
)
def test_text_is_split_at_each_of_the_delimiters(text: str, delimiters: str, parts: list[str]) -> None:
    assert FUNCTIONS["StringSplit"](text, delimiters) == parts


def test_a_uuid_is_a_random_uuid() -> None:
    assert uuid.UUID(FUNCTIONS["UUID"]()).version == 4


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("StringSplit", ("a",)), ("StringSplit", (1, ",")), ("StringSplit", ("abc", "")), ("UUID", (1,))],
)
def test_a_function_of_text_refuses(name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(Refusal, match=r"Expected|must be a string|must not be empty"):
        FUNCTIONS[name](*arguments)
