"""`refit take` takes only the pipeline files of another commit, as plain data."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from refit.errors import InvalidPipeline, RefitError
from refit.pipeline.hcl.reader import MAX_BYTES
from refit.plan.take import take
from refit.project import Project

PRICES = 'pipeline = "prices"\n'


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A checkout whose main branch has two pipelines; `propose` commits on the branch `proposal`."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    write(tmp_path, "asl/macros.j2", "trusted")
    write(tmp_path, "terraform/main.tf", "trusted")
    write(tmp_path, "terraform/pipelines/prod/prices.tfvars", PRICES)
    write(tmp_path, "terraform/pipelines/prod/churn.tfvars", 'pipeline = "churn"\n')
    commit(tmp_path)
    git(tmp_path, "branch", "proposal")
    return Project(tmp_path)


def test_changed_added_and_removed_pipelines_are_taken(project: Project) -> None:
    with proposal(project) as root:
        write(root, "terraform/pipelines/prod/prices.tfvars", PRICES + "window = { days = 14 }\r\n")
        write(root, "terraform/pipelines/dev/new.tfvars", 'pipeline = "new"\n')
        (root / "terraform/pipelines/prod/churn.tfvars").unlink()
    assert take(project, "proposal") == ["dev/new", "prod/prices"]
    taken = (project.pipelines_dir / "prod/prices.tfvars").read_bytes()
    assert taken == PRICES.encode() + b"window = { days = 14 }\r\n"


def test_nothing_else_is_taken(project: Project) -> None:
    with proposal(project) as root:
        write(root, "terraform/main.tf", "evil")
        write(root, "Makefile", "evil")
        write(root, "terraform/pipelines/evil.tf", "evil")
        write(root, "terraform/pipelines/prod/evil.auto.tf", "evil")
        write(root, "terraform/pipelines/prod/deep/evil.tfvars", "evil")
    take(project, "proposal")
    assert "evil" not in "".join(file.read_text() for file in project.root.rglob("*") if is_ours(file))


@pytest.mark.parametrize("link", ["prod/prices.tfvars", "prod", "stage"])
def test_a_link_is_refused_and_nothing_changes(project: Project, link: str) -> None:
    with proposal(project) as root:
        path = root / "terraform/pipelines" / link
        if path.exists():
            path.rename(root / "aside")
        path.symlink_to("/etc")
        write(root, "terraform/pipelines/dev/new.tfvars", 'pipeline = "new"\n')
    before = contents(project)
    with pytest.raises(InvalidPipeline, match=f"^terraform/pipelines/{link}:1:1: symbolic-link "):
        take(project, "proposal")
    assert contents(project) == before


@pytest.mark.parametrize("name", ["prod/$(id).tfvars", "prod/a b.tfvars", "Prod/prices.tfvars", "prod/-x.tfvars"])
def test_a_name_that_no_pipeline_has_is_refused_and_nothing_changes(project: Project, name: str) -> None:
    with proposal(project) as root:
        write(root, f"terraform/pipelines/{name}", PRICES)
        write(root, "terraform/pipelines/prod/prices.tfvars", "changed")
    with pytest.raises(InvalidPipeline, match="not named after an environment and a pipeline"):
        take(project, "proposal")
    assert (project.pipelines_dir / "prod/prices.tfvars").read_text() == PRICES


def test_all_refusals_are_reported_together(project: Project) -> None:
    with proposal(project) as root:
        write(root, "terraform/pipelines/prod/a b.tfvars", "x" * (MAX_BYTES + 1))
        write(root, "terraform/pipelines/prod/c d.tfvars", "x")
    with pytest.raises(InvalidPipeline) as raised:
        take(project, "proposal")
    assert [problem.code for problem in raised.value.problems] == ["bad-file-name", "file-too-big", "bad-file-name"]


def test_an_unknown_revision_is_an_error(project: Project) -> None:
    with pytest.raises(RefitError, match="no revision 'nowhere'"):
        take(project, "nowhere")


def test_a_commit_without_pipelines_leaves_none(project: Project) -> None:
    with proposal(project) as root:
        git(root, "rm", "-r", "--quiet", "terraform/pipelines")
    assert take(project, "proposal") == []


def test_the_folder_is_the_one_that_refit_toml_names(project: Project) -> None:
    write(project.root, "refit.toml", 'pipelines = "models"\n')
    commit(project.root)
    with proposal(project) as root:
        write(root, "models/prod/new.tfvars", 'pipeline = "new"\n')
        write(root, "terraform/pipelines/prod/other.tfvars", "evil")
    own = Project(project.root)
    assert take(own, "proposal") == ["prod/new"]
    assert (project.root / "models/prod/new.tfvars").read_text() == 'pipeline = "new"\n'
    assert not (project.root / "terraform/pipelines/prod/other.tfvars").exists()


def test_uncommitted_changes_are_refused_and_kept_unless_forced(project: Project) -> None:
    with proposal(project) as root:
        write(root, "terraform/pipelines/prod/prices.tfvars", PRICES + "window = { days = 14 }\n")
    write(project.root, ".git/info/exclude", "ignored.tfvars\n")
    edited = ["dev/ignored", "dev/untracked", "prod/prices"]
    for key in edited:
        write(project.root, f"terraform/pipelines/{key}.tfvars", "my edit")
    lost = ", ".join(f"terraform/pipelines/{key}.tfvars" for key in sorted([*edited, "dev/link"]))
    (project.pipelines_dir / "dev/link.tfvars").symlink_to("untracked.tfvars")
    for revision in ("HEAD", "proposal"):
        with pytest.raises(RefitError, match=f"uncommitted changes would be lost: {lost}") as raised:
            take(project, revision)
        assert "refit take --force" in (raised.value.hint or "")
    for key in edited:
        assert (project.pipelines_dir / f"{key}.tfvars").read_text() == "my edit"
    assert take(project, "proposal", force=True) == ["prod/churn", "prod/prices"]


def test_an_uncommitted_change_that_the_revision_has_too_is_no_obstacle(project: Project) -> None:
    with proposal(project) as root:
        write(root, "terraform/pipelines/prod/prices.tfvars", "changed")
    take(project, "proposal")
    assert take(project, "proposal") == ["prod/churn", "prod/prices"]


def test_a_clean_checkout_that_git_reports_as_changed_is_no_obstacle(project: Project) -> None:
    with proposal(project) as root:
        write(root, "terraform/pipelines/prod/prices.tfvars", "changed")
    write(project.root, "terraform/pipelines/prod/prices.tfvars", PRICES.replace("\n", "\r\n"))
    commit(project.root)
    write(project.root, ".gitattributes", "* text\n")
    (project.pipelines_dir / "prod/prices.tfvars").touch()
    assert take(project, "proposal") == ["prod/churn", "prod/prices"]


def test_a_failure_in_the_middle_leaves_every_file_as_it_was(project: Project) -> None:
    with proposal(project) as root:
        write(root, "terraform/pipelines/prod/another.tfvars", 'pipeline = "another"\n')
        write(root, "terraform/pipelines/stage/new.tfvars", 'pipeline = "new"\n')
        (root / "terraform/pipelines/prod/churn.tfvars").unlink()
    write(project.root, "terraform/pipelines/stage", "a file where the commit has a folder")
    before = contents(project)
    with pytest.raises(RefitError, match=r"stage/new\.tfvars cannot be written: .*; no pipeline file has been changed"):
        take(project, "proposal")
    assert contents(project) == before


class proposal:
    """Changes made inside are committed on the branch `proposal`; the work tree is main's again afterwards."""

    def __init__(self, project: Project) -> None:
        self._root = project.root

    def __enter__(self) -> Path:
        git(self._root, "checkout", "--quiet", "proposal")
        return self._root

    def __exit__(self, *_: object) -> None:
        commit(self._root)
        git(self._root, "checkout", "--quiet", "main")


def contents(project: Project) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in project.root.rglob("*") if is_ours(file)}


def is_ours(file: Path) -> bool:
    return file.is_file() and ".git" not in file.parts


def write(root: Path, path: str, text: str) -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, newline="")


def commit(root: Path) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "A commit")


def git(root: Path, *arguments: str) -> None:
    person = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "core.autocrlf=false"]
    subprocess.run(["git", *person, *arguments], cwd=root, check=True, capture_output=True)
