"""`refit schema infer` writes a data contract that the data keeps, from a file or from the bucket."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from refit.aws.session import Aws
from refit.data.schema import hcl, of_file
from refit.domain.data_contract import Column, Contract
from refit.domain.data_quality import judge
from refit.errors import NotInstalled, RefitError
from refit.pipeline import files
from refit.quality.measure import measure_day
from tests.refit.data.test_check import BUCKET, bucket, load, put
from tests.support.checkout import MINIMAL, ROOT, write
from tests.support.command_line import refit

__all__ = ["bucket"]  # a fixture
HOUSING = ROOT / "examples" / "boston-housing.csv"


def test_the_contract_of_the_example_is_what_a_person_would_write() -> None:
    columns = {column.name: column for column in of_file(HOUSING, "medv")}
    assert next(iter(columns)) == "medv"
    assert columns["medv"] == Column("medv", "number", True, 0, 55)
    assert columns["chas"] == Column("chas", "integer", allowed=("0", "1"))


def test_the_data_keeps_its_contract() -> None:
    contract = Contract(tuple(of_file(HOUSING)))
    with HOUSING.open("rb") as file:
        file.readline()
        found, breaches = measure_day([("a", file)], contract)
    assert breaches == ()
    assert judge({"day": found}, contract) == {"day": ()}


def test_the_output_is_valid_in_a_pipeline_file(tmp_path: Path) -> None:
    said = refit("schema", "infer", str(HOUSING), "--label", "medv")
    assert said.returncode == 0, said.stderr
    assert said.stderr == "paste it into data, with feature_dim = 13\n"
    text = f'pipeline = "home-prices"\ndata = {{\nprefix = "data/a/"\nfeature_dim = 13\n{said.stdout}}}\n'
    loaded = files.load(write(tmp_path, text))
    assert loaded.contract == Contract(tuple(of_file(HOUSING, "medv")))


def test_the_output_is_written_to_a_file_as_json(tmp_path: Path) -> None:
    target = tmp_path / "schema.json"
    said = refit("schema", "infer", str(HOUSING), "--label", "medv", "--json", "--output", str(target))
    assert (said.returncode, said.stdout) == (0, "")
    document = json.loads(target.read_text())
    assert document["feature_dim"] == 13
    assert document["schema"][0] == {"name": "medv", "type": "number", "min": 0, "max": 55}


def test_the_output_is_the_file_that_a_pipeline_names(tmp_path: Path) -> None:
    ref = write(tmp_path, MINIMAL.replace("13 }", '13, schema_file = "home-prices.schema.json" }'))
    target = ref.path.with_name("home-prices.schema.json")
    said = refit("schema", "infer", str(HOUSING), "--label", "medv", "--output", str(target))
    assert (said.returncode, said.stdout) == (0, "")
    assert said.stderr == (
        'write schema_file = "home-prices.schema.json" in the data of a pipeline file next to it, '
        "with feature_dim = 13\n"
    )
    assert target.read_text().splitlines()[1] == '  {"name": "medv", "type": "number", "min": 0, "max": 55},'
    assert files.load(ref).contract == Contract(tuple(of_file(HOUSING, "medv")))


def test_names_and_texts_that_hcl_would_read_otherwise_are_escaped(tmp_path: Path) -> None:
    columns = [Column('a "b"'), Column("c", "text", allowed=("${x}", "%{y}", "ü"))]
    image = 'training = { image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1" }'
    text = f'pipeline = "home-prices"\ndata = {{\nprefix = "data/a/"\nfeature_dim = 1\n{hcl(columns)}}}\n{image}\n'
    assert files.load(write(tmp_path, text)).contract == Contract(tuple(columns))


def test_the_contract_of_a_window_is_inferred_from_the_bucket(tmp_path: Path, bucket: Aws, exported: None) -> None:
    window = 'window = { start = "2026-11-01", end = "2026-11-02" }'
    put(bucket, "data/prices/2026-11-02.csv", b"10.5,2\n")
    root = load(tmp_path, "stale_after_days = 3", window).root
    said = refit("schema", "infer", "local/prices", cwd=root)
    assert said.returncode == 0, said.stderr
    assert re.findall(r"\{.*\}", said.stdout) == [
        '{ name = "label", type = "number", min = 0, max = 12 }',
        '{ name = "x1", type = "integer", min = 1, max = 5 }',
    ]
    (tmp_path / "again").mkdir()
    root = load(tmp_path / "again", 'schema = [{ name = "medv" }, { name = "crim" }]', window).root
    assert '{ name = "crim", type = "integer"' in refit("schema", "infer", "local/prices", cwd=root).stdout
    (tmp_path / "later").mkdir()
    root = load(tmp_path / "later", "stale_after_days = 3", window.replace("11-0", "10-0")).root
    nothing = refit("schema", "infer", "local/prices", cwd=root)
    assert nothing.returncode == 1
    assert nothing.stderr.startswith(f"s3://{BUCKET}/data/prices/ has no data from ")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", b"", "a.csv: no rows"),
        ("a.csv", b"medv,crim\n", "a.csv: no rows"),
        ("a.csv", b"1,2\n3\n", "row 2 of .*a.csv has 1 column, but the first row has 2"),
        ("a.parquet", b"1,2\n", "a.parquet: Parquet file size is 4 bytes"),
        ("a.jsonl", b"1,2\n", "a.jsonl: JSON parse error"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RefitError, match=message):
        of_file(tmp_path / name)


def test_a_label_that_is_not_a_column_is_an_error() -> None:
    with pytest.raises(RefitError, match="has no column price"):
        of_file(HOUSING, "price")


def test_without_pyarrow_the_extra_to_install_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NotInstalled, match="pyarrow"):
        of_file(HOUSING)
