"""Starts, stops and resets the embedded cloud."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from slack_sdk import WebClient

from refit.embedded_cloud import lifecycle
from refit.embedded_cloud.client import INSTALL
from refit.embedded_cloud.slack import api as slack
from refit.errors import CloudError
from tests.support.waiting import WAIT_SECONDS, until


def root(service: str, cloud: lifecycle.Cloud):
    """A boto3 client with the cloud's root key."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=cloud.endpoint_url, region_name=cloud.region, **keys)


def ends(pid: int) -> bool:
    """Waits until a process that is not a child of this one has ended."""
    return bool(until(lambda: not Path(f"/proc/{pid}").exists()))


def saved(state_dir: Path) -> str:
    """The state that the cloud has saved."""
    return "".join(file.read_text(errors="replace") for file in (state_dir / "state").rglob("*.json"))


class TestStopping:
    def test_keeps_objects_parameters_and_slack_messages(self, state_dir):
        cloud = lifecycle.start(state_dir, 0)
        root("s3", cloud).put_object(Bucket="refit-terraform-state", Key="kept", Body=b"1")
        WebClient(slack.TOKEN, base_url=cloud.endpoint_url + slack.API_PATH).chat_postMessage(channel="c", text="kept")

        assert lifecycle.stop(state_dir)
        assert lifecycle.running(state_dir) is None
        assert not (state_dir / "cloud.json").exists()

        again = lifecycle.start(state_dir, 0)
        assert root("s3", again).get_object(Bucket="refit-terraform-state", Key="kept")["Body"].read() == b"1"
        assert [message["text"] for message in again.slack_messages()] == ["kept"]

    def test_reports_that_there_was_none(self, state_dir):
        assert lifecycle.stop(state_dir) is False

    def test_leaves_no_process(self, state_dir):
        cloud = lifecycle.start(state_dir, 0)
        lifecycle.stop(state_dir)
        assert not lifecycle._answers(cloud.port)
        assert ends(cloud.pid)

    def test_a_killed_cloud_has_lost_little(self, state_dir):
        cloud = lifecycle.start(state_dir, 0, extra_env={"REFIT_LOCAL_SAVE_SECONDS": "0.1"})
        ssm = root("ssm", cloud)
        ssm.put_parameter(Name="/kept", Value="1", Type="String")
        until(lambda: "/kept" in saved(state_dir))
        os.kill(cloud.pid, signal.SIGKILL)
        assert lifecycle.running(state_dir) is None
        again = lifecycle.start(state_dir, 0)
        assert root("ssm", again).get_parameter(Name="/kept")["Parameter"]["Value"] == "1"

    def test_reset_forgets_everything(self, state_dir):
        cloud = lifecycle.start(state_dir, 0)
        root("s3", cloud).put_object(Bucket="refit-terraform-state", Key="kept", Body=b"1")
        lifecycle.reset(state_dir)
        assert list(state_dir.iterdir()) == []
        again = lifecycle.start(state_dir, 0)
        assert root("s3", again).list_objects_v2(Bucket="refit-terraform-state")["KeyCount"] == 0


class TestAStartThatFails:
    def test_names_the_taken_port_and_what_to_write(self, state_dir):
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            with pytest.raises(CloudError, match=f"port {port} is taken") as caught:
                lifecycle.start(state_dir, port)
        assert f"--port {port + 1}" in str(caught.value.hint)
        assert not (state_dir / "cloud.json").exists()
        assert lifecycle.running(state_dir) is None

    def test_names_the_cloud_that_has_the_port(self, state_dir, cloud, monkeypatch):
        monkeypatch.setattr(lifecycle, "IDENTIFY_SECONDS", WAIT_SECONDS)
        with pytest.raises(CloudError, match=f"port {cloud.port} is taken by the embedded cloud of {cloud.state_dir}"):
            lifecycle.start(state_dir, cloud.port)

    def test_shows_the_end_of_the_log_and_leaves_nothing_running(self, state_dir, tmp_path):
        (tmp_path / "hypercorn.py").write_text("raise RuntimeError('a broken installation')")
        with pytest.raises(CloudError, match="RuntimeError: a broken installation") as caught:
            lifecycle.start(state_dir, 0, extra_env={"PYTHONPATH": str(tmp_path)})
        assert "exited during startup" in str(caught.value)
        assert not (state_dir / "cloud.json").exists()
        lifecycle.start(state_dir, 0)

    def test_names_a_port_that_does_not_exist(self, state_dir):
        with pytest.raises(CloudError, match="there is no port 65536"):
            lifecycle.start(state_dir, 65536)

    def test_names_the_command_that_installs_the_cloud(self, tmp_path):
        script = (
            "import sys; sys.modules['ministack'] = None\n"
            "from pathlib import Path\n"
            "from refit.embedded_cloud import faults, lifecycle as cloud\n"
            "try:\n    cloud.start(Path(sys.argv[1]))\n"
            "except cloud.CloudError as error:\n    print(error, '|', error.hint)\n"
        )
        done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == f"the embedded cloud is not installed | run: {INSTALL}"
        assert "-r requirements-local.txt" in INSTALL
        assert "make setup" in INSTALL

    def test_by_ctrl_c_leaves_nothing_running(self, state_dir, monkeypatch):
        def interrupt(started, port, state_dir):
            raise KeyboardInterrupt(started.pid)

        monkeypatch.setattr(lifecycle, "_wait_until_ready", interrupt)
        with pytest.raises(KeyboardInterrupt) as caught:
            lifecycle.start(state_dir, 0)
        assert ends(caught.value.args[0])
        assert not (state_dir / "cloud.json").exists()


def test_a_second_start_returns_the_running_cloud(cloud):
    assert lifecycle.start(cloud.state_dir, 0) == cloud


def test_of_several_starts_at_once_one_wins_and_all_get_its_cloud(state_dir):
    with ThreadPoolExecutor(4) as together:
        clouds = set(together.map(lambda _: lifecycle.start(state_dir, 0), range(4)))
    assert len(clouds) == 1
