"""Starting, finding, stopping and resetting the embedded cloud."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from slack_sdk import WebClient

from refit.embedded_cloud import faults, lifecycle
from refit.embedded_cloud.slack import api as slack
from refit.errors import CloudError


@pytest.fixture
def state_dir(tmp_path: Path) -> Iterator[Path]:
    """A state directory whose cloud, if a test starts one, is stopped."""
    yield tmp_path / ".refit"
    lifecycle.stop(tmp_path / ".refit")


def root(service: str, cloud: lifecycle.Cloud):
    """A boto3 client with the cloud's root key."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=cloud.endpoint_url, region_name=cloud.region, **keys)


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


def ends(pid: int) -> bool:
    """Whether a process, not a child of this one, is gone soon."""
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            return True
        time.sleep(0.02)
    return False


class TestARunningCloud:
    @pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="reads /proc")
    def test_listens_on_one_socket_of_loopback_and_nowhere_else(self, cloud):
        assert listening(cloud.pid) == [f"0100007F:{cloud.port:04X}"]

    def test_holds_a_versioned_bucket_for_terraform_and_the_slack_token(self, cloud, client):
        assert client("s3").get_bucket_versioning(Bucket="refit-terraform-state")["Status"] == "Enabled"
        parameter = client("ssm").get_parameter(Name="/refit/slack-token", WithDecryption=True)["Parameter"]
        assert (parameter["Type"], parameter["Value"]) == ("SecureString", slack.TOKEN)

    def test_is_found_by_whoever_asks_for_its_directory(self, cloud):
        assert lifecycle.running(cloud.state_dir) == cloud

    def test_is_returned_by_a_second_start(self, cloud):
        assert lifecycle.start(cloud.state_dir, 0) == cloud

    def test_serves_whoever_exports_its_environment(self, cloud):
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
        assert [message["text"] for message in slack.messages(again)] == ["kept"]

    def test_says_that_there_was_none(self, state_dir):
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
        time.sleep(0.5)
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

    def test_names_the_cloud_that_has_the_port(self, state_dir, cloud):
        with pytest.raises(CloudError, match=f"port {cloud.port} is taken by the embedded cloud of {cloud.state_dir}"):
            lifecycle.start(state_dir, cloud.port)

    def test_shows_the_end_of_the_log_and_leaves_nothing_running(self, state_dir):
        with pytest.raises(CloudError, match="unknown fault nonsense") as caught:
            lifecycle.start(state_dir, 0, extra_env={faults.VARIABLE: '{"nonsense": "fail"}'})
        assert "ended while it started" in str(caught.value)
        assert not (state_dir / "cloud.json").exists()
        lifecycle.start(state_dir, 0)

    def test_names_a_port_that_does_not_exist(self, state_dir):
        with pytest.raises(CloudError, match="there is no port 65536"):
            lifecycle.start(state_dir, 65536)

    def test_says_how_to_install_what_is_missing(self, tmp_path):
        script = (
            "import sys; sys.modules['ministack'] = None\n"
            "from pathlib import Path\n"
            "from refit.embedded_cloud import faults, lifecycle as cloud\n"
            "try:\n    cloud.start(Path(sys.argv[1]))\n"
            "except cloud.CloudError as error:\n    print(error, '|', error.hint)\n"
        )
        done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == "the embedded cloud is not installed | run: make setup"

    def test_by_ctrl_c_leaves_nothing_running(self, state_dir, monkeypatch):
        def interrupt(started, port, state_dir):
            raise KeyboardInterrupt(started.pid)

        monkeypatch.setattr(lifecycle, "_wait", interrupt)
        with pytest.raises(KeyboardInterrupt) as caught:
            lifecycle.start(state_dir, 0)
        assert ends(caught.value.args[0])
        assert not (state_dir / "cloud.json").exists()


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


def test_of_several_starts_at_once_one_wins_and_all_get_its_cloud(state_dir):
    with ThreadPoolExecutor(4) as together:
        clouds = set(together.map(lambda _: lifecycle.start(state_dir, 0), range(4)))
    assert len(clouds) == 1


class TestFaults:
    def test_are_set_read_and_cleared_while_the_cloud_runs(self, cloud):
        faults.set(cloud, {"training": "fail", "throttle": {"CreateModel": 2}, "slack": {"down": 1}})
        expected = {"training": {"fail": None}, "throttle": {"CreateModel": 2}, "slack": {"down": 1}}
        assert cloud.request("GET", faults.PATH)["faults"] == expected
        faults.clear(cloud)
        assert cloud.request("GET", faults.PATH)["faults"] == {}

    def test_may_be_given_at_the_start(self, state_dir):
        cloud = lifecycle.start(state_dir, 0, extra_env={faults.VARIABLE: '{"endpoint": "hang"}'})
        assert cloud.request("GET", faults.PATH)["faults"] == {"endpoint": {"hang": None}}

    @pytest.mark.parametrize("script", [{"traning": "fail"}, {"training": "explode"}, {"throttle": "all"}, ["fail"]])
    def test_that_are_unknown_are_refused_with_a_list_of_the_known_and_change_nothing(self, cloud, script):
        faults.set(cloud, {"training": "stop"})
        with pytest.raises(CloudError) as caught:
            faults.set(cloud, script)
        assert "training: fail | stop | hang" in str(caught.value.hint)
        assert cloud.request("GET", faults.PATH)["faults"] == {"training": {"stop": None}}
        faults.clear(cloud)


def test_a_counted_fault_strikes_that_often():
    faults.replace({"throttle": {"CreateModel": 2}, "training": "fail"})
    assert [faults.take("throttle.CreateModel") for _ in range(3)] == [True, True, False]
    assert [faults.take("training.fail") for _ in range(3)] == [True, True, True]
    assert not faults.take("training.hang")
    faults.replace({})


def pretend(state_dir: Path, pid: int, port: int) -> None:
    state_dir.mkdir(parents=True)
    (state_dir / "cloud.json").write_text(json.dumps({"pid": pid, "port": port, "region": "us-west-2"}))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
