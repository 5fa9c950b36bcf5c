"""The result of one check: what was checked, whether it is in order, and the command that fixes it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from refit.errors import RefitError


class Status(StrEnum):
    OK = "ok"
    NOT_OK = "not ok"
    NOT_CHECKED = "not checked"
    """Unknown: never to be read as ok. `detail` says why."""


@dataclass(frozen=True)
class Check:
    """One line of `refit doctor`. `fix` is a command or an instruction; never empty when the status is NOT_OK."""

    subject: str
    status: Status
    detail: str
    fix: str = ""

    def document(self) -> dict[str, Any]:
        """For `--json`."""
        return asdict(self)


def ok(subject: str, detail: str) -> Check:
    return Check(subject, Status.OK, detail)


def not_ok(subject: str, detail: str, fix: str) -> Check:
    return Check(subject, Status.NOT_OK, detail, fix)


def not_checked(subject: str, reason: str, fix: str = "") -> Check:
    return Check(subject, Status.NOT_CHECKED, reason, fix)


def failed(subject: str, error: RefitError, fix: str) -> Check:
    """The check of `subject` ended with `error`; its own hint, if it has one, replaces `fix`."""
    return not_ok(subject, str(error), error.hint or fix)
