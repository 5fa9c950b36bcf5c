"""Parses a JSONPath into steps, in the syntax of Jayway's JsonPath, which Step Functions uses.

The grammar and the filters come from python-jsonpath. What Jayway does not know (`|`, `&`, `~`, `^`, `and`, names of
keys in filters) is a mistake here, and names after a dot may have any character that Jayway allows, such as `-` or `$`.
https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
https://github.com/json-path/JsonPath#operators
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import jsonpath
from jsonpath import lex, segments, selectors

LENGTH = ".length()"
"""The only function of Jayway's paths that is known to work in Step Functions; others are refused."""


@dataclass(frozen=True)
class Names:
    """`.a`, `['a']` or `['a','b']`."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Indexes:
    """`[0]`, `[-1]` or `[0,2]`."""

    indexes: tuple[int, ...]


@dataclass(frozen=True)
class Slice:
    """`[1:3]`, without a step."""

    start: int | None
    stop: int | None


@dataclass(frozen=True)
class Wildcard:
    """`.*` or `[*]`."""


@dataclass(frozen=True)
class Filter:
    """`[?(…)]`. `text` is the filter as it is written, `accepts` takes an element and the root of the document."""

    text: str
    accepts: Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Descent:
    """`..`: the step applies to the value and everything inside it."""

    step: Names | Indexes | Slice | Wildcard | Filter


Step = Names | Indexes | Slice | Wildcard | Filter | Descent


@dataclass(frozen=True)
class JsonPath:
    """A parsed path. `document` is what it reads: the input, the context object (`$$`) or a variable."""

    text: str
    document: Literal["input", "context", "variable"]
    variable: str
    steps: tuple[Step, ...]
    length: bool
    definite: bool
    """It finds at most one value; the value of an indefinite path is a list."""


class PathSyntaxError(ValueError):
    """A text is not a path that Step Functions takes."""


class JaywayLexer(lex.Lexer):
    """The tokens of Jayway's paths."""

    key_pattern = r"[^\s.\[\]()'\"*?,~|&=<>!]+"
    logical_not_pattern = "!"
    logical_and_pattern = "&&"
    logical_or_pattern = r"\|\|"

    def compile_rules(self) -> re.Pattern[str]:
        self.dot_key_pattern = "(?P<G_DOT_KEY>(?!))(?P<G_KEY>(?!))(?P<G_PROP_KEY>(?!))"
        return super().compile_rules()


class Jayway(jsonpath.JSONPathEnvironment):
    """python-jsonpath without what Jayway does not know."""

    lexer_class = JaywayLexer
    pseudo_root_token = ""
    filter_context_token = ""
    intersection_token = ""
    key_token = ""
    keys_selector_token = ""
    keys_filter_token = ""
    union_token = ""

    def setup_function_extensions(self) -> None:
        """Jayway has no functions in filters that this knows."""


ENVIRONMENT = Jayway()
NOTATION = re.compile(  # a filter with all after it, a name in brackets, and a dot before a bracket, which says nothing
    r"""(?P<filter>\[\?.*)|(?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?<!\.)\.(?=\[)""", re.DOTALL
)
ROOT = re.compile(r"\$\$(?=$|[.\[])|\$(?P<variable>[^\W\d]\w*)?(?=$|[.\[])")


@lru_cache(maxsize=4096)
def parse(text: str) -> JsonPath:
    """The path that `text` writes. Raises PathSyntaxError."""
    root = ROOT.match(text)
    if root is None:
        raise PathSyntaxError(f"a path starts with $, $$ or $variable, followed by . or [: {text}")
    below = text[root.end() :]
    length = below.endswith(LENGTH)
    steps = _steps("$" + (below[: -len(LENGTH)] if length else below))
    variable = root["variable"] or ""
    document: Literal["input", "context", "variable"] = "variable" if variable else "input"
    return JsonPath(text, "context" if root[0] == "$$" else document, variable, steps, length, _definite(steps))


def _steps(text: str) -> tuple[Step, ...]:
    try:
        path = ENVIRONMENT.compile(NOTATION.sub(_in_the_librarys_notation, text))
    except jsonpath.JSONPathError as error:
        raise PathSyntaxError(str(error)) from error
    if isinstance(path, jsonpath.CompoundJSONPath):
        raise PathSyntaxError(f"not a single path: {text}")
    return tuple(_step(segment) for segment in path.segments)


def _in_the_librarys_notation(found: re.Match[str]) -> str:
    """Jayway takes a name in brackets as it is written, with its backslashes (test_escape_sequence_parsing)."""
    if not found["quoted"]:
        return found["filter"] or ""
    quote, name = found[0][0], found[0][1:-1]
    return quote + name.replace("\\", "\\\\").replace(quote, f"\\{quote}") + quote


def _step(segment: segments.JSONPathSegment) -> Step:
    step = _selection(segment.selectors)
    return Descent(step) if isinstance(segment, segments.JSONPathRecursiveDescentSegment) else step


def _selection(chosen: tuple[selectors.JSONPathSelector, ...]) -> Names | Indexes | Slice | Wildcard | Filter:
    names = tuple(one.name for one in chosen if isinstance(one, selectors.NameSelector))
    indexes = tuple(one.index for one in chosen if isinstance(one, selectors.IndexSelector))
    if len(names) == len(chosen):
        return Names(names)
    if len(indexes) == len(chosen):
        return Indexes(indexes)
    if len(chosen) == 1:
        match chosen[0]:
            case selectors.SliceSelector(slice=bounds) if bounds.step is None:
                return Slice(bounds.start, bounds.stop)
            case selectors.WildcardSelector():
                return Wildcard()
            case selectors.Filter() as found:
                return Filter(f"[?({found.expression})]", _accepts(found.expression))
    raise PathSyntaxError(f"not a selection of Jayway's: {', '.join(map(str, chosen))}")


def _accepts(expression: Any) -> Callable[[Any, Any], bool]:
    def accepts(element: Any, root: Any) -> bool:
        seen = selectors.FilterContext(env=ENVIRONMENT, current=element, root=root)
        return bool(expression.evaluate(seen))

    return accepts


def _definite(steps: tuple[Step, ...]) -> bool:
    """Whether a path finds at most one value. Several names as the last step make one object, as in Jayway."""
    for position, step in enumerate(steps):
        match step:
            case Names(names) if len(names) == 1 or position == len(steps) - 1:
                continue
            case Indexes(indexes) if len(indexes) == 1:
                continue
            case _:
                return False
    return True
