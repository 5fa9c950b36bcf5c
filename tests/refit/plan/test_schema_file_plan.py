"""A change of the JSON file in data.schema_file alone is a change of its pipeline, between commits and on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.errors import InvalidPipeline, RefitError
from refit.pipeline import files
from refit.plan.actions import Action
from refit.plan.changes import compare
from refit.plan.field_changes import FieldChange
from refit.plan.take import take
from refit.plan.trigger_plan import announced
from tests.support.checkout import FOLDER, Checkout
from tests.support.plans import AT, offline, only

NAME = "columns.schema.json"
FILE = f"{FOLDER}/prod/{NAME}"
COLUMNS = b'[{"name": "y"}, {"name": "x", "min": 0}]'
OTHER = COLUMNS.replace(b"0", b"1")
CHANGED = (FieldChange("data.schema.x.min", 0.0, 1.0, Action.APPLY_ONLY),)


def text(name: str, schema: str = f', schema_file = "{NAME}"') -> bytes:
    data = f'data = {{ prefix = "data/{name}/", feature_dim = 1{schema} }}'
    return f'pipeline = "{name}"\nregion = "us-west-2"\n{data}\n'.encode()


@pytest.fixture
def contracted(checkout: Checkout) -> Checkout:
    """A checkout with a pipeline whose contract is in a file, and one without a contract."""
    checkout.write(FILE, COLUMNS)
    checkout.base = checkout.commit(prices=text("prices"), plain=text("plain", ""))
    return checkout


def test_a_change_of_the_json_file_alone_is_planned_and_applied(contracted: Checkout) -> None:
    contracted.write(FILE, OTHER)
    on_disk = compare(contracted.project, contracted.base)
    contracted.commit()
    committed = compare(contracted.project, contracted.base, "HEAD")
    for found in (on_disk, committed):
        assert found.to_apply == ("prod/prices",)
        (change,) = found.changes
        assert (change.key, change.fields) == ("prod/prices", CHANGED)
    assert only(offline(contracted, contracted.base)).change.fields == CHANGED


def test_formatting_the_json_file_changes_no_value(contracted: Checkout) -> None:
    contracted.write(FILE, COLUMNS.replace(b", ", b",\n  "))
    contracted.commit()
    found = compare(contracted.project, contracted.base, "HEAD")
    assert (found.changes, found.reformatted, found.to_apply) == ((), ("prod/prices",), ("prod/prices",))


def test_moving_the_columns_into_a_file_changes_the_place_only(contracted: Checkout) -> None:
    inline = ', schema = [{ name = "y" }, { name = "x", min = 0 }]'
    base = contracted.commit(prices=text("prices", inline))
    contracted.commit(prices=text("prices"))
    (change,) = compare(contracted.project, base, "HEAD").changes
    assert change.fields == (FieldChange("data.schema_file", None, NAME, Action.APPLY_ONLY),)


def test_the_files_of_a_commit_are_read_at_that_commit(contracted: Checkout) -> None:
    contracted.write(FILE, b"[")
    broken = contracted.commit()
    contracted.write(FILE, OTHER)
    contracted.commit()
    (change,) = compare(contracted.project, contracted.base, broken).changes
    assert [str(one) for one in change.problems] == [f"{FILE}:1:2: syntax found the end of the file, expected a value"]
    (change,) = compare(contracted.project, broken, "HEAD").changes
    assert change.fields == ()  # nothing to compare with: the file before could not be read


@pytest.mark.parametrize("kind", ["link", "missing", "too big"])
def test_a_file_of_a_commit_that_cannot_be_read_is_a_problem_of_the_pipeline(contracted: Checkout, kind: str) -> None:
    path = contracted.root / FILE
    path.unlink()
    if kind == "link":
        path.symlink_to("/etc/hostname")
    elif kind == "too big":
        path.write_bytes(COLUMNS + b" " * 140_000)
    contracted.commit()
    (change,) = compare(contracted.project, contracted.base, "HEAD").changes
    code = {"link": "symbolic-link", "missing": "source-missing", "too big": "file-too-big"}[kind]
    assert [problem.code for problem in change.problems] == [code]


def test_a_new_json_file_that_no_pipeline_names_is_named(contracted: Checkout) -> None:
    contracted.write(f"{FOLDER}/prod/unused.json", COLUMNS)
    contracted.write(f"{FOLDER}/dev/{NAME}", COLUMNS)
    for head in (None, contracted.commit()):
        found = compare(contracted.project, contracted.base, head)
        assert [one.file for one in found.strays] == [f"{FOLDER}/dev/{NAME}", f"{FOLDER}/prod/unused.json"]
        assert found.to_apply == ()


def test_a_run_of_a_local_pipeline_with_other_columns_is_another_request(contracted: Checkout) -> None:
    contracted.write(f"{FOLDER}/local/prices.tfvars", text("prices"))
    names = []
    for columns in (COLUMNS, OTHER):
        contracted.write(f"{FOLDER}/local/{NAME}", columns)
        run = only(announced(contracted.project, None, ["local/prices"], requested_at=AT)).run
        assert run is not None
        names.append(run.name)
    assert names[0] != names[1]


class TestTake:
    """`refit take` takes the JSON files with the pipelines that name them."""

    def test_a_changed_an_added_and_a_removed_one(self, contracted: Checkout) -> None:
        contracted.git("checkout", "--quiet", "-b", "proposal")
        (contracted.root / FILE).unlink()
        contracted.write(f"{FOLDER}/dev/{NAME}", OTHER)
        contracted.write(f"{FOLDER}/dev/prices.tfvars", text("prices"))
        contracted.write(f"{FOLDER}/prod/stray.json", b"evil")
        contracted.commit(prices=text("prices", ""))
        contracted.git("checkout", "--quiet", "main")
        assert take(contracted.project, "proposal") == ["dev/prices", "prod/plain", "prod/prices"]
        assert json_files(contracted.root) == {f"dev/{NAME}": OTHER}
        loaded = files.load(contracted.project.find("dev/prices")).contract
        assert loaded is not None
        assert loaded.columns[1].min == 1

    def test_uncommitted_changes_are_kept_unless_forced(self, contracted: Checkout) -> None:
        contracted.write(FILE, OTHER)
        with pytest.raises(RefitError, match=f"uncommitted changes would be lost: {FILE}$"):
            take(contracted.project, "HEAD")
        assert json_files(contracted.root) == {f"prod/{NAME}": OTHER}
        take(contracted.project, "HEAD", force=True)
        assert json_files(contracted.root) == {f"prod/{NAME}": COLUMNS}

    def test_a_file_that_would_be_overwritten_counts_although_no_pipeline_names_it(self, contracted: Checkout) -> None:
        contracted.commit(prices=text("prices", ""))
        contracted.write(FILE, b"mine")
        with pytest.raises(RefitError, match=f"uncommitted changes would be lost: {FILE}$"):
            take(contracted.project, contracted.base)
        assert json_files(contracted.root) == {f"prod/{NAME}": b"mine"}

    def test_a_link_is_refused_and_nothing_changes(self, contracted: Checkout) -> None:
        contracted.git("checkout", "--quiet", "-b", "proposal")
        (contracted.root / FILE).unlink()
        (contracted.root / FILE).symlink_to("/etc/hostname")
        contracted.commit(plain=text("plain", ", stale_after_days = 3"))
        contracted.git("checkout", "--quiet", "main")
        with pytest.raises(InvalidPipeline, match=f"^{FILE}:1:1: symbolic-link "):
            take(contracted.project, "proposal")
        assert json_files(contracted.root) == {f"prod/{NAME}": COLUMNS}
        assert (contracted.root / FOLDER / "prod/plain.tfvars").read_bytes() == text("plain", "")


def json_files(root: Path) -> dict[str, bytes]:
    folder = root / FOLDER
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.json")}
