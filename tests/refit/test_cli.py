"""The command line as a person meets it: help, exit codes, and one message for each mistake."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tests.support.checkout import Checkout

ROOT = Path(__file__).parents[2]
REFIT = Path(sys.executable).with_name("refit")


def refit(*arguments: str, cwd: Path = ROOT, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [REFIT, *arguments],
        cwd=cwd,
        env={**os.environ, "NO_COLOR": "1", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout without what was built in ours."""
    shutil.copytree(ROOT / "terraform", tmp_path / "terraform", ignore=shutil.ignore_patterns(".terraform"))
    shutil.copytree(ROOT / "asl", tmp_path / "asl")
    return tmp_path


COMMANDS = [
    ["build"],
    ["demo"],
    ["event"],
    ["local", "down"],
    ["local", "reset"],
    ["local", "status"],
    ["local", "up"],
    ["predict"],
    ["terraform"],
    ["upload"],
    ["validate"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: list[str]) -> None:
    result = refit(*command, "--help")
    assert result.returncode == 0
    assert f"Usage: refit {' '.join(command)}" in result.stdout


def test_a_mistake_is_one_message_and_no_traceback(checkout: Path) -> None:
    result = refit("build", "prices", cwd=checkout)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.splitlines()[0] == "there is no pipeline prices"
    assert "local/home-prices" in result.stderr.splitlines()[1]


def test_a_malformed_pipeline_file_is_answered_with_its_places(checkout: Path) -> None:
    file = checkout / "terraform" / "pipelines" / "local" / "home-prices.tfvars"
    file.write_text('pipeline = "home-prices"\ndata = { prefix = "data/", feature_dim = 0 }\nwindow = { days = 0 }\n')
    result = refit("build", "local/home-prices", cwd=checkout)
    assert result.returncode == 1
    places = [line.split(": ")[0] for line in result.stderr.splitlines()]
    assert places == [
        "terraform/pipelines/local/home-prices.tfvars:2:42",
        "terraform/pipelines/local/home-prices.tfvars:3:19",
    ]
    assert not (checkout / "build").exists()


def test_an_empty_pipeline_file_says_what_must_be_written(checkout: Path) -> None:
    (checkout / "terraform" / "pipelines" / "local" / "home-prices.tfvars").write_text("")
    result = refit("build", cwd=checkout)
    assert result.returncode == 1
    assert "pipeline" in result.stderr
    assert "data" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_local_pipeline_never_falls_back_to_aws(checkout: Path) -> None:
    result = refit("predict", "local/home-prices", ",".join("1" * 13), cwd=checkout, AWS_ENDPOINT_URL="")
    assert result.returncode == 1
    assert result.stderr.splitlines() == ["the embedded cloud is not running", "run: refit local up"]


def test_without_terraform_there_is_advice(checkout: Path, tmp_path: Path) -> None:
    pipelines = checkout / "terraform" / "pipelines"
    (pipelines / "local").rename(pipelines / "prod")
    result = refit("terraform", "version", "prod/home-prices", cwd=checkout, PATH=str(tmp_path), AWS_ENDPOINT_URL="")
    assert result.returncode == 1
    assert result.stderr.splitlines()[0] == "terraform is not on the PATH"
    assert "install Terraform" in result.stderr


def test_a_taken_port_is_named_and_nothing_is_left(checkout: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = refit("local", "up", "--port", str(port), cwd=checkout)
    assert result.returncode == 1
    assert f"port {port} is taken" in result.stderr
    assert not (checkout / ".refit" / "cloud.json").exists()
    assert refit("local", "status", cwd=checkout).returncode == 1


def test_the_local_cloud_comes_up_with_the_variables_to_export_and_goes_down_again(checkout: Path) -> None:
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
        assert missing.stderr.splitlines()[0].startswith("there is no bucket home-prices-")
    finally:
        down = refit("local", "down", cwd=checkout)
    assert down.stdout == "stopped\n"
    assert refit("local", "down", cwd=checkout).stdout == "it was not running\n"


def test_a_cloud_that_runs_on_another_port_than_asked_for_is_said_to(checkout: Path) -> None:
    try:
        up = refit("local", "up", "--port", "0", cwd=checkout)
        assert (up.returncode, up.stderr) == (0, "")
        port = json.loads((checkout / ".refit" / "cloud.json").read_text())["port"]
        other = refit("local", "up", "--port", str(port - 1), cwd=checkout)
        assert (other.returncode, other.stdout) == (0, up.stdout)
        assert other.stderr == (
            f"it runs on port {port} already, not on {port - 1}; "
            f"to move it: refit local down, then: refit local up --port {port - 1}\n"
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
    assert first.startswith(f"the embedded cloud cannot keep its state: {tmp_path / 'file'}")
    assert second == "REFIT_STATE_DIR must name a folder that you may write to"
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize(("picture", "reason"), [("missing/demo.svg", "No such file"), ("asl", "Is a directory")])
def test_a_picture_that_cannot_be_saved_is_said_before_the_demo(checkout: Path, picture: str, reason: str) -> None:
    result = refit("demo", "--svg", picture, cwd=checkout)
    assert result.returncode == 1
    first, second = result.stderr.splitlines()
    assert first.startswith(f"{picture}: {reason}")
    assert second == "give --svg a file in a folder that is there"


def test_a_negative_first_feature_is_a_row(checkout: Path) -> None:
    result = refit("predict", "local/home-prices", ",".join(["-0.5"] + ["1"] * 12), cwd=checkout, AWS_ENDPOINT_URL="")
    assert result.stderr.splitlines()[0] == "the embedded cloud is not running"


IMPATIENT = """
import os, signal, sys
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == "boto3":
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder)
from refit.cli import main
sys.argv[1:] = ["event"]
main()
"""


@pytest.mark.parametrize(
    ("at_first", "code"), [(signal.SIG_DFL, 130), (signal.SIG_IGN, 0)], ids=["in front", "in the background"]
)
def test_an_interrupt_while_the_command_loads_ends_it_quietly(at_first: signal.Handlers, code: int) -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPATIENT],
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=partial(signal.signal, signal.SIGINT, at_first),
        check=False,
    )
    assert (result.returncode, result.stderr) == (code, "")


def test_an_event_can_be_piped_on() -> None:
    result = refit("event", "--time", "2026-11-22T07:00:00+01:00", "--window", "2026-11-16..2026-11-22", "--force")
    assert json.loads(result.stdout) == {
        "source": "refit.schedule",
        "time": "2026-11-22T06:00:00Z",
        "detail": {"window": {"start": "2026-11-16", "end": "2026-11-22"}, "force": True},
    }


def test_the_changes_are_those_to_apply_and_a_removed_pipeline_is_told_of(tmp_path: Path) -> None:
    repository = Checkout(tmp_path)
    repository.pipeline("prod/prices")
    repository.pipeline("prod/churn")
    base = repository.commit()
    repository.pipeline("prod/prices", "window = { days = 3 }")
    (repository.root / "terraform" / "pipelines" / "prod" / "churn.tfvars").unlink()
    repository.commit()
    result = refit("changes", "--base", base, "--head", "HEAD", cwd=repository.root)
    assert result.stdout == "prod/prices: retrain\n"
    assert result.stderr.startswith("prod/churn: removed. Nothing is destroyed: ")
