"""The names of state machines and executions.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

from __future__ import annotations

import pytest

from refit.embedded_cloud.aws_json.errors import ApiError
from refit.embedded_cloud.step_functions import names


@pytest.mark.parametrize("name", ["a", "A-1_b.c", "équipe", "été@home!", "(a)=b+c'd"])
def test_may_have_other_characters(name: str) -> None:
    assert names.check(name) == name


@pytest.mark.parametrize("character", ' \t\n<>{}[]?*"#%\\^|~`$&,;:/\x00\x1f\x7f\x9f')
def test_may_not_have(character: str) -> None:
    with pytest.raises(ApiError, match=r"(?s)^Invalid Name: 'a.b'$") as refused:
        names.check(f"a{character}b")
    assert refused.value.code == "InvalidName"
