"""Which schedule expressions EventBridge Scheduler accepts."""

from __future__ import annotations

import pytest

from refit.pipeline.schema.schedule_expression import faults
from tests.support.checkout import problem

DAYS = " ? as either day of month or day of week, but not both"
CRON_FIELDS = "minutes, hours, day of month, month, day of week, year"


@pytest.mark.parametrize(
    "expression",
    [
        "rate(1 minute)",
        "rate(5 minutes)",
        "rate(1 hour)",
        "rate(12 hours)",
        "rate(1 day)",
        "rate(30 days)",
        "cron(0 6 * * ? *)",
        "cron(0/15 8-10,20 ? JAN-jun MON-FRI 2026-2030)",
        "cron(*/5 * L * ? *)",
        "cron(0 0 15W * ? 2026)",
        "cron(0 0 LW * ? *)",
        "cron(0 0 ? * 6#3 *)",
        "cron(0 0 ? * FRIL *)",
        "at(2026-11-22T06:00:00)",
    ],
)
def test_an_expression_of_the_documentation_is_taken(expression: str) -> None:
    assert list(faults(expression)) == []


@pytest.mark.parametrize(
    ("expression", "message", "write"),
    [
        ("daily", "is not rate(…), cron(…) or at(…)", "rate(1 day)"),
        ("", "is not rate(…), cron(…) or at(…)", "rate(1 day)"),
        ("rate(1 day) ", "is not rate(…), cron(…) or at(…)", "rate(1 day)"),
        (f"cron({'1,' * 200}1 6 * * ? *)", "is not rate(…), cron(…) or at(…)", "rate(1 day)"),
        ("rate(1 days)", "has the wrong unit for 1, days", "rate(1 day)"),
        ("rate(2 day)", "has the wrong unit for 2, day", "rate(2 days)"),
        ("rate(0 days)", "is not rate(<number> <minutes, hours or days>)", "rate(1 day)"),
        ("rate(30 seconds)", "is not rate(<number> <minutes, hours or days>)", "rate(1 day)"),
        (
            "cron(0 6 * * *)",
            "has 5 cron fields instead of six: minutes, hours, day of month, month, day of week, year",
            None,
        ),
        (
            "cron(30 5 ? * MON)",
            "has 5 cron fields instead of six: minutes, hours, day of month, month, day of week, year",
            "cron(30 5 ? * MON *)",
        ),
        ("cron(30 5 * * MON *)", f"needs{DAYS}", "cron(30 5 ? * MON *)"),
        ("cron(30 5 1 * MON *)", f"needs{DAYS}", "cron(30 5 1 * ? *)"),
        ("cron(30 5 ? 1 ? *)", f"needs{DAYS}", "cron(30 5 * 1 ? *)"),
        (" rate(5 \tdays) ", "is not rate(…), cron(…) or at(…)", "rate(5 days)"),
        ("cron(0 6 * * * *)", "needs ? as either day of month or day of week, but not both", None),
        ("cron(0 6 ? * ? *)", "needs ? as either day of month or day of week, but not both", None),
        ("cron(60 6 * * ? *)", 'has "60" as minutes, which takes 0 to 59', None),
        ("cron(0 24 * * ? *)", 'has "24" as hours, which takes 0 to 23', "cron(0 0 * * ? *)"),
        ("cron(0 6 32 * ? *)", 'has "32" as day of month, which takes 1 to 31', None),
        ("cron(0 6 32W * ? *)", 'has "32W" as day of month, which takes 1 to 31', None),
        ("cron(0 6 * 13 ? *)", 'has "13" as month, which takes 1 to 12', None),
        ("cron(0 6 ? * 0 *)", 'has "0" as day of week, which takes 1 to 7', "cron(0 6 ? * * *)"),
        ("cron(0 6 ? * MON#6 *)", 'has "MON#6" as day of week, which takes 1 to 7', "cron(0 6 ? * * *)"),
        ("cron(0 6 * * ? 1969)", 'has "1969" as year, which takes 1970 to 2199', None),
        ("cron(0/0 6 * * ? *)", 'has "0/0" as minutes, which takes 0 to 59', None),
        ("cron(1- 6 * * ? *)", 'has "1-" as minutes, which takes 0 to 59', None),
        ("cron(¹ 6 * * ? *)", 'has "¹" as minutes, which takes 0 to 59', None),
        ("at(2026-02-30T06:00:00)", "is not at(<date>T<time>) with a valid date", "at(2026-11-22T06:00:00)"),
        ("at(2026-11-22)", "is not at(<date>T<time>) with a valid date", "at(2026-11-22T06:00:00)"),
    ],
)
def test_what_it_refuses_is_refused_with_a_cure(expression: str, message: str, write: str | None) -> None:
    (found,) = faults(expression)
    assert (found.message, found.write) == (message, write or "cron(0 6 * * ? *)")


def test_every_fault_of_a_cron_expression_is_told() -> None:
    assert len(list(faults("cron(60 24 * 13 * *)"))) == 4


@pytest.mark.parametrize("expression", ["rate(1 day)", "cron(0 6 * * ? *)", "at(2026-11-22T06:00:00)"])
def test_what_is_proposed_is_taken(expression: str) -> None:
    assert list(faults(expression)) == []


def test_a_refusal_stands_at_the_expression(tmp_path_factory: pytest.TempPathFactory) -> None:
    found = problem(tmp_path_factory.mktemp("schedule"), 'schedule = { expression = "rate(1 days)" }\n')
    assert found == (
        "27: bad-schedule schedule.expression has the wrong unit for 1, days; "
        'write schedule = { expression = "rate(1 day)" }'
    )
