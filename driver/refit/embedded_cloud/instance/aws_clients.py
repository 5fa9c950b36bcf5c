"""Clients of the emulated services, made with botocore alone: the driver's boundary with AWS is refit.aws.session."""

from __future__ import annotations

import threading
from typing import Any

import botocore.session
from botocore.config import Config

_session = botocore.session.Session()
_lock = threading.Lock()
# No proxy, whatever the environment says: the cloud is on 127.0.0.1.
_CONFIG = Config(s3={"addressing_style": "path"}, proxies={}, retries={"mode": "standard"})


def client(service: str, **where: Any) -> Any:
    """A client; region, endpoint and credentials come from `where`, or from the standard AWS variables."""
    with _lock:  # a session is not safe for threads, its clients are
        return _session.create_client(service, config=_CONFIG, **where)
