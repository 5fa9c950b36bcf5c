"""The command line as a user sees it: exit codes, one message for each mistake, and interrupts."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from refit import cli
from refit.version import VERSION
from tests.support.checkout import Checkout, copy_of_checkout
from tests.support.command_line import ROOT, refit


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    return copy_of_checkout(tmp_path)


def test_a_mistake_is_one_message_and_no_traceback(checkout: Path) -> None:
    result = refit("build", "prices", cwd=checkout)
    assert result.returncode == 1
    assert result.stdout == ""
    assert result.stderr.splitlines()[0] == "there is no pipeline prices"
    assert "local/home-prices" in result.stderr.splitlines()[1]


def test_the_version_says_where_the_stacks_sources_are(checkout: Path) -> None:
    result = refit("--version", cwd=checkout)
    assert (result.returncode, result.stdout) == (0, f"refit {VERSION}, with the stack's sources in {ROOT}\n")


def test_a_malformed_pipeline_file_is_reported_with_locations(checkout: Path) -> None:
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


def test_an_empty_pipeline_file_is_reported_with_the_fields_to_write(checkout: Path) -> None:
    (checkout / "terraform" / "pipelines" / "local" / "home-prices.tfvars").write_text("")
    result = refit("build", cwd=checkout)
    assert result.returncode == 1
    assert "pipeline" in result.stderr
    assert "data" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_local_pipeline_never_falls_back_to_aws(checkout: Path) -> None:
    result = refit("predict", "local/home-prices", ",".join("1" * 13), cwd=checkout, AWS_ENDPOINT_URL="")
    assert result.returncode == 1
    assert result.stderr.splitlines() == ["the embedded cloud is not running", 'run: eval "$(refit local up)"']


def test_without_terraform_there_is_advice(checkout: Path, tmp_path: Path) -> None:
    pipelines = checkout / "terraform" / "pipelines"
    (pipelines / "local").rename(pipelines / "prod")
    result = refit("terraform", "version", "prod/home-prices", cwd=checkout, PATH=str(tmp_path), AWS_ENDPOINT_URL="")
    assert result.returncode == 1
    assert result.stderr.splitlines()[0] == "terraform is not on the PATH"
    assert "install Terraform" in result.stderr


@pytest.mark.parametrize(("picture", "reason"), [("missing/demo.svg", "No such file"), ("asl", "Is a directory")])
def test_a_picture_that_cannot_be_saved_is_reported_before_the_demo(checkout: Path, picture: str, reason: str) -> None:
    result = refit("demo", "--svg", picture, cwd=checkout)
    assert result.returncode == 1
    first, second = result.stderr.splitlines()
    assert first.startswith(f"{picture}: {reason}")
    assert second == "write --svg with a file in an existing folder"


@pytest.mark.parametrize("reason", ["", " \t"])
def test_a_rejection_needs_a_reason(checkout: Path, reason: str) -> None:
    result = refit("reject", "local/home-prices", "--reason", reason, cwd=checkout, AWS_ENDPOINT_URL="")
    assert result.returncode == 1
    assert result.stderr.splitlines()[0] == "--reason is empty"


def test_a_negative_first_feature_is_a_row(checkout: Path) -> None:
    result = refit("predict", "local/home-prices", ",".join(["-0.5"] + ["1"] * 12), cwd=checkout, AWS_ENDPOINT_URL="")
    assert result.stderr.splitlines()[0] == "the embedded cloud is not running"


IMPATIENT = """
import os, signal, sys
module = sys.argv.pop(1)
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == module:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Finder)
from refit.cli import main
main()
"""


@pytest.mark.parametrize("module", ["typer", "refit.commands.validate", "pydantic_core"])
@pytest.mark.parametrize(
    ("at_first", "code"), [(signal.SIG_DFL, -signal.SIGINT), (signal.SIG_IGN, 0)], ids=["in front", "in the background"]
)
def test_an_interrupt_while_the_command_loads_ends_it_quietly(
    at_first: signal.Handlers, code: int, module: str
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPATIENT, module, "validate"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        preexec_fn=partial(signal.signal, signal.SIGINT, at_first),
        check=False,
    )
    assert (result.returncode, result.stderr) == (code, "")


def test_an_interrupt_of_the_work_raises_so_that_what_was_started_is_stopped() -> None:
    with pytest.raises(KeyboardInterrupt):
        cli._interrupt(signal.SIGINT, sys._getframe())


def test_with_json_an_error_is_one_json_object_too(checkout: Path) -> None:
    result = refit("build", "local/home-price", "--json", cwd=checkout)
    assert (result.returncode, result.stdout) == (1, "")
    error = json.loads(result.stderr)
    assert error["error"] == "there is no pipeline local/home-price"
    assert error["hint"].startswith("did you mean local/home-prices? the pipelines are: ")


def test_h_is_help() -> None:
    assert refit("trigger", "-h").stdout == refit("trigger", "--help").stdout


def test_a_local_pipeline_needs_no_commit_to_be_triggered(checkout: Path) -> None:
    result = refit("trigger", "local/home-prices", cwd=checkout, AWS_ENDPOINT_URL="")
    assert "not in a git repository" not in result.stderr
    assert "the embedded cloud is not running" in result.stderr


def test_an_event_can_be_piped_on() -> None:
    result = refit("event", "--time", "2026-11-22T07:00:00+01:00", "--window", "2026-11-16..2026-11-22", "--force")
    assert json.loads(result.stdout) == {
        "source": "refit.schedule",
        "time": "2026-11-22T06:00:00Z",
        "detail": {"window": {"start": "2026-11-16", "end": "2026-11-22"}, "force": True},
    }


def test_a_trigger_without_a_change_says_that_uncommitted_changes_do_not_count(tmp_path: Path) -> None:
    repository = Checkout(tmp_path)
    repository.pipeline("prod/prices")
    base = repository.commit()
    repository.pipeline("prod/prices", "window = { days = 3 }")
    result = refit("trigger", "--base", "HEAD", "--wait", cwd=repository.root)
    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr == f"  no pipeline changed since {base[:12]}; uncommitted changes do not count\n"


def test_changes_lists_the_stacks_to_apply_and_reports_a_removed_pipeline(tmp_path: Path) -> None:
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
