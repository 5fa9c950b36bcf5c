"""Finds the running cloud of a state directory, and ignores a stale cloud.json."""

from __future__ import annotations

import json
import socket
import subprocess
from pathlib import Path

import pytest

from refit.embedded_cloud import lifecycle


class TestARunningCloud:
    def test_is_found_by_its_directory(self, cloud):
        assert lifecycle.running(cloud.state_dir) == cloud


class TestAStaleCloudJson:
    def test_of_a_process_that_is_gone_is_not_believed(self, state_dir):
        pretend(state_dir, pid=2**22 - 1, port=free_port())
        assert lifecycle.running(state_dir) is None
        assert lifecycle.start(state_dir, 0).pid != 2**22 - 1

    def test_of_a_pid_that_another_program_has_now_is_not_believed_and_it_is_left_alone(self, state_dir):
        with subprocess.Popen(["sleep", "60"]) as other:
            pretend(state_dir, pid=other.pid, port=free_port())
            assert lifecycle.running(state_dir) is None
            assert lifecycle.stop(state_dir) is False
            assert other.poll() is None
            other.kill()

    def test_of_a_port_that_another_cloud_has_now_is_not_believed(self, state_dir, cloud):
        pretend(state_dir, pid=cloud.pid, port=cloud.port)
        assert lifecycle.running(state_dir) is None
        assert lifecycle.stop(state_dir) is False
        assert lifecycle.running(cloud.state_dir) == cloud


class TestACloudJsonThatIsNotWhatItWas:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"[]",
            b"[1]",
            b"null",
            b"7",
            b'"port"',
            b"{}",
            b'{"port": "4566"}',
            b'{"port": true}',
            b'{"port": [4566]}',
            b'{"port": 99999999}',
            b'{"port": -1}',
            b'{"port": 1e999}',
            b'{"port": ' + b"9" * 5000 + b"}",
            b"\xff\xfe",
            b"[" * 100_000,
        ],
        ids=lambda content: repr(content[:20]),
    )
    def test_is_no_running_cloud(self, state_dir, content):
        state_dir.mkdir()
        (state_dir / "cloud.json").write_bytes(content)
        assert lifecycle.running(state_dir) is None
        assert lifecycle.stop(state_dir) is False


def pretend(state_dir: Path, pid: int, port: int) -> None:
    state_dir.mkdir(parents=True)
    (state_dir / "cloud.json").write_text(json.dumps({"pid": pid, "port": port, "region": "us-west-2"}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
