"""Runs git: reads commits, the files of a folder at a commit, and the files that changed between two commits.

No other module runs git. Writes nothing to the repository. A revision from a user or a workflow is first resolved to a
commit hash, after `--end-of-options`; all other commands get only the hash, so that no name can act as an option.
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
FETCH = "fetch it first (git fetch origin), or name another revision; in GitHub Actions check out with fetch-depth: 0"
COMMIT = "git add -A && git commit -m 'Add the first pipeline'"
FIRST_COMMIT = f"git init && {COMMIT}"
HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
LINK = "120000"
SKIP_WORKTREE = b"S"
KEPT = frozenset({"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_EXEC_PATH", "GIT_SSH_COMMAND"})
"""The caller's GIT_* variables that git gets. All others could make git read another repository, index or object store:
hooks and worktree tools export GIT_DIR, GIT_INDEX_FILE and others (https://git-scm.com/docs/githooks#_description).
"""


@dataclass(frozen=True)
class Commit:
    """A commit: its full hash, and the committer's date in UTC."""

    sha: str
    committed_at: datetime

    @property
    def short(self) -> str:
        """The first twelve characters of the hash, as in messages and execution names."""
        return self.sha[:12]


@dataclass(frozen=True)
class Entry:
    """One file of a commit or of the index: its path, and git's mode and hash of it."""

    path: str
    mode: str
    sha: str

    @property
    def is_regular(self) -> bool:
        """Whether it is a regular file; otherwise it is a symbolic link or a submodule."""
        return self.mode.startswith("100")


class Git:
    """The repository that contains the folder `root`. Paths are relative to `root`, with slashes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def commit(self, revision: str) -> Commit:
        """The commit that `revision` (a branch, a tag, a hash, HEAD~2 …) names.

        Raises RefitError if there is no such commit in this clone, or if `root` is not in a git repository.
        """
        sha = self._resolve(revision)
        # The committer's date, not the author's: a rebase, a squash and a merge set the former and keep the latter.
        seconds = self._text("rev-list", "--timestamp", "--max-count=1", sha).split()[0]
        try:
            return Commit(sha, datetime.fromtimestamp(int(seconds), UTC))
        except (ValueError, OverflowError) as error:
            raise RefitError(f"the commit {sha[:12]} has an impossible date: {seconds}") from error

    def merge_base(self, one: Commit, other: Commit) -> Commit:
        """The newest common ancestor of two commits. Raises RefitError if the clone has none."""
        code, out, _ = self._run("merge-base", one.sha, other.sha)
        if code:
            raise RefitError(f"{one.short} and {other.short} have no common ancestor in this clone", FETCH)
        return self.commit(out.decode().split()[0])

    def is_ancestor(self, one: Commit, other: Commit) -> bool:
        """Whether `other` contains `one`; false if they are unrelated in this clone, which may be shallow."""
        return self._run("merge-base", "--is-ancestor", one.sha, other.sha)[0] == 0

    def entries(self, commit: Commit, folder: str) -> list[Entry]:
        """The files, links and submodules under `folder` at `commit`; the first of its parents that is a link instead.

        Empty if there is no such folder.
        """
        parts = folder.split("/")
        parents = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
        above = [one for one in self._ls_tree(commit, parents) if one.mode == LINK]
        return above or self._ls_tree(commit, [f"{folder}/"], "-r")

    def left_out(self, *folders: str) -> list[Entry]:
        """The files in `folders` that a sparse checkout leaves out of the working tree: the index has their content."""
        return self._left_out(folders)

    def read(self, entries: Iterable[Entry], at_most: int) -> dict[str, bytes]:
        """The content of regular files, path → content, without the files of more than `at_most` bytes."""
        regular = [one for one in entries if one.is_regular]
        shas = sorted({one.sha for one in regular})
        sizes = self._bytes("cat-file", "--batch-check=%(objectsize)", stdin=_lines(shas)).split()
        contents = self._contents([sha for sha, size in zip(shas, sizes, strict=True) if int(size) <= at_most])
        return {one.path: contents[one.sha] for one in regular if one.sha in contents}

    def file(self, commit: Commit, path: str) -> bytes | None:
        """The content of one regular file at `commit`; None if there is none."""
        found = [one for one in self._ls_tree(commit, [path]) if one.path == path and one.is_regular]
        return self._contents([found[0].sha])[found[0].sha] if found else None

    def changed_files(self, base: Commit, head: Commit | None) -> list[str]:
        """The paths that differ between `base` and `head`; a rename counts as both of its names.

        Without `head`: between `base` and the working tree, including untracked files.
        """
        sides = [base.sha, head.sha] if head else [base.sha]
        listing = self._bytes("diff", "--no-ext-diff", "--no-renames", "--name-only", "--relative", "-z", *sides, "--")
        if not head:
            listing += self._bytes("ls-files", "--others", "--exclude-standard", "-z", "--", ".")
        return sorted(path.decode(errors="replace") for path in set(filter(None, listing.split(b"\0"))))

    def trees(self, commit: Commit | None, folders: Iterable[str]) -> dict[str, str]:
        """The id of git's tree object for each of `folders` at `commit`: equal content has an equal id.

        Without a commit: of the working tree, including untracked files. Omits paths that are not folders, and folders
        without files.
        """
        wanted = sorted(set(folders))
        if not wanted:
            return {}
        if commit:
            return self._tree_ids(commit.sha, wanted)
        with tempfile.TemporaryDirectory(prefix="refit-git-") as scratch:
            # git computes ids only for stored objects, so the working tree is stored in a temporary object directory.
            aside = {"GIT_INDEX_FILE": f"{scratch}/index", "GIT_OBJECT_DIRECTORY": scratch}
            listing = self._bytes("ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", *wanted)
            self._bytes("update-index", "--add", "--remove", "-z", "--stdin", stdin=listing, environment=aside)
            sparse = "".join(f"{one.mode} {one.sha}\t{one.path}\0" for one in self._left_out(wanted, "--full-name"))
            self._bytes("update-index", "-z", "--index-info", stdin=sparse.encode(), environment=aside)
            root = self._bytes("write-tree", environment=aside).decode().strip()
            return self._tree_ids(root, wanted, aside)

    def email(self) -> str:
        """The user's e-mail address in git's configuration; empty if none is set."""
        _, out, _ = self._run("config", "--get", "user.email")
        return out.decode(errors="replace").strip()

    def _resolve(self, revision: str) -> str:
        code, out, err = 1, b"", b""
        if revision.isprintable():
            code, out, err = self._run("rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}")
        sha = out.decode().strip()
        if code == 0 and HASH.fullmatch(sha):
            return sha
        if b"dubious ownership" in err:
            raise RefitError(f"{self._root}: {_first_line(err)}", "run refit in a git clone that you own")
        if b"not a git repository" in err:
            raise RefitError(f"{self._root} is not in a git repository", f"run: {FIRST_COMMIT}")
        if revision == "HEAD":
            raise RefitError("the git repository has no commit yet", f"run: {COMMIT}")
        raise RefitError(f"there is no revision {revision!r} in this clone", FETCH)

    def _ls_tree(self, commit: Commit, paths: Sequence[str], *options: str) -> list[Entry]:
        listing = self._bytes("ls-tree", *options, "-z", commit.sha, "--", *paths)
        found = (_fields(one) for one in filter(None, listing.split(b"\0")))
        return [Entry(path, mode, sha) for (mode, _, sha), path in found]

    def _left_out(self, folders: Sequence[str], *options: str) -> list[Entry]:
        listing = self._bytes("ls-files", *options, "-t", "--stage", "-z", "--", *folders)
        tagged = (one.partition(b" ") for one in filter(None, listing.split(b"\0")))
        found = (_fields(entry) for tag, _, entry in tagged if tag == SKIP_WORKTREE)
        return [Entry(path, mode, sha) for (mode, sha, _), path in found]

    def _tree_ids(
        self, root: str, folders: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> dict[str, str]:
        """The ids of `folders` in the tree or commit `root`, without those that are not folders."""
        names = "".join(f"{root}:./{folder.rstrip('/')}\n" for folder in folders)
        out = self._bytes("cat-file", "--batch-check", stdin=names.encode(), environment=environment)
        objects = zip(folders, (line.split() for line in out.decode(errors="replace").splitlines()), strict=True)
        return {folder: fields[0] for folder, fields in objects if fields[1] == "tree"}

    def _contents(self, shas: Sequence[str]) -> dict[str, bytes]:
        """The blobs with these hashes, read by one process."""
        out = self._bytes("cat-file", "--batch", stdin=_lines(shas))
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
        # English messages, no prompts, no locks for reading, and no replacement objects.
        quiet = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_REPLACE_OBJECTS": "1"}
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name in KEPT}
        try:
            done = subprocess.run(  # noqa: S603 - a list, read by no shell; names from outside come as hashes
                ["git", "-C", str(self._root), *arguments],  # noqa: S607 - the git that the user's PATH finds
                input=stdin,
                capture_output=True,
                env={**inherited, **quiet, **(environment or {})},
                check=False,
            )
        except FileNotFoundError:
            raise RefitError("git is not on the PATH", INSTALL) from None
        return done.returncode, done.stdout, done.stderr


def _fields(entry: bytes) -> tuple[list[str], str]:
    """The fields before the tab in a line of git's lists of files, and the path after it."""
    fields, _, path = entry.partition(b"\t")
    return fields.decode().split(), path.decode(errors="replace")


def _lines(names: Iterable[str]) -> bytes:
    return "".join(f"{name}\n" for name in names).encode()


def _batch(out: bytes) -> Iterator[tuple[str, bytes]]:
    """The hash and content of each object that `cat-file --batch` printed: a header line, the bytes, a line feed."""
    at = 0
    while at < len(out):
        end = out.index(b"\n", at)
        sha, _, size = out[at:end].decode().split()
        start = end + 1
        yield sha, out[start : start + int(size)]
        at = start + int(size) + 1


def _first_line(err: bytes) -> str:
    lines = err.decode(errors="replace").strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else "no error message"
