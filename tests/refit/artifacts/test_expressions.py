"""Constants of JSONata expressions: values stay values, names must exist, and messages become concatenations."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from refit.artifacts import state_machine
from refit.artifacts.expressions import Expressions
from refit.artifacts.vocabulary import MESSAGES, WORDS
from refit.domain import messages
from refit.errors import BuildError
from tests.support.definitions import pipeline
from tests.support.jsonata import evaluate


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "twice.jsonata").write_text("/* Twice\n   the value. */\n(\n  $one := $VALUE;\n  $one + $one\n)\n")
    (tmp_path / "plus.jsonata").write_text("$TWICE + 1\n")
    return tmp_path


def value(expression: str, constants: dict[str, Any] | None = None, **variables: Any) -> Any:
    source = Expressions(Path("nowhere")).fill_in(expression, constants or {})
    return evaluate(f"{{% {source} %}}", variables=variables)


def test_a_file_becomes_one_line_without_its_comment(folder: Path) -> None:
    assert Expressions(folder).source("twice", {"VALUE": 2}) == "( $one := 2; $one + $one )"


def test_a_file_can_use_another(folder: Path) -> None:
    assert Expressions(folder).source("plus", {"VALUE": 2}) == "(( $one := 2; $one + $one )) + 1"


def test_a_name_of_the_domain_needs_no_value() -> None:
    assert value("$JOB_FAILED") == "JobFailed"
    assert value("$ENDPOINT_BUSY_ERROR") == "EndpointBusy"
    assert value("'Updating' in $CHANGING")
    assert value("$lookup($TRAINING_STATES, 'Stopping')") == "InProgress"


def test_the_fields_of_a_message_are_constants_or_variables() -> None:
    expected = messages.ENDPOINT_STILL_CHANGING.format(endpoint="prices", status="Updating", limit="1 minute")
    constants = {"ENDPOINT": "prices", "LIMIT": "1 minute"}
    assert value("$ENDPOINT_STILL_CHANGING", constants, status="Updating") == expected


def test_a_pattern_becomes_a_regular_expression() -> None:
    constants = {"RUN_NAME": re.compile("^a-[0-9]{2}$")}
    assert value("$contains('a-12', $RUN_NAME)", constants) is True
    assert value("$contains('b-12', $RUN_NAME)", constants) is False


def test_a_constant_without_a_value_is_refused(folder: Path) -> None:
    with pytest.raises(BuildError, match=r"uses \$VALUE, which has no value"):
        Expressions(folder).source("plus", {})


def test_a_value_that_nothing_uses_is_refused(folder: Path) -> None:
    with pytest.raises(BuildError, match="does not use OTHER"):
        Expressions(folder).source("plus", {"VALUE": 2, "OTHER": 3})


def test_a_file_that_does_not_exist_is_refused(folder: Path) -> None:
    with pytest.raises(BuildError, match=r"asl/expressions/thrice\.jsonata does not exist"):
        Expressions(folder).source("thrice")


def test_a_constant_of_the_pipeline_may_stay_unused(folder: Path) -> None:
    assert Expressions(folder, {"VALUE": 2, "OTHER": 3}).source("plus") == "(( $one := 2; $one + $one )) + 1"


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, min_size=2, max_size=3) | st.dictionaries(st.sampled_from(["a", "$B"]), inner),
    max_leaves=5,
)


@given(values)
def test_a_value_stays_a_value(constant: Any) -> None:
    assert value("{'it': $VALUE}", {"VALUE": constant}) == {"it": constant}


@pytest.mark.parametrize("text", ["$states.input", "$JOB_FAILED", '" & $x & "', "a  b", "line\nline", "/* x */", "\\"])
def test_a_text_is_no_code(text: str) -> None:
    assert value("$VALUE", {"VALUE": text}) == text


@pytest.mark.parametrize("name", MESSAGES)
def test_a_message_is_one_line_of_text_and_plain_fields(name: str) -> None:
    template = MESSAGES[name]
    assert " ".join(template.split()) == template.strip()
    assert set(re.findall(r"\{(.*?)\}", template)) == set(re.findall(r"\{([a-z_]+)\}", template))


def test_no_name_means_two_things() -> None:
    constants = state_machine.constants_of(pipeline()).keys()
    files = {file.stem.upper() for file in (state_machine.TEMPLATES / "expressions").iterdir()}
    for one, other in combinations((MESSAGES.keys(), WORDS.keys(), constants, files), 2):
        assert not one & other
