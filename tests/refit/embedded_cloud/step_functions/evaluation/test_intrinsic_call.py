"""Calls of intrinsic functions: arguments, nesting, and failures in AWS's words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.embedded_cloud.step_functions.evaluation.intrinsic_call import call
from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions import FUNCTIONS
from refit.embedded_cloud.step_functions.evaluation.scope import Scope

DATA: dict[str, Any] = {"a": [1, 2], "name": "x", "none": None, "other": 1}
SCOPE = Scope(DATA, {"State": {"Name": "P"}}, {"v": 5})


def test_there_are_the_eighteen_functions_of_the_documentation() -> None:
    assert len(FUNCTIONS) == 18


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("States.Array()", []),
        ("States.Array(1, -2.5, 'a', true, false, null)", [1, -2.5, "a", True, False, None]),
        ("States.Array($, $.name, $$.State.Name, $v)", [DATA, "x", "P", 5]),
        ("States.Array( 1 ,2 )", [1, 2]),
        ("States.Array('it\\'s', '\\{\\}', '\\\\', 'a, b) ($.x')", ["it's", "{}", "\\", "a, b) ($.x"]),
        ("States.Array($.a[?(@ > 1)], $.a[0,1], $['name'], $.a.length())", [[2], [1, 2], "x", 2]),
        ("States.Format('{}-{}', $.name, States.ArrayLength(States.Array(1, 2)))", "x-2"),
        ("States.Array('Hello\nWorld')", ["Hello\nWorld"]),
    ],
)
def test_arguments_are_text_numbers_paths_and_calls(source: str, value: Any) -> None:
    assert call(source, DATA, SCOPE) == value


def test_ten_functions_may_be_nested() -> None:
    nested = "States.Array(" * 10 + ")" * 10
    assert call(nested, DATA, SCOPE) == [[[[[[[[[[]]]]]]]]]]


def test_eleven_functions_may_not(failure: Any) -> None:
    error, cause, _ = failure(call, "States.Array(" * 11 + ")" * 11, DATA, SCOPE)
    assert error == "States.IntrinsicFailure"
    assert cause.endswith("had the following error: more than 10 intrinsic functions are nested")


@pytest.mark.parametrize(
    ("source", "argument"),
    [
        ("States.Format('{}', $.nope)", "$.nope"),
        ("States.Format('{}',$.nope)", "$.nope"),
        ("States.Format('{} {}', $.other, $.a.b)", "$.a.b"),
        ("States.Format('{}', States.Format('{}', $.nope))", "$.nope"),
        ("States.Format($.nope, 1)", "$.nope"),
        ("States.ArrayLength($.nope)", "$.nope"),
        ("States.JsonMerge($.nope, $.other, false)", "$.nope"),
        ("States.Format('{}', $.items[5].x)", "$.items[5].x"),
        ("States.Format('{}', $$.Nope.Deep)", "$.Nope.Deep"),
        ("States.Format('{}', $nope)", "$nope"),
    ],
)
def test_a_path_to_nothing_fails_in_the_words_of_aws(source: str, argument: str, failure: Any) -> None:
    """Measured on AWS by floci, AslExecutorIntrinsicMissingArgumentTest: the whole call, and the state's input."""
    words = (
        f"The function '{source}' had the following error: The JsonPath argument for the field '{argument}' could not "
        "be found in the input '{\"other\":1}'"
    )
    assert failure(call, source, {"other": 1}, SCOPE) == ("States.Runtime", words, None)


def test_an_index_past_the_end_is_nothing_too(failure: Any) -> None:
    """Unlike a member of a template that is only a path (floci, indexPastTheEndOfAnArrayFails)."""
    error, cause, _ = failure(call, "States.Format('{}', $.a[5])", DATA, SCOPE)
    assert error == "States.Runtime"
    assert "The JsonPath argument for the field '$.a[5]' could not be found" in cause


def test_an_index_of_what_is_no_list_fails_in_jayways_words(failure: Any) -> None:
    source = "States.Format('{}', $.other[0])"
    words = "Filter: [0] can only be applied to arrays. Current context is: 1"
    cause = f"The function '{source}' had the following error: {words}"
    assert failure(call, source, {"other": 1}, SCOPE) == ("States.Runtime", cause, None)


def test_a_wildcard_that_finds_nothing_is_an_empty_list() -> None:
    assert call("States.ArrayLength($.items[*].nope)", {"items": [1, 2]}, SCOPE) == 0


@pytest.mark.parametrize(
    "source",
    [
        *(
            "States.Nope()",
            "States.Array(",
            "States.Array(1",
            "States.Array(1 2)",
            "States.Array(1,)",
            "States.Array(,)",
        ),
        *("States.Array(x)", "States.Array('a)", "States.Array() x", "States.Array(01)", "States.Array($.a[)"),
        *("States.StringToJson('{\\\"text\\\":1}')", "States.Format('a\\nb')", "States.Array('\\u0041')"),
    ],
)
def test_what_is_no_call_fails(source: str, failure: Any) -> None:
    """AWS refuses such a definition; recorded for the escapes, scenarios::test_illegal_escapes."""
    error, cause, _ = failure(call, source, DATA, SCOPE)
    assert error == "States.IntrinsicFailure"
    assert cause.startswith(f"The function '{source}' had the following error: ")


@given(text=st.text())
def test_every_text_can_be_an_argument(text: str) -> None:
    escaped = text
    for character in "\\'{}":
        escaped = escaped.replace(character, f"\\{character}")
    assert call(f"States.Array('{escaped}')", DATA, SCOPE) == [text]
    assert call(f"States.Format('{escaped}')", DATA, SCOPE) == text
