"""Extends ministack's Python worker with the error payloads and the log format of AWS's Lambda runtime.

This text is prepended to the worker's script. It therefore runs in a Lambda function's process and imports the standard
library only.
"""

from __future__ import annotations

import logging
import sys
import time
import traceback
from typing import Any


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


def refit_payload(error: Exception, handler: object, module: str, name: str, request_id: str) -> dict[str, Any]:
    """The runtime's error payload: https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html"""
    message, kind = str(error), type(error).__name__
    trace = error.__traceback__.tb_next if error.__traceback__ else None
    if isinstance(handler, RefitInitError):
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
