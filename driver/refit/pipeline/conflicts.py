"""Detects pipelines of one environment whose names, endpoints or data prefixes conflict. Pure.

A claim is read from a file's literals and not from its Pipeline, so that conflicts are also found in a file that has
other problems.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TypeAlias

from refit.errors import Problem
from refit.pipeline.hcl.located import Located
from refit.problem_codes import Code
from refit.project import PipelineRef


@dataclass(frozen=True)
class Claim:
    """The values that must be unique to one pipeline; None for a field that is omitted or not a string.

    `prefix` is None, too, if the data is in an existing bucket.
    """

    ref: PipelineRef
    name: Located | None
    endpoint: Located | None
    bucket: Located | None
    prefix: Located | None


Owned: TypeAlias = tuple[Claim, Located]


def claim(ref: PipelineRef, root: Located) -> Claim:
    """The claim of the pipeline file with these literals."""
    name = _text(root, "pipeline")
    # In an existing bucket, Refit only reads: any number of pipelines may share a prefix.
    prefix = None if _text(root, "data", "bucket") else _text(root, "data", "prefix")
    return Claim(ref, name, _text(root, "endpoint", "name") or name, _text(root, "bucket"), prefix)


def conflicts(claims: Iterable[Claim]) -> Iterator[Problem]:
    """Yields two problems, one in each file, for every pair of conflicting claims in an environment."""
    environments: defaultdict[str, list[Claim]] = defaultdict(list)
    for one in claims:
        environments[one.ref.environment].append(one)
    for group in environments.values():
        yield from _same(group, "name", "pipeline", "give one of them another name")
        yield from _same(group, "endpoint", "the endpoint", 'write endpoint = { name = "…" } in one of them')
        yield from _overlapping(group)


def _same(claims: Sequence[Claim], attribute: str, what: str, hint: str) -> Iterator[Problem]:
    """Yields problems for values that two claims share. SageMaker's endpoint names are case-insensitive.

    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateEndpoint.html
    """
    owners: defaultdict[str, list[Owned]] = defaultdict(list)
    for one in claims:
        literal: Located | None = getattr(one, attribute)
        if literal is not None:
            owners[str(literal.value).lower()].append((one, literal))
    for group in owners.values():
        for mine, theirs in combinations(group, 2):
            yield from _both(f"{what} {{}} is also used by", mine, theirs, hint)


def _overlapping(claims: Sequence[Claim]) -> Iterator[Problem]:
    """Yields problems for data prefixes in one bucket where one contains the other.

    If a file omits the bucket, its stack creates one that no other pipeline uses.
    """
    buckets: defaultdict[str, list[tuple[str, Owned]]] = defaultdict(list)
    for one in claims:
        if one.bucket and one.prefix:
            buckets[str(one.bucket.value)].append((str(one.prefix.value), (one, one.prefix)))
    for prefixes in buckets.values():
        prefixes.sort(key=lambda entry: entry[0])  # a folder is directly followed by the folders inside it
        around: list[tuple[str, Owned]] = []
        for prefix, owned in prefixes:
            while around and not prefix.startswith(around[-1][0]):
                around.pop()
            if around:
                yield from _both("data.prefix {} overlaps with that of", around[-1][1], owned, "keep the data apart")
            around.append((prefix, owned))


def _both(what: str, one: Owned, other: Owned, hint: str) -> Iterator[Problem]:
    """Yields the conflict twice, as a problem of each file."""
    for (mine, value), (theirs, there) in ((one, other), (other, one)):
        message = f"{what.format(json.dumps(value.value))} {theirs.ref.display_path}:{there.location.line}"
        yield Problem(mine.ref.display_path, *value.location, Code.COLLISION, message, hint)


def _text(root: Located, *path: str) -> Located | None:
    """The string at `path`; None if there is none."""
    trail = list(root.follow(path))
    return trail[-1] if len(trail) == len(path) + 1 and isinstance(trail[-1].value, str) else None
