"""Tells whether a text is a JSONPath, a reference path or a call of intrinsic functions.

https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
"""

from __future__ import annotations

from refit.embedded_cloud.step_functions.evaluation import intrinsic_syntax, json_path_syntax, reference_path
from refit.embedded_cloud.step_functions.evaluation.intrinsic_functions import FUNCTIONS
from refit.embedded_cloud.step_functions.evaluation.json_path_syntax import Indexes, Names


def is_path(text: str) -> bool:
    """Whether a text is a JSONPath on the input, the context object or a variable."""
    try:
        json_path_syntax.parse(text)
    except json_path_syntax.PathSyntaxError:
        return False
    return True


def is_reference(text: str) -> bool:
    """Whether a text is a path to a single node: only single names, and indexes that are not negative."""
    if not is_path(text):
        return False
    path = json_path_syntax.parse(text)
    return not path.length and all(map(_is_single, path.steps))


def _is_single(step: json_path_syntax.Step) -> bool:
    match step:
        case Names((_,)):
            return True
        case Indexes((index,)):
            return index >= 0
        case _:
            return False


def is_destination(text: str) -> bool:
    """Whether a text is a reference path into the input, where a result can be put."""
    try:
        reference_path.parse(text)
    except json_path_syntax.PathSyntaxError:
        return False
    return True


def is_call(text: str) -> bool:
    """Whether a text is a call of intrinsic functions that exist, with arguments of the right syntax."""
    try:
        return _is_valid(intrinsic_syntax.parse(text))
    except intrinsic_syntax.IntrinsicSyntaxError:
        return False


def _is_valid(argument: intrinsic_syntax.Argument) -> bool:
    match argument:
        case intrinsic_syntax.Call(name, arguments):
            return name in FUNCTIONS and all(map(_is_valid, arguments))
        case intrinsic_syntax.Text():
            return "\n" not in argument.unescaped()  # AWS was seen to refuse a line break in States.Format
        case _:
            return True
