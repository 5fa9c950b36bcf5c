"""The text of `refit doctor`."""

from __future__ import annotations

from refit.doctor.examination import Examination
from refit.doctor.results import not_checked, not_ok, ok
from refit.report.doctor import lines


def test_a_line_per_check_with_its_fix_below() -> None:
    checks = (
        ok("python", "3.11.7"),
        not_ok("terraform", "terraform is not on the PATH", "install Terraform"),
        not_checked("endpoint quota", "first line\nsecond line"),
    )
    assert list(lines(Examination(None, checks))) == [
        "python          ok           3.11.7",
        "terraform       not ok       terraform is not on the PATH",
        "                             → install Terraform",
        "endpoint quota  not checked  first line",
        "                             second line",
        "",
        "1 problem to fix; 1 of 3 not checked",
    ]


def test_nothing_to_fix() -> None:
    assert list(lines(Examination(None, (ok("python", "3.11.7"),))))[-1] == "nothing to fix"


def test_what_was_not_checked_is_counted() -> None:
    checks = (
        ok("python", "3.11.7"),
        not_checked("credentials", "no network"),
        not_checked("Slack token", "no network"),
    )
    assert list(lines(Examination(None, checks)))[-1] == "nothing to fix among the other checks; 2 of 3 not checked"
