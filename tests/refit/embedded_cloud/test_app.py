"""The embedded cloud rejects requests of web pages, because it runs code as the developer."""

from __future__ import annotations

import http.client

import pytest

from refit.embedded_cloud.lifecycle import Cloud
from tests.support.waiting import WAIT_SECONDS

PATHS = ["/_ministack/reset", "/_refit/faults", "/2015-03-31/functions"]


def status(cloud: Cloud, path: str, headers: dict[str, str]) -> int:
    """The HTTP status of a POST with these headers."""
    connection = http.client.HTTPConnection("127.0.0.1", cloud.port, timeout=WAIT_SECONDS)
    try:
        connection.request("POST", path, b"{}", headers)
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "header", [{"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}], ids=str
)
def test_what_a_browser_sends_for_a_page_is_refused(cloud: Cloud, path: str, header: dict[str, str]) -> None:
    assert status(cloud, path, header) == 403


def test_what_a_program_sends_is_answered(cloud: Cloud) -> None:
    assert status(cloud, "/_refit/faults", {}) == 200
