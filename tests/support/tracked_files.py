"""Lists the files of this checkout that git tracks."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def tracked(*patterns: str, untracked: bool = False) -> list[str]:
    """The existing files that match the patterns (all without one), as sorted paths relative to the checkout.

    With `untracked` also those that git would add.
    """
    options = ["--cached", "--others", "--exclude-standard"] if untracked else ["--cached"]
    listing = subprocess.run(
        ["git", "ls-files", "-z", *options, "--", *patterns], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return sorted(path for path in filter(None, listing.stdout.split("\0")) if (ROOT / path).is_file())
