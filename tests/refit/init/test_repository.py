"""`refit init` the first time, again, and after changes of files, version and answers."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from refit.init import init_record
from refit.init.repository import State
from refit.version import VERSION
from tests.support.own_repository import ANSWERS, COMMIT, age, content, init, states

PIPELINE = "terraform/pipelines/prod/home-prices.tfvars"


def test_the_first_time_everything_is_written(tmp_path: Path) -> None:
    result = init(tmp_path / "new" / "models")
    assert result.first
    files = content(tmp_path / "new" / "models")
    assert set(files) == {*result.written, init_record.FILE}
    assert {PIPELINE, "refit.toml", "README.md", ".github/workflows/plan.yml"} < set(files)
    known = init_record.read(tmp_path / "new" / "models")
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
    assert json.loads(after[init_record.FILE])["version"] == VERSION
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
    known = init_record.read(tmp_path)
    assert known is not None
    assert known.answers == replace(ANSWERS, workflows=f"acme/refit@{other}", bootstrap=True)
