"""The server process: its socket, its environment and its log."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from refit.embedded_cloud import lifecycle
from refit.errors import CloudError


def listening(session: int) -> list[str]:
    """Every address and port at which a session's processes listen or receive, of any protocol, as /proc writes it."""
    inodes = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if os.getsid(int(process.name)) == session:
                inodes |= {str(descriptor.readlink()) for descriptor in (process / "fd").iterdir()}
    found = []
    for table, states in (("tcp", {"0A"}), ("tcp6", {"0A"}), ("udp", {"07", "01"}), ("udp6", {"07", "01"})):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[3] in states and f"socket:[{fields[9]}]" in inodes:
                found.append(fields[1])
    return found


class TestARunningCloud:
    @pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc")
    def test_listens_on_one_socket_of_loopback_and_nowhere_else(self, cloud):
        assert listening(cloud.pid) == [f"0100007F:{cloud.port:04X}"]

    def test_serves_clients_with_its_environment(self, cloud):
        script = "import boto3; print(boto3.client('sts').get_caller_identity()['Account'])"
        environment = {**os.environ, **cloud.environment()}
        done = subprocess.run(
            [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
        )
        assert done.stdout.strip() == "000000000000"

    def test_refuses_keys_that_are_not_its_own(self, cloud, client):
        with pytest.raises(Exception, match="UnrecognizedClientException"):
            client("ssm", ("AKIAUNKNOWN", "secret")).get_parameter(Name="/refit/slack-token")

    def test_takes_nothing_of_the_developers_setup(self, state_dir, monkeypatch):
        for name in ("HTTP_PROXY", "https_proxy", "AWS_CA_BUNDLE", "AWS_PROFILE", "AWS_SESSION_TOKEN", "SERVICES"):
            monkeypatch.setenv(name, "/nowhere")
        cloud = lifecycle.start(state_dir, 0)
        environment = Path(f"/proc/{cloud.pid}/environ").read_text()
        assert "/nowhere" not in environment
        assert {"AWS_CONFIG_FILE=/dev/null", "TZ=UTC"} <= set(environment.split("\0"))

    def test_keeps_a_readable_log(self, cloud):
        lines = (cloud.state_dir / "cloud.log").read_text().splitlines()
        assert "ministack 1.5.33 with" in lines[0]
        assert len(lines) < 20

    def test_answers_unknown_requests_of_its_own_interface_with_a_reason(self, cloud):
        with pytest.raises(CloudError, match="has no GET /_refit/nothing"):
            cloud.request("GET", "/_refit/nothing")
