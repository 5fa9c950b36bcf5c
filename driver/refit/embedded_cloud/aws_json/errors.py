"""The error response of an operation."""

from __future__ import annotations


class ApiError(Exception):
    """An error response: the exception's name in the service model, the message and the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
