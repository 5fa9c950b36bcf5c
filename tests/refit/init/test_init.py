"""`refit init` refuses folders and answers that it cannot use, and pins the workflows to the right commit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from refit.errors import RefitError
from refit.init import init_record
from refit.init.answers import Answers
from refit.init.init import initialize
from refit.refit_toml import InvalidSettings
from refit.version import VERSION
from tests.support.own_repository import COMMIT, age, content, init, installed_from_git, states


def test_an_update_moves_the_workflows_to_the_commit_of_the_new_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    init(tmp_path)
    installed_from_git(tmp_path.parent, monkeypatch, "c" * 40)
    assert states(init(tmp_path)) == {}  # the same version: the commit that was given stays
    age(tmp_path, "README.md")
    assert ".github/workflows/plan.yml" in init(tmp_path, update=True).written
    assert (
        f"acme/refit/.github/workflows/plan.yml@{'c' * 40} # v{VERSION}"
        in content(tmp_path)[".github/workflows/plan.yml"].decode()
    )


def test_a_repository_without_a_commit_gets_that_of_this_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RefitError, match="--workflows acme/refit does not name a repository and a commit"):
        init(tmp_path / "models", workflows="acme/refit")
    installed_from_git(tmp_path, monkeypatch, "c" * 40)
    assert init(tmp_path / "models", workflows="acme/refit").answers.workflows == f"acme/refit@{'c' * 40}"


def test_a_new_version_without_a_commit_leaves_the_workflows_and_says_so(tmp_path: Path) -> None:
    init(tmp_path)
    age(tmp_path, "README.md")
    result = init(tmp_path, update=True)
    assert result.written == ("README.md",)
    reasons = {what: unknown.reason for what, unknown in result.omitted}
    assert reasons[".github/workflows"].endswith(f"is unknown; the workflows stay at acme/refit@{COMMIT}")


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda folder: (folder / init_record.FILE).write_text("{"), r"\.refit-init\.json cannot be read: "),
        (lambda folder: (folder / init_record.FILE).write_text("[]"), r"\.refit-init\.json cannot be read: "),
        (
            lambda folder: (folder / "terraform" / "main.tf").touch(),
            "is a checkout of Refit, which does not need refit init",
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


def test_what_does_not_depend_on_the_answers_is_checked_before_the_questions(tmp_path: Path) -> None:
    def ask(_: Answers | None) -> Answers:
        pytest.fail("it asked")

    with pytest.raises(RefitError, match="is not the wheel of this version"):
        initialize(tmp_path, ask, wheel=tmp_path / "other.whl")
    (tmp_path / "refit.toml").write_text("version = 1\n")
    with pytest.raises(InvalidSettings):
        initialize(tmp_path, ask)


@pytest.mark.parametrize("wrong", [{"workflows": "acme/refit@main"}, {"workflows": "refit"}, {"owners": "acme"}])
def test_answers_that_github_cannot_resolve_are_refused(tmp_path: Path, wrong: Mapping[str, str]) -> None:
    with pytest.raises(RefitError, match=f"--{next(iter(wrong))} "):
        init(tmp_path / "models", **wrong)
    assert not (tmp_path / "models").exists()


def test_an_answer_of_a_newer_version_is_not_an_obstacle(tmp_path: Path) -> None:
    init(tmp_path)
    document = json.loads((tmp_path / init_record.FILE).read_text())
    document["answers"]["added_later"] = 1
    (tmp_path / init_record.FILE).write_text(json.dumps(document))
    assert states(init(tmp_path)) == {}
