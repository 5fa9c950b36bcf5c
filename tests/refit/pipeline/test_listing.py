"""Which files are pipelines: those of the disk and those of a commit by the same rules, and no file is ignored."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refit.errors import InvalidPipeline
from refit.git import Git
from refit.pipeline import files, listing
from refit.pipeline.listing import Listing
from refit.plan.changes import compare
from refit.plan.pipeline_files import committed, working_tree
from refit.project import PipelineRef, Project
from tests.support.checkout import FOLDER, MINIMAL, Checkout, write
from tests.support.command_line import refit


def listed(*paths: str, links: tuple[str, ...] = ()) -> Listing:
    files = dict.fromkeys(paths, False) | dict.fromkeys(links, True)
    return listing.classify(FOLDER, {f"{FOLDER}/{path}": is_link for path, is_link in files.items()})


def test_a_pipeline_is_a_file_in_the_folder_of_an_environment() -> None:
    assert listed("prod/alpha.tfvars", "dev/alpha.tfvars", "prod/README.md", "prod/.gitkeep", "README.md") == Listing(
        {"dev/alpha": f"{FOLDER}/dev/alpha.tfvars", "prod/alpha": f"{FOLDER}/prod/alpha.tfvars"}, (), ()
    )


@pytest.mark.parametrize(
    ("path", "why", "hint"),
    [
        (
            "gamma.tfvars",
            "it is not directly in the folder of an environment",
            f"move it, for example to {FOLDER}/prod/gamma.tfvars",
        ),
        (
            "prod/eu/gamma.tfvars",
            "it is not directly in the folder of an environment",
            f"move it, for example to {FOLDER}/prod/gamma.tfvars",
        ),
        (
            "prod/gamma.tfvars.json",
            "its name does not end in .tfvars",
            f"rename it to gamma.tfvars, or move it out of {FOLDER}",
        ),
        (
            "prod/gamma.tfvars.bak",
            "its name does not end in .tfvars",
            f"rename it to gamma.tfvars, or move it out of {FOLDER}",
        ),
        (
            "prod/gamma.TFVARS",
            "its name does not end in .tfvars",
            f"rename it to gamma.tfvars, or move it out of {FOLDER}",
        ),
        (
            "prod/gamma.hcl",
            "its name does not end in .tfvars",
            f"rename it to gamma.tfvars, or move it out of {FOLDER}",
        ),
        ("prod/gamma", "its name does not end in .tfvars", f"rename it to gamma.tfvars, or move it out of {FOLDER}"),
        (
            "prod/.gamma.tfvars.swp",
            "its name does not end in .tfvars",
            f"rename it to .gamma.tfvars, or move it out of {FOLDER}",
        ),
    ],
)
def test_every_other_file_is_named(path: str, why: str, hint: str) -> None:
    (stray,) = listed(path).strays
    assert str(stray) == f"{FOLDER}/{path}:1:1: not-a-pipeline no command reads this file, because {why}; {hint}"


def test_a_link_hides_what_it_contains() -> None:
    found = listed("dev/alpha.tfvars", links=("prod", "dev/beta.tfvars", "dev/eu", "NOTES.md"))
    assert [one.file for one in found.links] == [f"{FOLDER}/prod"]
    assert [one.file for one in found.strays] == [f"{FOLDER}/dev/eu"]
    assert list(found.pipelines) == ["dev/alpha", "dev/beta"]


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture
def odd(checkout: Checkout) -> Checkout:
    """A checkout with every kind of file below the folder of the pipelines."""
    checkout.pipeline("prod/alpha")
    for path in (
        "gamma.tfvars",
        "prod/eu/gamma.tfvars",
        "prod/gamma.hcl",
        "prod/.tfvars",
        "prod/README.md",
        ".gitkeep",
    ):
        checkout.write(f"{FOLDER}/{path}", MINIMAL.encode())
    checkout.write(f"{FOLDER}/prod/big.tfvars", b"#" * 40_000)
    checkout.write(f"{FOLDER}/prod/folder.tfvars/x.tfvars", b"")
    (checkout.root / FOLDER / "prod" / "link.tfvars").symlink_to("alpha.tfvars")
    (checkout.root / FOLDER / "prod" / "gone.tfvars").symlink_to("nowhere")
    return checkout


def test_the_working_tree_and_its_commit_have_the_same_files(odd: Checkout) -> None:
    on_disk = working_tree(odd.project)
    odd.commit()
    assert committed(odd.project, Git(odd.root).commit("HEAD")) == on_disk
    assert [ref.key for ref in odd.project.pipelines()] == sorted(on_disk.contents)
    assert sorted(on_disk.contents) == ["prod/alpha", "prod/big", "prod/gone", "prod/link"]


@pytest.mark.parametrize("head", [None, "HEAD"])
def test_a_comparison_says_the_same_of_both(odd: Checkout, head: str | None) -> None:
    odd.commit()
    found = compare(odd.project, odd.base, head)
    assert [(one.key, len(one.problems)) for one in found.changes] == [
        ("prod/alpha", 0),
        ("prod/big", 1),
        ("prod/gone", 1),
        ("prod/link", 1),
    ]
    assert [one.file.removeprefix(f"{FOLDER}/") for one in found.strays] == [
        "gamma.tfvars",
        "prod/.tfvars",
        "prod/eu/gamma.tfvars",
        "prod/folder.tfvars/x.tfvars",
        "prod/gamma.hcl",
    ]
    assert compare(odd.project, "HEAD", head).strays == ()  # known already


@pytest.mark.parametrize("head", [None, "HEAD"])
@pytest.mark.parametrize("link", [f"{FOLDER}/prod", FOLDER, "terraform"])
def test_a_folder_that_is_a_link_is_refused_and_its_pipelines_are_not_removed(
    checkout: Checkout, link: str, head: str | None
) -> None:
    checkout.pipeline("prod/alpha")
    base = checkout.commit()
    (checkout.root / link).rename(checkout.root / "real")
    (checkout.root / link).symlink_to(checkout.root / "real")
    checkout.commit()
    with pytest.raises(InvalidPipeline, match=f"^{link}:1:1: symbolic-link this is a symbolic link, which means"):
        compare(checkout.project, base, head)
    result = refit("validate", cwd=checkout.root)
    assert (result.returncode, result.stdout.split(": ")[0]) == (1, f"{link}:1:1")


def test_a_pipeline_that_a_sparse_checkout_leaves_out_is_not_removed(checkout: Checkout) -> None:
    checkout.pipeline("prod/alpha")
    checkout.pipeline("prod/beta")
    base = checkout.commit()
    checkout.git("sparse-checkout", "set", "--no-cone", "/*", f"!/{FOLDER}/prod/beta.tfvars")
    assert not (checkout.root / FOLDER / "prod" / "beta.tfvars").exists()
    found = compare(checkout.project, base)
    assert (found.changes, found.pipelines) == ((), ("prod/alpha", "prod/beta"))


@pytest.mark.parametrize("target", ["/dev/zero", "alpha.tfvars", "nowhere"])
def test_a_link_is_never_followed(tmp_path: Path, target: str) -> None:
    ref = write(tmp_path)
    ref.path.unlink()
    ref.path.symlink_to(target)
    with pytest.raises(InvalidPipeline, match="symbolic-link this is a symbolic link"):
        files.load(ref)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    ref = write(tmp_path)
    ref.path.unlink()
    os.mkfifo(ref.path)
    with pytest.raises(InvalidPipeline, match=r"home-prices\.tfvars:1:1: unreadable-file this is not a regular file$"):
        files.load(ref)


def test_no_more_of_a_file_is_read_than_its_maximum(tmp_path: Path) -> None:
    ref = write(tmp_path)
    os.truncate(ref.path, 10**12)  # a sparse file: it takes no space on the disk
    with pytest.raises(InvalidPipeline, match="file-too-big the file has more than 32,768 bytes, the maximum"):
        files.load(ref)


def test_a_link_is_found_by_its_own_path(tmp_path: Path) -> None:
    ref = write(tmp_path)
    link = ref.path.with_name("other.tfvars")
    link.symlink_to(ref.path.name)
    assert Project(tmp_path).find(str(link)) == PipelineRef(ref.project, link)
