"""Extends ministack's Python worker with the error payloads and the log format of AWS's Lambda runtime.

This text is prepended to the worker's script. It therefore runs in a Lambda function's process and imports the standard
library only.
"""

from __future__ import annotations

import decimal
import json
import logging
import sys
import time
import traceback
from typing import Any

MAX_RESPONSE_BYTES = 6291556
TOO_LARGE = "Function.ResponseSizeTooLarge"


class RefitFormatter(logging.Formatter):
    """The runtime's log format: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html"""

    request_id = ""

    def format(self, record: logging.LogRecord) -> str:
        """Formats a record with the ID of the current request."""
        record.aws_request_id = RefitFormatter.request_id
        return super().format(record)


class RefitInitError:
    """Replaces a handler that could not be loaded: the error is raised when the function is invoked."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def __call__(self, event: object, context: object) -> None:
        """Raises the error."""
        raise self.error


class RefitResponseError(Exception):
    """A response that cannot be returned; its error type is not the name of a Python class."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


def refit_marshal(result: object) -> Any:
    """The handler's result as it arrives at the caller. Raises RefitResponseError if it is no JSON or too large.

    https://docs.aws.amazon.com/lambda/latest/dg/python-handler.html
    https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
    """
    try:
        text = json.dumps(result, ensure_ascii=False, default=refit_number)
    except (TypeError, ValueError) as error:
        raise RefitResponseError("Runtime.MarshalError", f"Unable to marshal response: {error}") from None
    if len(text.encode(errors="surrogatepass")) > MAX_RESPONSE_BYTES:
        message = f"Response payload size exceeded maximum allowed payload size ({MAX_RESPONSE_BYTES} bytes)."
        raise RefitResponseError(TOO_LARGE, message)
    return json.loads(text)


def refit_number(value: object) -> float:
    """The runtime also writes decimals; every other object is rejected with json's message."""
    if isinstance(value, decimal.Decimal):
        return float(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def refit_payload(error: Exception, handler: object, module: str, name: str, request_id: str) -> dict[str, Any]:
    """The runtime's error payload: https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html"""
    message, kind = str(error), type(error).__name__
    trace = error.__traceback__.tb_next if error.__traceback__ else None
    if isinstance(error, RefitResponseError) and error.kind == TOO_LARGE:
        return {"errorType": error.kind, "errorMessage": message}
    if isinstance(error, RefitResponseError):
        trace, kind = None, error.kind
    elif isinstance(handler, RefitInitError):
        trace = None
        if isinstance(error, ImportError):
            message, kind = f"Unable to import module '{module}': {error}", "Runtime.ImportModuleError"
        elif isinstance(error, SyntaxError):
            message, kind = f"Syntax error in module '{module}': {error}", "Runtime.UserCodeSyntaxError"
        elif isinstance(error, AttributeError) and error.name == name:
            message, kind = f"Handler '{name}' missing on module '{module}'", "Runtime.HandlerNotFound"
    stack = traceback.format_list(traceback.extract_tb(trace))
    return {"errorMessage": message, "errorType": kind, "requestId": request_id, "stackTrace": stack}


_format = RefitFormatter(
    "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s", "%Y-%m-%dT%H:%M:%S"
)
_format.converter = time.gmtime
_log_handler = logging.StreamHandler(sys.stderr)
_log_handler.setFormatter(_format)
logging.getLogger().addHandler(_log_handler)
