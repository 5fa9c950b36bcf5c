"""Reads pipeline files: bytes → a checked Pipeline, or every problem of the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date

from pydantic import ValidationError

from refit.errors import InvalidPipeline, Problem
from refit.pipeline import conflicts, source_folder
from refit.pipeline import problems as explain
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.model import Pipeline
from refit.pipeline.schema.base import ValidationContext
from refit.problem_codes import Code
from refit.project import PipelineRef


def load(ref: PipelineRef, today: date | None = None) -> Pipeline:
    """The pipeline of one file; with `today`, a pinned window must not end after it.

    Raises InvalidPipeline with every problem of the file.
    """
    return parse(read(ref), ref, today)


def read(ref: PipelineRef) -> bytes:
    """The bytes of a pipeline file. Raises InvalidPipeline when there is no reading them."""
    try:
        return ref.path.read_bytes()
    except OSError as error:
        message = f"the file cannot be read: {error.strerror}"
        problem = Problem(ref.display_path, 1, 1, Code.UNREADABLE_FILE, message)
        raise InvalidPipeline([problem]) from error


def parse(text: bytes, ref: PipelineRef, today: date | None = None) -> Pipeline:
    """Like `load`, from bytes that have been read already."""
    return _check(hcl.parse(text, ref.display_path), ref, today)


def validate_all(refs: Iterable[PipelineRef], today: date | None = None) -> list[Pipeline]:
    """The pipelines of several files of the working tree, which must also get along with each other.

    The code that a file names must be there, which it need not for `load` and `parse`: theirs may be another revision.

    Raises InvalidPipeline with every problem of every file.
    """
    pipelines: list[Pipeline] = []
    problems: list[Problem] = []
    claims: list[conflicts.Claim] = []
    for ref in refs:
        try:
            text = read(ref)
            document = hcl.parse(text, ref.display_path)
            claims.append(conflicts.claim(ref, document.root))
            checked = _check(document, ref, today)
            source_folder.find(ref, checked.training, text)
            pipelines.append(checked)
        except InvalidPipeline as error:
            problems += error.problems
    problems += conflicts.collisions(claims)
    if problems:
        raise InvalidPipeline(problems)
    return pipelines


def _check(document: hcl.Document, ref: PipelineRef, today: date | None) -> Pipeline:
    given = ValidationContext(name=ref.name, today=today, embedded=ref.is_local)
    problems = [*document.problems, *_folder_problems(ref)]
    try:
        pipeline = Pipeline.model_validate(document.root.plain(), context=given)
    except ValidationError as error:
        problems += explain.problems(error, Pipeline, document.root, ref.display_path)
        raise InvalidPipeline(problems) from None
    if problems:
        raise InvalidPipeline(problems)
    return pipeline


def _folder_problems(ref: PipelineRef) -> Sequence[Problem]:
    if re.fullmatch(r"[a-z0-9][a-z0-9-]{0,31}", ref.environment):
        return ()
    message = f"the folder {json.dumps(ref.environment)} does not name an environment"
    hint = "name it with at most 32 small letters, digits and hyphens, as in terraform/pipelines/prod"
    return (Problem(ref.display_path, 1, 1, Code.BAD_FILE_NAME, message, hint),)
