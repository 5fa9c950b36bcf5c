"""Decides how many processes run the tests of `make test`, which tests they keep together, and what they start with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from xdist.scheduler import LoadScopeScheduling

TOGETHER: Mapping[str, tuple[str, ...]] = {
    "tests/terraform/bootstrap/test_{}.py": (
        "enough",
        "escalation",
        "existing_data",
        "indirect_access",
        "policies",
        "refusals",
        "trust",
    ),
    "tests/terraform/test_{}.py": (
        "arrival",
        "check_quality",
        "function_permissions",
        "permissions",
        "resources",
        "state_machine_permissions",
    ),
}
"""Files with the same fixtures of the session, here an applied account and the plans of a stack.

Every process that needs such a fixture makes it again, so one process runs all of these files.
"""
GROUPS = {pattern.format(name): pattern for pattern, names in TOGETHER.items() for name in names}
"""The group of each of these files."""
LONGEST = ("tests/end_to_end/", "tests/terraform/", "tests/asl/test_random_walk.py")
"""What takes minutes comes first: then no process is still busy with it when the others have ended."""

PER_PROCESSOR = 2.5
"""How many processes share a processor: a test that applies a stack waits for more than half of its time."""
BYTES = 2 * 2**30
"""The memory that a process needs, with its embedded cloud, Terraform and the provider."""


def processes(processors: int, memory: int) -> int:
    """How many processes run the tests on a machine with so many processors and bytes of memory; at least one."""
    return max(1, min(int(processors * PER_PROCESSOR), memory // BYTES))


def processes_here() -> int:
    """`processes` for this machine."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return processes(usable, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


class ByStory(LoadScopeScheduling):
    """The tests of a file share its fixtures, and some depend on their order: they run in one process, in order."""

    def _split_scope(self, nodeid: str) -> str:
        return group(nodeid)


def group(nodeid: str) -> str:
    """The name of the group of a test. The tests of a group run in one process.

    The tests of a file for both orchestrations are two independent groups.
    """
    file, _, test = nodeid.partition("::")
    if file in GROUPS:
        return GROUPS[file]
    return f"{file} polling" if "[polling" in test else file


def longest_first(items: list[Any]) -> None:
    """Puts the groups with shared fixtures first, then the other tests of LONGEST; otherwise their order stays."""
    items.sort(key=lambda item: _rank(item.nodeid))


def _rank(nodeid: str) -> int:
    if nodeid.partition("::")[0] in GROUPS:
        return -1
    return next((rank for rank, path in enumerate(LONGEST) if nodeid.startswith(path)), len(LONGEST))
