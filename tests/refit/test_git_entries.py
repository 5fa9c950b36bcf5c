"""Reading entries of commits and of sparse checkouts, whatever the caller's environment says about git."""

from pathlib import Path

import pytest

from refit.git import Git
from tests.support.checkout import FOLDER, Repository


def files(git: Git, revision: str) -> dict[str, bytes]:
    """The files of the folder of pipelines at a revision, path → content."""
    return git.read(git.entries(git.commit(revision), FOLDER), at_most=1_000)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_the_callers_git_variables_do_not_lead_to_another_repository(
    repository: Repository, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha = repository.commit(prices=b"1")
    repository.write(f"{FOLDER}/prod/new.tfvars", b"2")
    other = Repository(tmp_path_factory.mktemp("other"))
    other.commit(foreign=b"1")
    for name, value in {
        "GIT_DIR": str(other.root / ".git"),
        "GIT_WORK_TREE": str(other.root),
        "GIT_INDEX_FILE": str(other.root / ".git" / "index"),
        "GIT_OBJECT_DIRECTORY": str(other.root / ".git" / "objects"),
        "GIT_NAMESPACE": "other",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_EXTERNAL_DIFF": "false",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "core.bare",
        "GIT_CONFIG_VALUE_0": "true",
    }.items():
        monkeypatch.setenv(name, value)
    git = Git(repository.root)
    assert git.commit("HEAD").sha == sha
    assert files(git, "HEAD") == {f"{FOLDER}/prod/prices.tfvars": b"1"}
    assert git.changed_files(git.commit("HEAD"), None) == [f"{FOLDER}/prod/new.tfvars"]


def test_a_configuration_file_that_the_caller_names_still_counts(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "config"
    config.write_text("[user]\nemail = me@example.com\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert Git(repository.root).email() == "me@example.com"


def test_a_link_and_a_submodule_are_not_regular_files(repository: Repository) -> None:
    repository.write(f"{FOLDER}/real.txt", b"1")
    (repository.root / FOLDER / "link.tfvars").symlink_to("real.txt")
    sha = repository.commit()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{sha},{FOLDER}/module")
    repository.git("commit", "--quiet", "--message", "x")
    git = Git(repository.root)
    found = {one.path.rpartition("/")[2]: one.is_regular for one in git.entries(git.commit("HEAD"), FOLDER)}
    assert found == {"link.tfvars": False, "module": False, "real.txt": True}
    assert list(files(git, "HEAD")) == [f"{FOLDER}/real.txt"]


def test_a_folder_below_a_link_is_the_link(repository: Repository) -> None:
    repository.write("elsewhere/pipelines/prod/prices.tfvars", b"1")
    (repository.root / "terraform").symlink_to("elsewhere")
    repository.commit()
    git = Git(repository.root)
    assert [(one.path, one.mode) for one in git.entries(git.commit("HEAD"), FOLDER)] == [("terraform", "120000")]


def test_files_that_are_too_big_are_not_read(repository: Repository) -> None:
    repository.commit(small=b"1" * 1_000, big=b"1" * 1_001)
    assert list(files(Git(repository.root), "HEAD")) == [f"{FOLDER}/prod/small.tfvars"]


@pytest.mark.parametrize("folder", ["", "deep/"])
def test_a_sparse_checkout_has_what_it_leaves_out(repository: Repository, folder: str) -> None:
    repository.write(f"{folder}code/train.py", b"1")
    repository.write(f"{folder}code/sub/left_out.py", b"1")
    repository.write(f"{folder}elsewhere/left_out.py", b"1")
    repository.commit()
    root = repository.root / folder
    whole = Git(root).trees(None, ["code"])
    repository.git("sparse-checkout", "set", "--no-cone", "/*", "!left_out.py")
    git = Git(root)
    left_out = git.left_out("code")
    assert [one.path for one in left_out] == ["code/sub/left_out.py"]
    assert git.read(left_out, at_most=10) == {"code/sub/left_out.py": b"1"}
    assert git.trees(None, ["code"]) == whole == git.trees(git.commit("HEAD"), ["code"])
    assert git.changed_files(git.commit("HEAD"), None) == []
