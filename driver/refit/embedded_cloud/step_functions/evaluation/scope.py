"""What the expressions of a state can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final


class Absence(Enum):
    """The type of `ABSENT`."""

    ABSENT = "absent"

    def __bool__(self) -> bool:
        return False


ABSENT: Final = Absence.ABSENT
"""There is no value. It differs from None, which is JSON's null."""


@dataclass(frozen=True)
class Scope:
    """What the expressions of a state can read."""

    input: Any
    """The state's raw input."""
    context: Mapping[str, Any]
    """The context object: Execution, StateMachine, State; in a task also Task, in a Map also Map."""
    variables: Mapping[str, Any]
    """The workflow variables that earlier states assigned, by name without `$`."""
    result: Any = ABSENT
    """What the state did; `$states.result`."""
    error_output: Any = ABSENT
    """What a catcher caught: `{"Error": …, "Cause": …}`; `$states.errorOutput`."""


def with_map_item(context: Mapping[str, Any], index: int, value: Any) -> dict[str, Any]:
    """The context object for an item of a Map: `Map.Item.Index` and `Map.Item.Value`.

    https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
    """
    return {**context, "Map": {"Item": {"Index": index, "Value": value}}}
