"""SSM rejects what its service model and PutParameter's page do not allow, with AWS's messages."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

NUMBERS = itertools.count(1)
SYMBOLS = "each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_"


@pytest.fixture
def ssm(client: Any) -> Any:
    return client("ssm")


def parameter(**changes: Any) -> dict[str, Any]:
    return {"Name": f"/homes/{next(NUMBERS)}", "Type": "String", "Value": "a", **changes}


@pytest.mark.parametrize("name", ["/a b", "a/b", "/a@b", "/ä"])
def test_a_name_has_letters_numbers_and_three_symbols(ssm: Any, refused: Any, name: str) -> None:
    code, message = refused(ssm.put_parameter, **parameter(Name=name))
    assert code == "ValidationException"
    assert message.endswith(SYMBOLS)


def test_a_name_has_at_most_15_levels(ssm: Any, refused: Any) -> None:
    ssm.put_parameter(**parameter(Name="/a" * 15))
    assert refused(ssm.put_parameter, **parameter(Name="/b" * 16)) == (
        "HierarchyLevelLimitExceededException",
        f"A hierarchy can have a maximum of 15 levels. {'/b' * 16} has 16.",
    )


@pytest.mark.parametrize(("tier", "most"), [("Standard", 4096), ("Advanced", 8192)])
def test_a_value_has_a_maximum_length(ssm: Any, refused: Any, tier: str, most: int) -> None:
    ssm.put_parameter(**parameter(Tier=tier, Value="x" * most))
    code, message = refused(ssm.put_parameter, **parameter(Tier=tier, Value="x" * (most + 1)))
    assert code == "ValidationException"
    assert message.startswith(f"{tier} tier parameters support a maximum parameter value of {most} characters.")


def test_only_a_new_parameter_needs_a_type(ssm: Any, refused: Any) -> None:
    new = parameter()
    without = {name: value for name, value in new.items() if name != "Type"}
    message = "A parameter type is required when you create a parameter."
    assert refused(ssm.put_parameter, **without) == ("ValidationException", message)
    ssm.put_parameter(**new)
    ssm.put_parameter(**without, Overwrite=True)
    assert ssm.get_parameter(Name=new["Name"])["Parameter"]["Version"] == 2


@pytest.mark.parametrize(
    ("operation", "request_", "constraint"),
    [
        ("put_parameter", parameter(Type="Number"), "satisfy enum value set: [String, StringList, SecureString]"),
        ("get_parameters", {"Names": [f"/{n}" for n in range(11)]}, "have length less than or equal to 10"),
        ("get_parameters_by_path", {"Path": "/", "MaxResults": 11}, "have value less than or equal to 10"),
    ],
)
def test_requests_are_held_to_the_service_model(
    ssm: Any, refused: Any, operation: str, request_: dict[str, Any], constraint: str
) -> None:
    code, message = refused(getattr(ssm, operation), **request_)
    assert code == "ValidationException"
    assert message.endswith(f"failed to satisfy constraint: Member must {constraint}")
