"""The tests that several processes share are distributed as their fixtures require."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest

from tests.support.distribution import GROUPS, group, longest_first, processes
from tests.support.tracked_files import ROOT

FIXTURES = {
    "tests/terraform/conftest.py": "plan|polling|whole|own|own_image|canary",
    "tests/terraform/bootstrap/conftest.py": "account|plan_role|deploy_role|deployed",
}
"""The fixtures of the session that take long to make, by the file that has them."""


@pytest.mark.parametrize("conftest", FIXTURES)
def test_the_files_with_the_same_long_fixtures_are_one_group(conftest: str) -> None:
    folder = (ROOT / conftest).parent
    requested = re.compile(rf"^def test_\w+\((?:.*, )?(?:{FIXTURES[conftest]})[:,)]", re.MULTILINE)
    files = [file for file in folder.glob("test_*.py") if requested.search(file.read_text().replace("\n    ", ""))]
    names = [file.relative_to(ROOT).as_posix() for file in files]
    assert len(names) > 1
    assert {name for name in names if name not in GROUPS} == set(), "add these files to tests/support/distribution.py"
    assert len({group(f"{name}::test") for name in names}) == 1


def test_both_orchestrations_of_a_file_are_two_groups() -> None:
    file = "tests/end_to_end/test_run.py"
    groups = [group(f"{file}::test_one[{parameters}]") for parameters in ("direct", "polling", "polling-down")]
    assert groups == [file, f"{file} polling", f"{file} polling"]


def test_what_takes_long_comes_first_and_the_rest_in_its_own_order() -> None:
    given = [
        "tests/asl/test_a.py::test_b",
        "tests/asl/test_a.py::test_a",
        "tests/end_to_end/test_run.py::test_b",
        "tests/end_to_end/test_run.py::test_a",
        "tests/terraform/test_resources.py::test_a",
    ]
    items = [SimpleNamespace(nodeid=name) for name in given]
    longest_first(items)
    assert [item.nodeid for item in items] == [given[4], *given[2:4], *given[:2]]


@pytest.mark.parametrize(
    ("processors", "gigabytes", "expected"),
    [(2, 16, 5), (4, 16, 8), (1, 4, 2), (1, 1, 1)],
    ids=["two processors", "little memory for four", "one processor", "least"],
)
def test_processes_are_as_many_as_processors_and_memory_bear(processors: int, gigabytes: int, expected: int) -> None:
    assert processes(processors, gigabytes * 2**30) == expected
