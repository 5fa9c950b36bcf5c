"""Reads values by JSONPath as Step Functions does, with Jayway's answers where a path finds nothing.

A definite path gives its value or fails; an indefinite one (`..`, `*`, filters, slices, several indexes) gives a list.
https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
Jayway's rules and words: https://github.com/json-path/JsonPath, com.jayway.jsonpath.internal.path.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from refit.embedded_cloud.step_functions.evaluation.json_path_syntax import (
    Descent,
    Filter,
    Indexes,
    JsonPath,
    Names,
    Slice,
    Step,
    Wildcard,
    parse,
)
from refit.embedded_cloud.step_functions.evaluation.json_text import compact
from refit.embedded_cloud.step_functions.evaluation.scope import Scope


class PathNotFoundError(Exception):
    """A path finds nothing. The text is Jayway's; `past_the_end` says that only the last index has no element."""

    def __init__(self, words: str, *, past_the_end: bool = False) -> None:
        super().__init__(words)
        self.past_the_end = past_the_end


def document_of(path: JsonPath, data: Any, scope: Scope) -> Any:
    """What `path` reads: `data`, the context object or a variable. Raises PathNotFoundError for an unknown variable."""
    if path.document == "input":
        return data
    if path.document == "context":
        return scope.context
    if path.variable not in scope.variables:
        raise PathNotFoundError(f"No results for path: $['{path.variable}']")
    return scope.variables[path.variable]


def read(text: str, data: Any, scope: Scope) -> Any:
    """The value at the path `text` of `data`, the context object or a variable.

    Raises PathNotFoundError, and PathSyntaxError for a text that is not a path.
    """
    path = parse(text)
    document = document_of(path, data, scope)
    value = _definite(path, document) if path.definite else list(_every(path.steps, document, document, "$", True))
    return _length(value) if path.length else value


def _length(value: Any) -> int | None:
    """Jayway's length(): of a list or an object; nothing of anything else."""
    return len(value) if isinstance(value, list | dict) else None


def _definite(path: JsonPath, document: Any) -> Any:
    value, place = document, "$"
    for position, step in enumerate(path.steps):
        last = position == len(path.steps) - 1
        found = next(_children(step, value, document, place, definite=True, last=last), None)
        if found is None:
            raise PathNotFoundError(
                f"No results for path: {_written(path.steps)}", past_the_end=last and isinstance(step, Indexes)
            )
        value, place = found
    return value


def _every(steps: tuple[Step, ...], value: Any, root: Any, place: str, definite: bool) -> Iterator[Any]:
    """The values that `steps` find below `value`; `definite` says that the steps so far were."""
    if not steps:
        yield value
        return
    step, rest = steps[0], steps[1:]
    single = len(step.names if isinstance(step, Names) else step.indexes if isinstance(step, Indexes) else ()) == 1
    for child, where in _children(step, value, root, place, definite=definite, last=not rest):
        yield from _every(rest, child, root, where, definite and single)


def _children(
    step: Step, value: Any, root: Any, place: str, *, definite: bool, last: bool
) -> Iterator[tuple[Any, str]]:
    """The values of one step, with their places. Raises PathNotFoundError where Jayway does."""
    match step:
        case Names(names):
            yield from _members(names, value, place, definite=definite, last=last)
        case Indexes(indexes):
            if _is_list(step, value, place, definite=definite):
                for index in indexes:
                    if -len(value) <= index < len(value):
                        yield value[index], f"{place}[{index}]"
        case Slice():
            if _is_list(step, value, place, definite=definite):
                yield from ((value[index], f"{place}[{index}]") for index in _positions(step, len(value)))
        case Wildcard():
            yield from _inside(value, place)
        case Filter(accepts=accepts):
            if isinstance(value, dict):
                if accepts(value, root):
                    yield value, place
            elif isinstance(value, list):
                for index, element in enumerate(value):
                    if accepts(element, root):
                        yield element, f"{place}[{index}]"
            elif definite:
                raise PathNotFoundError(
                    f"Filter: {step.text} can not be applied to primitives. Current context is: {compact(value)}"
                )
        case Descent(step=below):
            yield from _descend(below, value, root, place, last=last)


def _members(
    names: tuple[str, ...], value: Any, place: str, *, definite: bool, last: bool
) -> Iterator[tuple[Any, str]]:
    if not isinstance(value, dict):
        if definite:
            raise PathNotFoundError(
                f"Expected to find an object with property {_bracketed(names)} in path {place} but found "
                f"'{_java_type(value)}'. This is not a json object according to the JsonProvider: "
                "'com.jayway.jsonpath.spi.json.JacksonJsonProvider'."
            )
        return
    if len(names) > 1 and last:  # Jayway makes one object of several names at the end of a path
        yield {name: value[name] for name in names if name in value}, f"{place}{_bracketed(names)}"
        return
    for name in names:
        if name in value:
            yield value[name], f"{place}['{name}']"
        elif definite and not last and len(names) == 1:
            raise PathNotFoundError(f"Missing property in path {place}['{name}']")


def _is_list(step: Indexes | Slice, value: Any, place: str, *, definite: bool) -> bool:
    if isinstance(value, list):
        return True
    if definite and value is None:
        raise PathNotFoundError(f"The path {place} is null")
    if definite:
        raise PathNotFoundError(
            f"Filter: {_written((step,))[1:]} can only be applied to arrays. Current context is: {compact(value)}"
        )
    return False


def _positions(bounds: Slice, length: int) -> range:
    """Jayway's slices: with both bounds negative positions count from the end one by one, else as in Python."""
    start, stop = bounds.start, bounds.stop
    if start is not None and stop is not None:
        return range(max(start, -length), min(stop, length))
    if start is not None:
        return range(max(start + length if start < 0 else start, 0), length)
    return range(min(stop + length if stop is not None and stop < 0 else stop or 0, length))


def _inside(value: Any, place: str) -> Iterator[tuple[Any, str]]:
    if isinstance(value, dict):
        yield from ((child, f"{place}['{name}']") for name, child in value.items())
    elif isinstance(value, list):
        yield from ((child, f"{place}[{index}]") for index, child in enumerate(value))


def _descend(step: Step, value: Any, root: Any, place: str, *, last: bool) -> Iterator[tuple[Any, str]]:
    """`step` at `value`, then inside it: an object filtered by itself, an array by its elements' own turn."""
    if not (isinstance(step, Filter) and isinstance(value, list)) and _applies(step, value):
        yield from _children(step, value, root, place, definite=False, last=last)
    for child, where in _inside(value, place):
        yield from _descend(step, child, root, where, last=last)


def _applies(step: Step, value: Any) -> bool:
    """With several names at the end of a path Jayway takes the objects that have all of them."""
    return not (isinstance(step, Names) and isinstance(value, dict)) or all(name in value for name in step.names)


def _bracketed(names: tuple[str, ...]) -> str:
    return "[" + ",".join(f"'{name}'" for name in names) + "]"


def _java_type(value: Any) -> str:
    """The class of `value` in Java. That AWS reads JSON into these follows from what States.Format writes."""
    kinds = {bool: "lang.Boolean", int: "lang.Integer", float: "lang.Double", str: "lang.String"}
    return "null" if value is None else f"java.{kinds.get(type(value), 'util.ArrayList')}"


def _written(steps: tuple[Step, ...]) -> str:
    """The path in Jayway's own writing, `$['a'][0]`."""
    text = "$"
    for step in steps:
        match step:
            case Names(names):
                text += _bracketed(names)
            case Indexes(indexes):
                text += "[" + ",".join(map(str, indexes)) + "]"
            case Slice(start, stop):
                text += f"[{'' if start is None else start}:{'' if stop is None else stop}]"
    return text
