"""The columns of data.schema_file are checked as those of data.schema, each problem at its place in the JSON file."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from refit.errors import InvalidPipeline
from refit.pipeline import files, salvage
from refit.pipeline.schema_file import MAX_BYTES
from refit.pipeline.validate import validate
from refit.project import PipelineRef, Project
from tests.support.checkout import FOLDER, NOW, Repository, write

NAME = "home-prices.schema.json"
GOOD = '[\n  { "name": "medv", "min": 0 },\n  { "name": "crim", "max": 100 }\n]\n'


def tfvars(more: str = f'schema_file = "{NAME}"', name: str = "home-prices") -> str:
    return f'pipeline = "{name}"\ndata = {{ prefix = "data/{name}/", feature_dim = 1, {more} }}\n'


def with_json(root: Path, content: str | bytes, name: str = NAME) -> PipelineRef:
    ref = write(root, tfvars())
    ref.path.with_name(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return ref


def found(root: Path, content: str | bytes) -> list[str]:
    """The problems of a pipeline with this JSON file, without their folder."""
    with pytest.raises(InvalidPipeline) as raised:
        files.load(with_json(root, content), NOW)
    return [str(problem).removeprefix(f"{FOLDER}/prod/") for problem in raised.value.problems]


@pytest.mark.parametrize("text", [GOOD, f'{{ "columns": {GOOD} }}', f"\ufeff{GOOD}".replace("\n", "\r\n")])
def test_the_contract_is_that_of_the_same_columns_in_the_pipeline_file(tmp_path: Path, text: str) -> None:
    columns = '[{ name = "medv", min = 0 }, { name = "crim", max = 100 }]'
    inline = files.load(write(tmp_path / "inline", tfvars(f"schema = {columns}")))
    assert files.load(with_json(tmp_path, text)).contract == inline.contract
    assert inline.contract is not None


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (
            GOOD.replace('"min": 0', '"min": "0"'),
            f'{NAME}:2:28: wrong-type data.schema[0].min must be a number, got "0"; write "min": 0',
        ),
        (
            GOOD.replace('"max"', '"maxx"'),
            f"{NAME}:3:21: unknown-field there is no field data.schema[1].maxx; did you mean max?",
        ),
        (
            GOOD.replace('"max": 100', '"min": 2, "max": 1'),
            f'{NAME}:3:38: out-of-range the max of the column crim must be at least its min (2), got 1; write "max": 2',
        ),
        (
            GOOD.replace('"max": 100', '"max": 1, "max": 2'),
            f"{NAME}:3:31: duplicate-key data.schema[1].max is set twice, first on line 3; keep one of them",
        ),
        (
            GOOD.replace("crim", "medv"),
            f"{NAME}:3:13: duplicate-key the column medv is in data.schema twice; rename one of them",
        ),
        (
            '[{ "name": "medv" }]',
            f"{NAME}:1:1: wrong-columns data.schema must have feature_dim + 1 columns, the label first, then the "
            "features, got 1; add the features, or 2 columns",
        ),
        (
            '[{ "name": "medv" }, { "min": 0 }]',
            f"{NAME}:1:22: missing-field data.schema[1].name is missing; "
            'write [{"name": "medv"}, {"name": "crim", "min": 0}]',
        ),
        (
            f'{{ "columns": {GOOD}, "rows": {{}} }}',
            f'{NAME}:5:3: unknown-field there is no field "rows" in a file of columns; the only field here is '
            '"columns"',
        ),
        (
            "[]",
            f"{NAME}:1:1: wrong-columns the file must have a list of columns, the label first; "
            'write [{ "name": "medv" }, { "name": "crim", "min": 0 }]',
        ),
        (
            '"medv"',
            f"{NAME}:1:1: wrong-type the file must have a list of columns, the label first; "
            'write [{ "name": "medv" }, { "name": "crim", "min": 0 }]',
        ),
        (
            GOOD.replace("},", "}"),
            f"{NAME}:3:3: syntax found {{, expected a comma or ]",
        ),
        (
            GOOD.replace("100 }", "100 },"),
            f"{NAME}:4:1: syntax found ], expected a value; remove the comma before it",
        ),
        (
            GOOD.replace('"name": "crim"', 'name = "crim"'),
            f"{NAME}:3:5: syntax found name, expected a field's name in double quotes",
        ),
        (
            GOOD.replace("100", "NaN"),
            f"{NAME}:3:28: syntax found NaN, expected a value",
        ),
        (
            GOOD.replace("100", "1e999"),
            f"{NAME}:3:28: out-of-range data.schema[1].max is larger than any field accepts",
        ),
        (
            GOOD.replace("crim", "\\ud800"),
            f"{NAME}:3:13: bad-string this string has half of a surrogate pair, which is not a character; "
            "write the character itself",
        ),
        (GOOD.replace("]", ""), f"{NAME}:5:1: syntax found the end of the file, expected a comma or ]"),
        (GOOD + "[]", f"{NAME}:5:1: syntax found [, expected the end of the file"),
        ("[" * 5_000, f"{NAME}:1:10: too-deep data.schema" + "[0]" * 9 + " is nested deeper than 8 levels"),
        (b'[\n"\xff"]', f"{NAME}:2:2: not-utf8 the byte 0xff is not UTF-8; save the file as UTF-8"),
        (
            " " * (MAX_BYTES + 1),
            f"{NAME}:1:1: file-too-big the file has more than 131,072 bytes, the maximum; write fewer columns, or "
            "shorter lists of allowed values",
        ),
    ],
)
def test_a_problem_is_told_at_its_place_in_the_json_file(tmp_path: Path, content: str | bytes, problem: str) -> None:
    assert found(tmp_path, content) == [problem]


def test_a_file_larger_than_a_pipeline_file_is_read(tmp_path: Path) -> None:
    files.load(with_json(tmp_path, GOOD + " " * (MAX_BYTES - len(GOOD))))


def test_a_missing_file_is_told_at_the_name_with_the_command_that_writes_it(tmp_path: Path) -> None:
    with pytest.raises(InvalidPipeline) as raised:
        files.load(write(tmp_path, tfvars()))
    assert str(raised.value) == (
        f"{FOLDER}/prod/home-prices.tfvars:2:71: source-missing data.schema_file must be a file next to the pipeline "
        f"file, but there is no {FOLDER}/prod/{NAME}; write it with: refit schema infer FILE --output "
        f"{FOLDER}/prod/{NAME}"
    )


def test_a_file_in_another_folder_is_rejected_and_not_read(tmp_path: Path) -> None:
    ref = with_json(tmp_path, GOOD)
    for name in (f"../prod/{NAME}", f"/etc/{NAME}", "..", "home-prices.tfvars.json", f"./{NAME}"):
        ref.path.write_text(tfvars(f'schema_file = "{name}"'))
        with pytest.raises(
            InvalidPipeline, match=r"bad-name data\.schema_file must be the name of a JSON file next to"
        ):
            files.load(ref)


def test_a_link_a_folder_and_a_pipe_are_rejected(tmp_path: Path) -> None:
    ref = write(tmp_path, tfvars())
    path = ref.path.with_name(NAME)
    path.symlink_to("/etc/hostname")
    with pytest.raises(InvalidPipeline, match=f"{NAME}:1:1: symbolic-link "):
        files.load(ref)
    path.unlink()
    path.mkdir()
    with pytest.raises(InvalidPipeline, match=f"{NAME}:1:1: unreadable-file "):
        files.load(ref)
    path.rmdir()
    os.mkfifo(path)
    with pytest.raises(InvalidPipeline, match=f"{NAME}:1:1: unreadable-file this is not a regular file"):
        files.load(ref)


def test_schema_and_schema_file_together_are_rejected(tmp_path: Path) -> None:
    ref = with_json(tmp_path, GOOD)
    ref.path.write_text(tfvars(f'schema = [{{ name = "y" }}, {{ name = "x" }}], schema_file = "{NAME}"'))
    with pytest.raises(InvalidPipeline, match="2:100: one-of-two data has both schema and schema_file; remove one"):
        files.load(ref)


def test_validate_reports_the_json_file_of_the_named_pipeline_only_and_names_an_unused_one(tmp_path: Path) -> None:
    ref = with_json(tmp_path, "[1, 2]")
    write(tmp_path, tfvars("stale_after_days = 3", "other"), "other")
    ref.path.with_name("unused.json").write_text("[]")
    now = datetime(2026, 11, 22, tzinfo=UTC)
    report = validate(Project(tmp_path), ["prod/home-prices"], now)
    assert [(problem.file, problem.code) for problem in report.problems] == [
        (f"{FOLDER}/prod/{NAME}", "wrong-type")
    ] * 2
    assert [str(stray) for stray in report.strays] == [
        f"{FOLDER}/prod/unused.json:1:1: not-a-pipeline no pipeline file next to it names this file; write "
        f'schema_file = "unused.json" in the data of a pipeline in {FOLDER}/prod, or move it out of this folder'
    ]
    assert validate(Project(tmp_path), ["prod/other"], now).valid


def test_a_file_with_a_mistake_keeps_its_contract_for_commands_that_read_it_nevertheless(tmp_path: Path) -> None:
    ref = with_json(tmp_path, GOOD)
    contract = files.load(ref).contract
    ref.path.write_text(tfvars() + "window = { days = 0 }\n")
    assert salvage.load(ref).pipeline.contract == contract
    ref.path.with_name(NAME).write_text("[")
    assert salvage.load(ref).pipeline.data.prefix == "data/home-prices/"


def test_the_last_commit_is_salvaged_with_its_own_json_file(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    ref = with_json(tmp_path, GOOD)
    repository.commit()
    contract = files.load(ref).contract
    ref.path.write_text("window = {\n")
    ref.path.with_name(NAME).write_text(json.dumps([{"name": "y"}, {"name": "x"}]))
    assert salvage.load(ref).pipeline.contract == contract
