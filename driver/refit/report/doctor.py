"""Renders the checks of `refit doctor` as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from refit.doctor.examination import Examination
from refit.doctor.results import Status
from refit.domain.formatting import counted

STATUS_WIDTH = max(map(len, Status))


def lines(examination: Examination) -> Iterator[str]:
    """One line per check, the command that fixes it below, and a count at the end."""
    width = max(len(check.subject) for check in examination.checks)
    indent = " " * (width + STATUS_WIDTH + 4)
    for check in examination.checks:
        first, *others = check.detail.splitlines() or [""]
        yield f"{check.subject:<{width}}  {check.status:<{STATUS_WIDTH}}  {first}".rstrip()
        yield from (f"{indent}{line}" for line in others)
        if check.fix:
            yield f"{indent}→ {check.fix}"
    faults = sum(check.status is Status.NOT_OK for check in examination.checks)
    unknown = sum(check.status is Status.NOT_CHECKED for check in examination.checks)
    yield ""
    summary = "nothing to fix" if examination.passed else f"{counted(faults, 'problem')} to fix"
    if unknown:
        of_the_others = " among the other checks" if examination.passed else ""
        summary += f"{of_the_others}; {unknown} of {len(examination.checks)} not checked"
    yield summary
