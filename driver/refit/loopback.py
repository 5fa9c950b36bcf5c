"""Recognizes loopback addresses."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def leads_here(url: str) -> bool:
    """Whether the host of `url` is localhost or a loopback address; False if `url` is not a valid address."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
