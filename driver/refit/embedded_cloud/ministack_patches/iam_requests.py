"""IAM: checks that a request passes before ministack handles it, and the errors that it is rejected with."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import iam

from refit.embedded_cloud.ministack_patches.patching import lookup, patch

Parameters = Mapping[str, Any]
Reply = tuple[int, dict[str, str], bytes]
Check = Callable[[Parameters], Reply | None]

lookup("ministack.services.iam", "_IAM_HANDLERS")


def check(*actions: str) -> Callable[[Check], Check]:
    """Registers a check of requests for these actions ("AttachRolePolicy"): it returns an error, or None to go on."""

    def register(function: Check) -> Check:
        for action in actions:
            iam._IAM_HANDLERS[action] = _checked(function, iam._IAM_HANDLERS[action])
        return function

    return register


def _checked(function: Check, handle: Callable[[Parameters], Reply]) -> Callable[[Parameters], Reply]:
    @functools.wraps(handle)
    def handling(parameters: Parameters) -> Reply:
        return function(parameters) or handle(parameters)

    return handling


def value(parameters: Parameters, name: str) -> str:
    """A parameter of the request; empty if it is omitted."""
    return str(iam._p(parameters, name) or "")


def rejection(status: int, code: str, message: str) -> Reply:
    """The error response of IAM's query protocol."""
    reply: Reply = iam._error(status, code, escape(message), ns="iam")
    return reply


@patch("services.iam", "_error")
def use_the_words_of_aws(error: Any, status: int, code: str, message: str, ns: str = "iam") -> Any:
    """A missing policy, role or user is reported as AWS does, because messages are what people search for.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_roles.html
    """
    message = re.sub(r"^Policy (arn:\S+) not found\.$", r"Policy \1 was not found.", message)
    message = re.sub(r"^Role (\S+) not found\.$", r"The role with name \1 cannot be found.", message)
    message = re.sub(r"^User (\S+) not found\.$", r"The user with name \1 cannot be found.", message)
    message = message.replace("must delete all inline policies first", "must delete policies first")
    return error(status, code, message, ns=ns)
