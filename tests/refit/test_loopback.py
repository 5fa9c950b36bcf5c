"""Recognizing addresses that point to this machine."""

from __future__ import annotations

import pytest

from refit.loopback import leads_here


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:4566", "http://127.8.9.10", "https://localhost:4566/path", "http://[::1]:4566"]
)
def test_a_loopback_address_points_here(url: str) -> None:
    assert leads_here(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "127.0.0.1:4566",
        "https://s3.us-west-2.amazonaws.com",
        "http://10.0.0.1:4566",
        "http://localhost.example.com",
        "http://[::1",
        "http://user@:80",
    ],
)
def test_everything_else_does_not(url: str) -> None:
    assert not leads_here(url)
