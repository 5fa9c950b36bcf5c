"""Creates clients of the emulated services with botocore; clients of AWS are created in refit.aws.session."""

from __future__ import annotations

import threading
from typing import Any

import botocore.session
from botocore.config import Config

_session = botocore.session.Session()
_lock = threading.Lock()
# The cloud is on 127.0.0.1, so proxies in the environment are ignored.
_CONFIG = Config(s3={"addressing_style": "path"}, proxies={}, retries={"mode": "standard"})


def client(service: str, **options: Any) -> Any:
    """Creates a client with region, endpoint and credentials from `options`, or from the standard AWS variables."""
    with _lock:  # a session is not thread-safe, but its clients are
        return _session.create_client(service, config=_CONFIG, **options)
