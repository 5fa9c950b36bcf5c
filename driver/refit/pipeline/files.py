"""Loads and validates one pipeline file; reports every problem of the file."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from pydantic import ValidationError

from refit import regular_file
from refit.errors import InvalidPipeline, Problem
from refit.pipeline import listing, problems, schema_file
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.hcl.located import Document
from refit.pipeline.model import Pipeline
from refit.pipeline.schema.base import ValidationContext
from refit.problem_codes import Code
from refit.project import PipelineRef


@dataclass(frozen=True)
class Source:
    """The bytes of a pipeline file, and of the JSON files next to it that it names."""

    text: bytes
    json_files: schema_file.JsonFiles = field(default_factory=dict)

    @property
    def whole(self) -> bytes:
        """The bytes of all files, which differ if any of them does."""
        return b"\0".join([self.text, *(one for one in self.json_files.values() if isinstance(one, bytes))])


def load(ref: PipelineRef, now: datetime | None = None) -> Pipeline:
    """The pipeline that one file declares.

    With `now`, a pinned window must not end later than on its day, and the schedule must start a run later.

    Raises InvalidPipeline with every problem of the file.
    """
    return parse(read(ref), ref, now)


def read(ref: PipelineRef) -> Source:
    """The bytes of a pipeline file and of the JSON files that it names.

    Never reads more than the maximum: a device or a pipe could have no end. Raises InvalidPipeline if the pipeline file
    cannot be read, is not a regular file, or is too big; such a JSON file is a problem of the value that names it.
    """
    file = ref.display_path
    try:
        content = regular_file.read(ref.path)
    except regular_file.NotRegular as error:
        raise InvalidPipeline([Problem(file, 1, 1, Code.UNREADABLE_FILE, "this is not a regular file")]) from error
    except OSError as error:
        if ref.path.is_symlink():
            raise InvalidPipeline([listing.link(file)]) from error
        message = f"the file cannot be read: {error.strerror}"
        raise InvalidPipeline([Problem(file, 1, 1, Code.UNREADABLE_FILE, message)]) from error
    if len(content) > hcl.MAX_BYTES:
        raise InvalidPipeline([hcl.too_big(file)])
    folder = PurePosixPath(ref.display_path).parent.as_posix()
    return Source(content, schema_file.on_disk(ref.path.parent, folder, content))


def parse(source: Source, ref: PipelineRef, now: datetime | None = None) -> Pipeline:
    """Like `load`, from bytes that have already been read."""
    return check(document(source, ref), ref, now)


def document(source: Source, ref: PipelineRef) -> Document:
    """The literals of a pipeline file, with the columns of its JSON file as `data.schema`. Raises InvalidPipeline."""
    parsed = hcl.parse(source.text, ref.display_path)
    return schema_file.with_columns(parsed, ref.display_path, source.json_files)


def check(document: Document, ref: PipelineRef, now: datetime | None = None) -> Pipeline:
    """Like `load`, from literals that have already been parsed."""
    context = ValidationContext(name=ref.name, now=now, embedded=ref.is_local)
    found = [*document.problems, *_folder_problems(ref)]
    try:
        pipeline = Pipeline.model_validate(document.root.plain(), context=context)
    except ValidationError as error:
        of_fields = problems.of_validation(error, Pipeline, document.root, ref.display_path)
        found += map(schema_file.in_json, of_fields)
        raise InvalidPipeline(found) from None
    if found:
        raise InvalidPipeline(found)
    return pipeline


def _folder_problems(ref: PipelineRef) -> Sequence[Problem]:
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", ref.environment):
        return ()
    message = f"the folder {json.dumps(ref.environment)} is not a valid environment name"
    hint = "use at most 32 lowercase letters, digits and hyphens, as in terraform/pipelines/prod"
    return (Problem(ref.display_path, 1, 1, Code.BAD_FILE_NAME, message, hint),)
