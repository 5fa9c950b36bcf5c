"""Reads a pipeline file that may have problems, for commands that need only its name, its region and a few names in it.

A mistake in the file must not prevent a rollback or the release of a hold: what is deployed has not changed.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from pydantic import ValidationError

from refit.domain.formatting import counted
from refit.errors import InvalidPipeline, RefitError
from refit.git import Git
from refit.pipeline import files, listing, schema_file
from refit.pipeline.model import Pipeline
from refit.pipeline.schema.base import ValidationContext
from refit.project import PipelineRef

REGION = re.compile(rb'^region\s*=\s*"([a-z0-9-]+)"', re.MULTILINE)
"""The region in a file whose syntax is broken."""
NAMES = {"endpoint": "name", "data": "prefix"}
"""The field of a section that is kept when the section as a whole breaks a rule: it is part of a name in AWS."""

OWN_NAMES = ("region", "bucket", "endpoint")
"""What is kept if the file breaks a rule that removing a field does not repair, the most important first."""


@dataclass(frozen=True)
class Salvaged:
    """A pipeline, and what is wrong with its file.

    `warning` is one line, "" for a valid file; `pipeline` then has the defaults of all fields that are not valid.
    """

    pipeline: Pipeline
    warning: str = ""


def load(ref: PipelineRef) -> Salvaged:
    """The pipeline of a file with its valid fields; of a file that cannot be parsed, those of the last commit.

    Raises InvalidPipeline if the name of the file is not that of a pipeline.
    """
    try:
        return Salvaged(files.load(ref))
    except InvalidPipeline as error:
        values, source = _values(ref)
        found = _valid(values, ref)
        if found is None:
            raise
        problems = counted(len(error.problems), "problem")
        warning = f"{ref.display_path} has {problems} (refit validate {ref.key}); using {source}"
        return Salvaged(found, warning)


def _values(ref: PipelineRef) -> tuple[dict[str, Any], str]:
    """The literals of the file, or of its last committed version, and which they are."""
    content = b""
    try:
        source = files.read(ref)
        content = source.text
        return _plain(source, ref), "its valid fields"
    except InvalidPipeline:
        pass
    try:
        committed = _committed(ref)
        return _plain(committed, ref), "the version of the last commit" if committed.text else "its name"
    except RefitError:
        region = REGION.search(content)
        return ({"region": region[1].decode()}, "its name and region") if region else ({}, "its name")


def _committed(ref: PipelineRef) -> files.Source:
    """The pipeline file of the last commit, and the JSON files that it names. Raises RefitError."""
    git = Git(ref.project.root)
    head = git.commit("HEAD")
    text = git.file(head, ref.display_path) or b""
    folder = PurePosixPath(ref.display_path).parent
    named = {name: git.file(head, f"{folder}/{name}") for name in listing.mentioned(text)}
    return files.Source(
        text,
        {
            name: schema_file.checked(content, f"{folder}/{name}")
            for name, content in named.items()
            if content is not None
        },
    )


def _plain(source: files.Source, ref: PipelineRef) -> dict[str, Any]:
    values = files.document(source, ref).root.plain()
    return values if isinstance(values, dict) else {}


def _valid(values: dict[str, Any], ref: PipelineRef) -> Pipeline | None:
    """The pipeline with those of `values` that are valid; None if its name is not."""
    context = ValidationContext(name=ref.name, embedded=ref.is_local)
    before: dict[str, Any] | None = None
    kept = len(OWN_NAMES)
    while True:
        data = values.get("data")
        required = {"prefix": f"data/{ref.name}/train/", "feature_dim": 1}
        values = {**values, "pipeline": ref.name, "data": {**required, **data} if isinstance(data, dict) else required}
        if values == before:  # what breaks a rule is a default, or a name that is kept
            values = {name: values[name] for name in OWN_NAMES[: max(kept, 0)] if name in values}
            kept -= 1
            continue
        before = copy.deepcopy(values)
        try:
            return Pipeline.model_validate(values, context=context)
        except ValidationError as error:
            invalid = [
                item["loc"] for item in error.errors(include_url=False, include_input=False, include_context=False)
            ]
        if ("pipeline",) in invalid:
            return None
        for path in invalid:
            _remove(values, path)


def _remove(values: dict[str, Any], path: Sequence[int | str]) -> None:
    """Removes the value at `path`; its section, if a field is missing there; everything, if the path is empty."""
    if not path:
        values.clear()
        return
    first, *rest = path
    section = values.get(str(first))
    if rest and isinstance(section, dict) and rest[0] in section:
        _remove(section, rest)
    elif not rest and isinstance(section, dict) and (name := NAMES.get(str(first))) in section and len(section) > 1:
        values[str(first)] = {name: section[name]}
    else:
        values.pop(str(first), None)
