"""`refit local`: what the commands print, and the messages when the embedded cloud cannot start."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.support.checkout import copy_of_checkout
from tests.support.command_line import ROOT, refit


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_of_checkout(tmp_path)


def test_a_taken_port_is_reported_and_nothing_is_left(checkout: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = refit("local", "up", "--port", str(port), cwd=checkout)
    assert result.returncode == 1
    assert f"port {port} is taken" in result.stderr
    assert not (checkout / ".refit" / "cloud.json").exists()
    assert refit("local", "status", cwd=checkout).returncode == 1


def test_up_prints_the_variables_to_export_and_down_stops_the_cloud(checkout: Path) -> None:
    up = refit("local", "up", "--port", "0", cwd=checkout)
    try:
        assert up.returncode == 0, up.stderr
        variables = dict(line.removeprefix("export ").split("=", 1) for line in up.stdout.splitlines())
        assert set(variables) == {
            "AWS_ENDPOINT_URL",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_REGION",
            "AWS_DEFAULT_REGION",
        }
        status = json.loads(refit("local", "status", "--json", cwd=checkout).stdout)
        assert status["endpoint_url"] == variables["AWS_ENDPOINT_URL"]
        missing = refit(
            "upload", "local/home-prices", str(ROOT / "examples" / "boston-housing.csv"),
            "--label", "medv", "--day", "2026-11-22", cwd=checkout,
        )  # fmt: skip
        assert missing.returncode == 1
        first, second = missing.stderr.splitlines()
        assert first.startswith("there is no bucket home-prices-")
        assert second == "apply the pipeline first: refit terraform apply local/home-prices"
        without_stack = refit("predict", "home-prices", ",".join("1" * 13), cwd=checkout)
        assert without_stack.stderr.splitlines() == [
            "local/home-prices is not applied",
            "run: refit terraform apply local/home-prices",
        ]
    finally:
        down = refit("local", "down", cwd=checkout)
    assert down.stdout == "stopped\n"
    assert refit("local", "down", cwd=checkout).stdout == "not running\n"
    assert refit("local", "reset", cwd=checkout).stdout == "not running; state deleted\n"


def test_a_cloud_that_runs_on_another_port_than_the_requested_one_is_reported(checkout: Path) -> None:
    try:
        up = refit("local", "up", "--port", "0", cwd=checkout)
        assert (up.returncode, up.stderr) == (0, "")
        port = json.loads((checkout / ".refit" / "cloud.json").read_text())["port"]
        other = refit("local", "up", "--port", str(port - 1), cwd=checkout)
        assert (other.returncode, other.stdout) == (0, up.stdout)
        assert other.stderr == (
            f"already running on port {port}, not on {port - 1}; "
            f"to move it: refit local down && refit local up --port {port - 1}\n"
        )
        for same in (["--port", str(port)], ["--port", "0"], []):
            assert refit("local", "up", *same, cwd=checkout).stderr == ""
    finally:
        refit("local", "down", cwd=checkout)


@pytest.mark.parametrize("command", ["local up", "local status", "local down", "local reset", "logs local/home-prices"])
def test_a_state_folder_that_is_a_file_is_one_message(checkout: Path, tmp_path: Path, command: str) -> None:
    (tmp_path / "file").write_text("mine")
    result = refit(*command.split(), cwd=checkout, REFIT_STATE_DIR=str(tmp_path / "file"), AWS_ENDPOINT_URL="")
    assert result.returncode == 1
    first, second = result.stderr.splitlines()
    assert first.startswith(f"the embedded cloud cannot access its state: {tmp_path / 'file'}")
    assert second == "set REFIT_STATE_DIR to a folder that you can write to"
    assert (tmp_path / "file").read_text() == "mine"
