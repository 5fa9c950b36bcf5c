"""Reads a template of AWS SAM, with its references resolved: !Ref, !GetAtt and !Sub."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import yaml


def load(text: str, value: Callable[[str], str]) -> Any:
    """The template's document. `value` returns what a name stands for: `BucketName`, `CheckDataFunction.Arn`."""

    class Loader(yaml.SafeLoader):
        """Of its own for each call, because constructors belong to a class."""

    def named(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
        return value(loader.construct_scalar(node))

    def substituted(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
        return re.sub(r"\$\{([\w:.]+)\}", lambda found: value(found[1]), loader.construct_scalar(node))

    Loader.add_constructor("!Ref", named)
    Loader.add_constructor("!GetAtt", named)
    Loader.add_constructor("!Sub", substituted)
    return yaml.load(text, Loader)  # noqa: S506 - it is a SafeLoader
