"""Reading the checkout's history, on real repositories: no name acts as an option, and no file is lost."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from refit.errors import RefitError
from refit.git import FIRST_COMMIT, Git
from tests.support.checkout import FOLDER, Repository


def files(git: Git, revision: str) -> dict[str, bytes]:
    """The files of the folder of pipelines at a revision, path → content."""
    return git.read(git.entries(git.commit(revision), FOLDER), at_most=1_000)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path)


def test_a_commit_has_the_committers_date_and_not_the_authors(repository: Repository) -> None:
    sha = repository.commit(prices=b"1")
    commit = Git(repository.root).commit("HEAD")
    assert (commit.sha, commit.committed_at) == (sha, datetime(2026, 11, 22, 6, tzinfo=UTC))
    assert commit.short == sha[:12]


def test_one_file_is_that_of_the_revision(repository: Repository) -> None:
    repository.write("refit.toml", b"old")
    repository.write("folder/refit.toml", b"x")
    old = repository.commit()
    repository.git("rm", "--quiet", "refit.toml")
    repository.commit()
    git = Git(repository.root)
    assert git.file(git.commit(old), "refit.toml") == b"old"
    assert [git.file(git.commit("HEAD"), path) for path in ("refit.toml", "folder")] == [None, None]


def test_files_are_those_of_the_revision_and_not_of_the_disk(repository: Repository) -> None:
    repository.commit(prices=b"old\n", churn=b"\x00\xff\n\n")
    repository.write("README.md", b"elsewhere")
    repository.commit(prices=b"new\n")
    repository.write(f"{FOLDER}/prod/prices.tfvars", b"not committed")
    git = Git(repository.root)
    assert files(git, "HEAD~1") == {
        f"{FOLDER}/prod/prices.tfvars": b"old\n",
        f"{FOLDER}/prod/churn.tfvars": b"\x00\xff\n\n",
    }
    assert files(git, "HEAD")[f"{FOLDER}/prod/prices.tfvars"] == b"new\n"


def test_files_with_the_same_content_are_all_found(repository: Repository) -> None:
    repository.commit(one=b"same", two=b"same", three=b"")
    git = Git(repository.root)
    assert sorted(files(git, "main").values()) == [b"", b"same", b"same"]


def test_a_folder_that_a_revision_does_not_have_has_no_files(repository: Repository) -> None:
    repository.commit()
    git = Git(repository.root)
    assert files(git, "HEAD") == {}


def test_changed_files_name_added_removed_and_renamed_ones(repository: Repository) -> None:
    base = repository.commit(stays=b"1", goes=b"2", moves=b"a long enough content to be a rename")
    repository.git("rm", "--quiet", f"{FOLDER}/prod/goes.tfvars")
    repository.git("mv", f"{FOLDER}/prod/moves.tfvars", f"{FOLDER}/prod/moved.tfvars")
    repository.commit(new=b"3")
    git = Git(repository.root)
    changed = git.changed_files(git.commit(base), git.commit("HEAD"))
    assert [Path(path).stem for path in changed] == ["goes", "moved", "moves", "new"]


def test_without_a_head_the_working_tree_is_compared_with_files_that_git_does_not_know(repository: Repository) -> None:
    repository.write(".gitignore", b"build/\n")
    repository.commit(prices=b"1", churn=b"1")
    repository.write(f"{FOLDER}/prod/prices.tfvars", b"2")
    repository.write(f"{FOLDER}/prod/new.tfvars", b"3")
    repository.write("build/made", b"4")
    git = Git(repository.root)
    assert git.changed_files(git.commit("HEAD"), None) == [
        f"{FOLDER}/prod/new.tfvars",
        f"{FOLDER}/prod/prices.tfvars",
    ]


def test_a_folder_is_known_by_its_content(repository: Repository) -> None:
    repository.write("code/train.py", b"1")
    repository.write("code/sub/more.py", b"1")
    first = repository.commit()
    repository.write("README.md", b"elsewhere")
    second = repository.commit()
    repository.write("code/sub/more.py", b"2")
    repository.commit()
    git = Git(repository.root)
    ids = [git.trees(git.commit(one), ["code"]) for one in (first, second, "HEAD")]
    assert ids[0] == ids[1] == {"code": repository.git("rev-parse", f"{first}:code")}
    assert ids[2] == {"code": repository.git("rev-parse", "HEAD:code")} != ids[0]


def test_what_is_no_folder_at_a_revision_has_no_id(repository: Repository) -> None:
    repository.write("code/train.py", b"1")
    repository.commit()
    (repository.root / "empty").mkdir()
    (repository.root / "link").symlink_to("code")
    git = Git(repository.root)
    asked = ["code", "code/", "code/train.py", "nowhere/at/all", "empty", "link"]
    for commit in (git.commit("HEAD"), None):
        assert git.trees(commit, asked).keys() == {"code", "code/"}
        assert git.trees(commit, []) == {}


def test_the_working_tree_has_the_id_that_its_commit_will_have(repository: Repository) -> None:
    repository.write(".gitignore", b"__pycache__/\n")
    repository.write("code/train.py", b"1")
    repository.write("code/goes.py", b"1")
    repository.commit()
    git = Git(repository.root)
    assert git.trees(None, ["code"]) == git.trees(git.commit("HEAD"), ["code"])
    repository.write("code/train.py", b"2")
    repository.write("code/sub/new.py", b"1")
    repository.write("code/__pycache__/train.pyc", b"1")
    (repository.root / "code" / "goes.py").unlink()
    objects = repository.git("count-objects")
    found = git.trees(None, ["code"])
    assert repository.git("count-objects") == objects
    assert repository.git("diff", "--cached", "--name-only") == ""
    repository.commit()
    assert found == git.trees(git.commit("HEAD"), ["code"])


def test_names_with_spaces_quotes_and_other_scripts_come_as_they_are(repository: Repository) -> None:
    repository.write(f'{FOLDER}/prod/a "b" ü\n.tfvars', b"1")
    repository.commit()
    git = Git(repository.root)
    assert list(files(git, "HEAD")) == [f'{FOLDER}/prod/a "b" ü\n.tfvars']


def test_a_checkout_in_a_folder_of_a_larger_repository_is_read_by_its_own_paths(repository: Repository) -> None:
    base = repository.commit()
    repository.write(f"deep/{FOLDER}/prod/prices.tfvars", b"1")
    repository.write("terraform/pipelines/file", b"1")
    repository.commit()
    git = Git(repository.root / "deep")
    head = git.commit("HEAD")
    assert files(git, head.sha) == {f"{FOLDER}/prod/prices.tfvars": b"1"}
    assert git.changed_files(git.commit(base), head) == [f"{FOLDER}/prod/prices.tfvars"]
    own = {FOLDER: repository.git("rev-parse", f"HEAD:deep/{FOLDER}")}
    assert git.trees(head, [FOLDER]) == git.trees(None, [FOLDER]) == own


def test_the_merge_base_is_where_a_branch_left(repository: Repository) -> None:
    left = repository.commit(prices=b"1")
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit(prices=b"2")
    repository.git("checkout", "--quiet", "main")
    repository.commit(churn=b"1")
    git = Git(repository.root)
    assert git.merge_base(git.commit("main"), git.commit("topic")).sha == left


def test_without_a_common_commit_there_is_advice(repository: Repository) -> None:
    repository.commit(prices=b"1")
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit(prices=b"2")
    git = Git(repository.root)
    with pytest.raises(RefitError, match="no common ancestor") as raised:
        git.merge_base(git.commit("main"), git.commit("other"))
    assert "fetch-depth: 0" in (raised.value.hint or "")


@pytest.mark.parametrize(
    "revision",
    [
        "nowhere",
        "",
        "0" * 40,
        "--all",
        "--git-dir",
        "--output=/tmp/injected",
        "-n1",
        "HEAD --all",
        "HEAD..HEAD",
        "^HEAD",
        "HEAD\n--all",
        "HEAD\x00",
        "HEAD:terraform",
        "$(touch injected)",
        "; touch injected",
    ],
)
def test_what_is_not_one_revision_is_refused_with_advice(repository: Repository, revision: str) -> None:
    repository.commit(prices=b"1")
    with pytest.raises(RefitError, match="there is no revision") as raised:
        Git(repository.root).commit(revision)
    assert "fetch" in (raised.value.hint or "")
    assert not list(repository.root.glob("injected"))


def test_a_branch_that_is_called_like_an_option_is_only_a_branch(repository: Repository) -> None:
    sha = repository.commit(prices=b"1")
    repository.git("update-ref", "refs/heads/--all", sha)
    git = Git(repository.root)
    assert git.commit("refs/heads/--all").sha == sha
    assert git.commit("--all").sha == sha


def test_outside_a_repository_there_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(RefitError, match="is not in a git repository") as raised:
        Git(tmp_path).commit("HEAD")
    assert raised.value.hint == f"run: {FIRST_COMMIT}"


def test_before_the_first_commit_the_message_says_how_to_make_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Repository(tmp_path).write("prices.csv", b"1")
    with pytest.raises(RefitError, match="the git repository has no commit yet") as raised:
        Git(tmp_path).commit("HEAD")
    for name in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{name}_NAME", "A")
        monkeypatch.setenv(f"GIT_{name}_EMAIL", "a@example.com")
    subprocess.run(["sh", "-c", str(raised.value.hint).removeprefix("run: ")], check=True, cwd=tmp_path)
    assert Git(tmp_path).file(Git(tmp_path).commit("HEAD"), "prices.csv") == b"1"


def test_without_git_there_is_a_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RefitError, match="git is not on the PATH"):
        Git(tmp_path).commit("HEAD")
