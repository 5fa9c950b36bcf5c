"""`refit init` on a folder: the first time, again, and after changes of files, version and answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from refit.errors import RefitError
from refit.starter import memory
from refit.starter.answers import Answers
from refit.starter.repository import State
from refit.starter.starter import Initialized, initialize
from refit.version import VERSION

COMMIT = "0123456789abcdef0123456789abcdef01234567"
ANSWERS = Answers(workflows=f"acme/refit@{COMMIT}", owners="@acme/ml")
PIPELINE = "terraform/pipelines/prod/home-prices.tfvars"


def init(folder: Path, *, update: bool = False, **changed: Any) -> Initialized:
    return initialize(folder, lambda last: replace(last or ANSWERS, **changed), update=update)


def states(result: Initialized) -> dict[str, State]:
    """The files that are not simply as they should be."""
    return {entry.path: entry.state for entry in result.entries if entry.state not in (State.SAME, State.OWN)}


def content(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def age(folder: Path, path: str, text: str = "as an earlier version wrote it\n") -> None:
    """Makes a generated file look as if an earlier version had written it."""
    (folder / path).write_text(text)
    document = json.loads((folder / memory.FILE).read_text())
    document["version"] = "0.1.9"
    document["files"][path] = memory.digest(text.encode())
    (folder / memory.FILE).write_text(json.dumps(document))


def test_the_first_time_everything_is_written(tmp_path: Path) -> None:
    result = init(tmp_path / "new" / "models")
    assert result.first
    files = content(tmp_path / "new" / "models")
    assert set(files) == {*result.written, memory.FILE}
    assert {PIPELINE, "refit.toml", "README.md", ".github/workflows/plan.yml"} < set(files)
    known = memory.read(tmp_path / "new" / "models")
    assert known is not None
    assert (known.version, known.answers, set(known.hashes)) == (VERSION, ANSWERS, set(result.written))


def test_a_second_time_nothing_is_written_and_nothing_differs(tmp_path: Path) -> None:
    init(tmp_path)
    before = content(tmp_path)
    assert states(init(tmp_path)) == {}
    assert content(tmp_path) == before


def test_files_that_were_there_before_are_kept(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("# Ours\n")
    result = init(tmp_path)
    assert states(result)["README.md"] is State.EDITED
    assert "README.md" not in result.written
    assert (tmp_path / "README.md").read_text() == "# Ours\n"
    assert states(init(tmp_path, update=True)) == {"README.md": State.EDITED}
    assert (tmp_path / "README.md").read_text() == "# Ours\n"


def test_a_pipeline_file_is_the_teams_own_from_the_beginning(tmp_path: Path) -> None:
    init(tmp_path)
    (tmp_path / PIPELINE).write_text('pipeline = "home-prices"\n')
    (tmp_path / "terraform/pipelines/local/home-prices.tfvars").unlink()
    result = init(tmp_path, update=True)
    assert states(result) == {}
    assert not (tmp_path / "terraform/pipelines/local/home-prices.tfvars").exists()
    assert (tmp_path / PIPELINE).read_text() == 'pipeline = "home-prices"\n'


def test_a_second_time_says_what_was_edited_and_how(tmp_path: Path) -> None:
    init(tmp_path)
    file = tmp_path / ".gitignore"
    file.write_text(file.read_text() + "/notebooks/\n")
    result = init(tmp_path)
    assert states(result) == {".gitignore": State.EDITED}
    (edited,) = result.of(State.EDITED)
    assert edited.diff().splitlines()[:2] == ["--- .gitignore", f"+++ refit {VERSION}"]
    assert "-/notebooks/" in edited.diff().splitlines()


def test_an_update_writes_what_was_not_edited_and_leaves_the_rest(tmp_path: Path) -> None:
    init(tmp_path)
    wanted = content(tmp_path)
    age(tmp_path, ".github/workflows/plan.yml")
    age(tmp_path, ".gitignore")
    (tmp_path / ".gitignore").write_text("mine\n")
    (tmp_path / "README.md").unlink()
    result = init(tmp_path)
    assert states(result) == {
        ".github/workflows/plan.yml": State.OUTDATED,
        ".gitignore": State.EDITED,
        "README.md": State.DELETED,
    }
    assert result.written == ()
    assert init(tmp_path, update=True).written == (".github/workflows/plan.yml",)
    after = content(tmp_path)
    assert after[".github/workflows/plan.yml"] == wanted[".github/workflows/plan.yml"]
    assert after[".gitignore"] == b"mine\n"
    assert "README.md" not in after
    assert json.loads(after[memory.FILE])["version"] == VERSION
    assert states(init(tmp_path)) == {".gitignore": State.EDITED, "README.md": State.DELETED}


def test_an_update_changes_one_line_of_refit_toml_whatever_else_was_edited(tmp_path: Path) -> None:
    init(tmp_path)
    edited = (
        "# [ours]\npipelines = 'terraform/pipelines'\nversion   = \"{}\" # pinned\n\n"
        "[environments.prod]\naccount = '123456789012'\n"
    )
    (tmp_path / "refit.toml").write_text(edited.format("0.1.9"))
    assert states(init(tmp_path)) == {"refit.toml": State.OUTDATED}
    assert init(tmp_path, update=True).written == ("refit.toml",)
    assert (tmp_path / "refit.toml").read_text() == edited.format(VERSION)


def test_a_refit_toml_without_a_version_stays_without_one(tmp_path: Path) -> None:
    init(tmp_path)
    (tmp_path / "refit.toml").write_text('[environments.prod]\naccount = "123456789012"\n')
    result = init(tmp_path, update=True)
    assert (states(result), result.written) == ({}, ())


def test_an_update_takes_new_answers_and_keeps_the_others(tmp_path: Path) -> None:
    init(tmp_path)
    other = COMMIT[::-1]
    result = init(tmp_path, update=True, workflows=f"acme/refit@{other}", bootstrap=True)
    assert ".github/workflows/ci.yml" in result.written
    assert "terraform/bootstrap/main.tf" in result.written
    assert "terraform/bootstrap/state_bucket/main.tf" in result.written
    assert f"plan.yml@{other}" in (tmp_path / ".github/workflows/plan.yml").read_text()
    known = memory.read(tmp_path)
    assert known is not None
    assert known.answers == replace(ANSWERS, workflows=f"acme/refit@{other}", bootstrap=True)


def test_an_answer_of_a_newer_version_is_not_an_obstacle(tmp_path: Path) -> None:
    init(tmp_path)
    document = json.loads((tmp_path / memory.FILE).read_text())
    document["answers"]["added_later"] = 1
    (tmp_path / memory.FILE).write_text(json.dumps(document))
    assert states(init(tmp_path)) == {}


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda folder: (folder / memory.FILE).write_text("{"), r"\.refit-init\.json cannot be read: "),
        (lambda folder: (folder / memory.FILE).write_text("[]"), r"\.refit-init\.json cannot be read: "),
        (
            lambda folder: (folder / "terraform" / "main.tf").touch(),
            "is a checkout of Refit, which needs no refit init",
        ),
        (lambda folder: None, r"there is no \.refit-init\.json in "),
    ],
    ids=["broken", "no object", "checkout", "update first"],
)
def test_a_folder_that_cannot_be_used_stays_as_it_was(
    tmp_path: Path, prepare: Callable[[Path], object], message: str
) -> None:
    (tmp_path / "terraform").mkdir()
    prepare(tmp_path)
    before = content(tmp_path)
    with pytest.raises(RefitError, match=message):
        init(tmp_path, update=True)
    assert content(tmp_path) == before


@pytest.mark.parametrize("wrong", [{"workflows": "acme/refit@main"}, {"workflows": "refit"}, {"owners": "acme"}])
def test_answers_that_github_cannot_resolve_are_refused(tmp_path: Path, wrong: Mapping[str, str]) -> None:
    with pytest.raises(RefitError, match=f"--{next(iter(wrong))} "):
        init(tmp_path / "models", **wrong)
    assert not (tmp_path / "models").exists()


def test_a_failure_in_the_middle_leaves_every_file_as_it_was(tmp_path: Path) -> None:
    init(tmp_path)
    age(tmp_path, ".github/CODEOWNERS")
    age(tmp_path, "README.md")
    (tmp_path / "terraform" / "bootstrap").touch()  # a file where a folder must be
    before = content(tmp_path)
    with pytest.raises(RefitError, match=r"cannot be written: .*; nothing has been changed"):
        init(tmp_path, update=True, bootstrap=True)
    assert content(tmp_path) == before


def test_a_failure_the_first_time_leaves_no_file_and_no_folder(tmp_path: Path) -> None:
    (tmp_path / "terraform").touch()
    with pytest.raises(RefitError, match="cannot be written: "):
        init(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["terraform"]


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / ".github").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(RefitError, match="is a link that leads out of "):
        init(tmp_path / "models")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert [path.name for path in (tmp_path / "models").iterdir()] == [".github"]
