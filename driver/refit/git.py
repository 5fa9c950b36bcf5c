"""Reads the history of the checkout: commits, the files of a folder at one of them, what changed between two.

The only runner of git. It writes nothing into the repository. A revision that a person or a workflow names is resolved
to a commit's hash first, behind `--end-of-options`; every later command gets the hash alone, so that no name can act as
an option.
"""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from refit.errors import RefitError

INSTALL = "install git: https://git-scm.com/downloads"
FETCH = "fetch it first (git fetch origin), or name another; in GitHub Actions check out with fetch-depth: 0"
HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True)
class Commit:
    """A commit: its full hash, and the committer's date in UTC."""

    sha: str
    committed_at: datetime

    @property
    def short(self) -> str:
        """The twelve characters that name it in people's texts and in execution names."""
        return self.sha[:12]


class Git:
    """The repository that holds the folder `root`. Paths are relative to `root`, with slashes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def commit(self, revision: str) -> Commit:
        """The commit that `revision` (a branch, a tag, a hash, HEAD~2 …) names.

        Raises RefitError when it names none here, and when `root` is not in a git repository.
        """
        sha = self._resolve(revision)
        # The committer's date, not the author's: a rebase, a squash and a merge set the first and keep the second.
        seconds = self._text("rev-list", "--timestamp", "--max-count=1", sha).split()[0]
        try:
            return Commit(sha, datetime.fromtimestamp(int(seconds), UTC))
        except (ValueError, OverflowError) as error:
            raise RefitError(f"the commit {sha[:12]} has a date that no calendar has: {seconds}") from error

    def merge_base(self, one: Commit, other: Commit) -> Commit:
        """The newest commit that both descend from. Raises RefitError when the clone has none."""
        code, out, _ = self._run("merge-base", one.sha, other.sha)
        if code:
            raise RefitError(f"{one.short} and {other.short} have no common commit in this clone", FETCH)
        return self.commit(out.decode().split()[0])

    def files(self, commit: Commit, folder: str) -> dict[str, bytes]:
        """Every file under `folder` at `commit`: its path → its content; empty when there is no such folder."""
        listing = self._bytes("ls-tree", "-r", "-z", commit.sha, "--", f"{folder}/")
        blobs: dict[str, str] = {}
        for entry in filter(None, listing.split(b"\0")):
            kind, _, path = entry.partition(b"\t")
            _, object_type, sha = kind.decode().split()
            if object_type == "blob":
                blobs[path.decode(errors="replace")] = sha
        contents = self._contents(sorted(set(blobs.values())))
        return {path: contents[sha] for path, sha in blobs.items()}

    def file(self, commit: Commit, path: str) -> bytes | None:
        """The content of one file at `commit`; None if there is no file of that path."""
        listing = self._bytes("ls-tree", "-z", commit.sha, "--", path)
        kind, _, name = listing.rstrip(b"\0").partition(b"\t")
        fields = kind.decode().split()
        if not fields or fields[1] != "blob" or name.decode(errors="replace") != path:
            return None
        return self._contents([fields[2]])[fields[2]]

    def changed_files(self, base: Commit, head: Commit | None) -> list[str]:
        """The files that differ between `base` and `head`; a rename counts as both of its names.

        Without `head`: between `base` and the working tree, with the files that git does not know yet.
        """
        sides = [base.sha, head.sha] if head else [base.sha]
        listing = self._bytes("diff", "--no-ext-diff", "--no-renames", "--name-only", "--relative", "-z", *sides, "--")
        if not head:
            listing += self._bytes("ls-files", "--others", "--exclude-standard", "-z", "--", ".")
        return sorted(path.decode(errors="replace") for path in set(filter(None, listing.split(b"\0"))))

    def trees(self, commit: Commit | None, folders: Iterable[str]) -> dict[str, str]:
        """The id that git gives the content of each of `folders` at `commit`: the same content, the same id.

        Without a commit: in the working tree, with the files that git does not know yet. What is no folder there, or
        holds no file of git's, has no id and is left out.
        """
        wanted = sorted(set(folders))
        if not wanted:
            return {}
        if commit:
            return self._tree_ids(commit.sha, wanted)
        with tempfile.TemporaryDirectory(prefix="refit-git-") as scratch:
            # git names only what it has stored; the working tree is stored where nobody looks for it.
            aside = {"GIT_INDEX_FILE": f"{scratch}/index", "GIT_OBJECT_DIRECTORY": scratch}
            listing = self._bytes("ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *wanted)
            self._bytes("update-index", "--add", "--remove", "-z", "--stdin", stdin=listing, environment=aside)
            root = self._bytes("write-tree", environment=aside).decode().strip()
            return self._tree_ids(root, wanted, aside)

    def email(self) -> str:
        """The e-mail address that commits of this user are signed with; empty when none is set."""
        _, out, _ = self._run("config", "--get", "user.email")
        return out.decode(errors="replace").strip()

    def _resolve(self, revision: str) -> str:
        code, out, err = 1, b"", b""
        if revision.isprintable():
            code, out, err = self._run("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        sha = out.decode().strip()
        if code == 0 and HASH.fullmatch(sha):
            return sha
        if b"not a git repository" in err or b"dubious ownership" in err:
            raise RefitError(f"{self._root}: {_first_line(err)}", "run refit in a git clone of your own")
        raise RefitError(f"there is no revision {revision!r} in this clone", FETCH)

    def _tree_ids(
        self, root: str, folders: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """The ids of those of `folders` that are folders in the tree or commit `root`."""
        names = "".join(f"{root}:./{folder.rstrip('/')}\n" for folder in folders)
        out = self._bytes("cat-file", "--batch-check", stdin=names.encode(), environment=environment)
        answers = zip(folders, (line.split() for line in out.decode(errors="replace").splitlines()), strict=True)
        return {folder: answer[0] for folder, answer in answers if answer[1] == "tree"}

    def _contents(self, shas: Sequence[str]) -> dict[str, bytes]:
        """The blobs of these hashes, read by one process."""
        out = self._bytes("cat-file", "--batch", stdin="".join(f"{sha}\n" for sha in shas).encode())
        return dict(_batch(out))

    def _text(self, *arguments: str) -> str:
        return self._bytes(*arguments).decode(errors="replace")

    def _bytes(self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> bytes:
        code, out, err = self._run(*arguments, stdin=stdin, environment=environment)
        if code:
            raise RefitError(f"git {arguments[0]} failed: {_first_line(err)}")
        return out

    def _run(
        self, *arguments: str, stdin: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> tuple[int, bytes, bytes]:
        # English messages, no questions, no lock taken for a look, and the objects themselves, not their replacements.
        quiet = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
        try:
            done = subprocess.run(  # noqa: S603 - a list, read by no shell; names from outside come as hashes
                ["git", "-C", str(self._root), *arguments],  # noqa: S607 - the git that the user's PATH finds
                input=stdin,
                capture_output=True,
                env={**os.environ, **quiet, **(environment or {})},
                check=False,
            )
        except FileNotFoundError:
            raise RefitError("git is not on the PATH", INSTALL) from None
        return done.returncode, done.stdout, done.stderr


def _batch(out: bytes) -> Iterator[tuple[str, bytes]]:
    """What `cat-file --batch` printed, as hash and content: a header line, the bytes, a line feed."""
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        sha, _, size = out[at:end].decode().split()
        start = end + 1
        yield sha, out[start : start + int(size)]
        at = start + int(size) + 1


def _first_line(err: bytes) -> str:
    lines = err.decode(errors="replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else "it did not say why"
