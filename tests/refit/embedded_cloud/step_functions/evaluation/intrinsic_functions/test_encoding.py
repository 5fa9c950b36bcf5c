"""Encoding, hashing, parsing and merging. Recorded values: LocalStack's test_json_manipulation.py, and AWS's page."""

from __future__ import annotations

from typing import Any

import pytest

from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions import FUNCTIONS, Refusal


@pytest.mark.parametrize(
    ("name", "arguments", "value"),
    [
        ("Base64Encode", ("Data to encode",), "RGF0YSB0byBlbmNvZGU="),
        ("Base64Decode", ("RGF0YSB0byBlbmNvZGU=",), "Data to encode"),
        ("Base64Encode", ("é",), "w6k="),
        ("Hash", ("input data", "SHA-1"), "aaff4a450a104cd177d28d18d74485e8cae074b7"),
        ("Hash", ("a", "MD5"), "0cc175b9c0f1b6a831c399e269772661"),
        ("StringToJson", ("",), None),
        ("StringToJson", (" ",), None),
        ("StringToJson", ("null",), None),
        ("StringToJson", ("-0",), 0),
        ("StringToJson", ("1.1",), 1.1),
        ("StringToJson", ('[1, 2, "HelloWorld"]',), [1, 2, "HelloWorld"]),
        ("JsonToString", (None,), "null"),
        ("JsonToString", ({"Arg1": 1, "Arg2": []},), '{"Arg1":1,"Arg2":[]}'),
        ("JsonToString", ("é",), '"é"'),
        ("JsonMerge", ({"a": {"a1": 1}, "d": 3}, {"a": {"a3": 1}, "c": 3}, False), {"a": {"a3": 1}, "d": 3, "c": 3}),
    ],
)
def test_an_encoding_function_answers(name: str, arguments: tuple[Any, ...], value: Any) -> None:
    assert FUNCTIONS[name](*arguments) == value


@pytest.mark.parametrize("algorithm", ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"])
def test_there_are_five_algorithms(algorithm: str) -> None:
    assert len(FUNCTIONS["Hash"]("x", algorithm)) in (32, 40, 64, 96, 128)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("Base64Encode", ("x" * 10_001,), "The argument must not be longer than 10000 characters"),
        ("Base64Encode", (1,), "The argument must be a string"),
        ("Base64Decode", ("a",), "The argument must be text in base64"),
        ("Base64Decode", ("!!!!",), "The argument must be text in base64"),
        ("Base64Decode", ("/w==",), "The argument must be text in base64"),
        ("Hash", ("x", "sha-1"), "The algorithm must be one of MD5, SHA-1, SHA-256, SHA-384, SHA-512"),
        ("Hash", ("x" * 10_001, "MD5"), "The argument must not be longer than 10000 characters"),
        ("StringToJson", ("{",), "The argument must be JSON text"),
        ("StringToJson", ("NaN",), "The argument must be JSON text"),
        ("StringToJson", ({},), "The argument must be a string"),
        ("JsonMerge", ({}, {}, True), "The third argument must be false: there is no deep merging"),
        ("JsonMerge", ({}, {}), "Expected 3 arguments but received 2"),
        ("JsonMerge", ({}, [], False), "The arguments must be objects"),
    ],
)
def test_an_encoding_function_refuses(name: str, arguments: tuple[Any, ...], words: str) -> None:
    with pytest.raises(Refusal) as refused:
        FUNCTIONS[name](*arguments)
    assert str(refused.value) == words
