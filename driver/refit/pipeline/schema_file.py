"""Reads the columns of a data contract from the JSON file that `data.schema_file` names, next to the pipeline file.

The columns take the place of `data.schema`, each value with its location in the JSON file, so that they are checked and
compared as if the pipeline file had them. What a revision's file says is given by the caller, from disk or from git.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import TypeAlias

from refit import regular_file
from refit.errors import InvalidPipeline, Problem
from refit.pipeline import listing, located_json
from refit.pipeline.hcl import reader as hcl
from refit.pipeline.hcl.located import INVALID, Document, Located
from refit.pipeline.schema.contract import Column
from refit.pipeline.schema.data import SCHEMA_FILE
from refit.problem_codes import Code

MAX_BYTES = 131_072
"""The maximum size: the contract is part of the state machine's definition and of the input of a state, 256 KiB."""

JsonFiles: TypeAlias = Mapping[str, "bytes | Problem"]
"""The JSON files that a pipeline file names, by name: the content, or why there is none. Missing files are omitted."""

PATH = ("data", "schema")
_FIELD = re.compile(rf'\b({"|".join(Column.model_fields)}) = ("(?:[^"\\]|\\.)*"|\[[^\]]*\]|[\w.+-]+)')


def on_disk(folder: Path, display_folder: str, text: bytes) -> JsonFiles:
    """The JSON files in `folder` that the pipeline file `text` names."""
    found: dict[str, bytes | Problem] = {}
    for name in sorted(listing.mentioned(text)):
        path, file = folder / name, f"{display_folder}/{name}"
        try:
            found[name] = checked(regular_file.read(path, MAX_BYTES), file)
        except FileNotFoundError:
            continue
        except regular_file.NotRegular:
            found[name] = Problem(file, 1, 1, Code.UNREADABLE_FILE, "this is not a regular file")
        except OSError as error:
            message = f"the file cannot be read: {error.strerror}"
            unreadable = Problem(file, 1, 1, Code.UNREADABLE_FILE, message)
            found[name] = listing.link(file) if path.is_symlink() else unreadable
    return found


def checked(content: bytes, file: str) -> bytes | Problem:
    """The content, or the problem of a file with more than MAX_BYTES."""
    return content if len(content) <= MAX_BYTES else too_big(file)


def too_big(file: str) -> Problem:
    """The problem of a file with more than MAX_BYTES, however many they are."""
    message = f"the file has more than {MAX_BYTES:,} bytes, the maximum"
    return Problem(file, 1, 1, Code.FILE_TOO_BIG, message, "write fewer columns, or shorter lists of allowed values")


def with_columns(document: Document, file: str, found: JsonFiles) -> Document:
    """The document of the pipeline file `file` with the columns of its `data.schema_file` as its `data.schema`.

    Without the field, or if its value is not a valid name, the document itself. If there are no columns, `data.schema`
    is INVALID, and the reason is a problem of the document.
    """
    *_, nearest = document.root.follow(("data",))
    data = nearest.value if nearest is not document.root else None
    named = data.get("schema_file") if isinstance(data, dict) else None
    if not isinstance(data, dict) or named is None or not isinstance(named.value, str):
        return document
    if not re.fullmatch(SCHEMA_FILE, named.value):
        return document
    schema, problems = _columns(data, named, named.value, file, found)
    root = document.root.value if isinstance(document.root.value, dict) else {}
    section = Located({**data, "schema": schema}, nearest.location, nearest.name_location)
    whole = Located({**root, "data": section}, document.root.location, document.root.name_location)
    return Document(whole, (*document.problems, *problems))


def _columns(
    data: Mapping[str, Located], named: Located, name: str, file: str, found: JsonFiles
) -> tuple[Located, list[Problem]]:
    """The list of columns, or INVALID at the place of the name, and the problems."""
    nothing = Located(INVALID, named.location, named.name_location)
    if "schema" in data and data["schema"].value is not None:
        message = "data has both schema and schema_file"
        both = Problem(file, *named.name_location, Code.ONE_OF_TWO, message, "remove one of the two")
        return data["schema"], [both]
    folder = PurePosixPath(file).parent
    content = found.get(name)
    if content is None:
        message = f"data.schema_file must be a file next to the pipeline file, but there is no {folder / name}"
        hint = f"write it with: refit schema infer FILE --output {folder / name}"
        return nothing, [Problem(file, *named.location, Code.SOURCE_MISSING, message, hint)]
    if isinstance(content, Problem):
        return nothing, [content]
    json_file = str(folder / name)
    try:
        root, problems = located_json.parse(hcl.decode(content, json_file), json_file, PATH)
    except InvalidPipeline as error:
        return nothing, [*error.problems]
    columns = root
    if isinstance(root.value, dict):
        for key, other in root.value.items():
            if key != "columns":
                message = f"there is no field {json.dumps(key)} in a file of columns"
                hint = 'the only field here is "columns"'
                problems.append(Problem(json_file, *other.name_location, Code.UNKNOWN_FIELD, message, hint))
        columns = root.value.get("columns", nothing)
    if isinstance(columns.value, tuple) and columns.value:
        return columns, problems
    if not problems or columns is not nothing:
        at = root if columns is nothing else columns
        message = "the file must have a list of columns, the label first"
        hint = 'write [{ "name": "medv" }, { "name": "crim", "min": 0 }]'
        code = Code.WRONG_COLUMNS if columns.value == () else Code.WRONG_TYPE
        problems.append(Problem(json_file, *at.location, code, message, hint))
    return nothing, problems


def in_json(problem: Problem) -> Problem:
    """A problem of a JSON file whose hint is written in JSON, not in HCL; any other problem itself."""
    if not problem.file.endswith(".json"):
        return problem
    return Problem(problem.file, problem.line, problem.column, problem.code, problem.message, _hint(problem.hint))


def _hint(hint: str) -> str:
    example = hint.removeprefix("write ")
    if example.startswith("data = "):  # the whole section, as an example
        *_, columns = hcl.parse(example.encode(), "").root.follow(PATH)
        return f"write {json.dumps(columns.plain(), ensure_ascii=False)}"
    return _FIELD.sub(r'"\1": \2', hint)
