"""Results of the checks of `refit doctor`: the subject, the status, and the command that fixes a problem."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from refit.errors import AwsUnreachable, RefitError

NETWORK = "check the network, and the variables HTTPS_PROXY and AWS_CA_BUNDLE"


class Status(StrEnum):
    OK = "ok"
    NOT_OK = "not ok"
    NOT_CHECKED = "not checked"
    """The status is unknown; `detail` has the reason."""


@dataclass(frozen=True)
class Check:
    """One line of `refit doctor`. `fix` is a command or an instruction, and is required if the status is not ok."""

    subject: str
    status: Status
    detail: str
    fix: str = ""

    def __post_init__(self) -> None:
        if self.status is Status.NOT_OK and not self.fix:
            raise ValueError(f"{self.subject} is not ok, but has no fix")

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
    """The result of a check that ended with `error`; the error's own hint, if any, replaces `fix`.

    If AWS could not be reached, the status is unknown.
    """
    if isinstance(error, AwsUnreachable):
        return not_checked(subject, str(error), NETWORK)
    return not_ok(subject, str(error), error.hint or fix)
