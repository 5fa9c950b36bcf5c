"""Commands of the AWS CLI, one after another in one account: every operation that Refit emulates, and many others.

The CLI checks its parameters and reads the answers by AWS's own models.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.fidelity import world
from benchmarks.fidelity.commands import COMMANDS
from benchmarks.fidelity.refusals.permissions import PACKAGE
from benchmarks.fidelity.suite import Case, compared, environment_with
from refit.embedded_cloud import faults
from refit.embedded_cloud.sagemaker.api import OPERATIONS as SAGEMAKER
from refit.embedded_cloud.step_functions.api.dispatch import OPERATIONS as STEP_FUNCTIONS

NAME = "aws_cli"
VERSION = "awscli==1.46.3"
EMULATED = {"sagemaker": SAGEMAKER, "stepfunctions": STEP_FUNCTIONS}
REFUSED = ("start-sync-execution",)  # the CLI's host name is not this cloud's; invalid_requests has it


def run() -> Iterator[Case]:
    aws = environment_with("awscli", VERSION) / "aws"
    settings = {"REFIT_LOCAL_SECONDS_PER_STATUS": "0.1"}
    with tempfile.TemporaryDirectory() as folder, world.embedded_cloud(**settings) as cloud:
        _write_files(Path(folder))
        environment = {"PATH": os.environ["PATH"], "HOME": folder, **cloud.environment()}
        known = {"URL": cloud.endpoint_url}
        for line in COMMANDS.replace("\\\n", "").strip().splitlines():
            command, _, wanted = line.partition(" => ")
            if command.startswith("faults "):
                cloud.request("POST", faults.PATH, json.loads(command.removeprefix("faults ")))
                continue
            yield compared(
                f"aws {' '.join(re.sub('^[A-Z]+=', '', command).split()[:2])}",
                lambda: _difference(aws, command, wanted, Path(folder), environment, known),  # noqa: B023
            )
    yield from coverage()


def _difference(
    aws: Path, command: str, wanted: str, folder: Path, environment: Mapping[str, str], known: dict[str, str]
) -> str | None:
    """Runs a command; `$NAME` is what an earlier command gave, `NAME=` before a command keeps its text."""
    kept = re.match(r"([A-Z]+)=", command)
    words = shlex.split(command[kept.end() :] if kept else command)
    words = [re.sub(r"\$([A-Z]+)", lambda found: known[found[1]], word) for word in words]
    done = subprocess.run(  # noqa: S603 - commands of this package
        [str(aws), *words], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    if done.returncode:
        return " ".join(done.stderr.split())
    if kept:
        known[kept[1]] = done.stdout.strip()
    return None if wanted in done.stdout else f"expected {wanted}, found {' '.join(done.stdout.split())}"


def _write_files(folder: Path) -> None:
    (folder / "day.csv").write_text("".join(f"{2 * x + 1},{x}\n" for x in range(20)))
    (folder / "row.csv").write_text("7")
    (folder / "check.py").write_text(
        "import sys\nopen(sys.argv[1] + '/rows.txt', 'w').write('20')\nopen(sys.argv[2], 'w').write('20 rows')\n"
    )
    (folder / "function.zip").write_bytes(PACKAGE)
    (folder / "trust.json").write_text(world.trust(*world.SERVICES, "scheduler.amazonaws.com"))
    everything = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    (folder / "policy.json").write_text(json.dumps({"Version": "2012-10-17", "Statement": [everything]}))
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
        "Parameters": {"QueueUrl.$": "$.queue", "MessageBody.$": "$$.Task.Token"},
        "End": True,
    }
    (folder / "machine.json").write_text(json.dumps({"StartAt": "Ask", "States": {"Ask": task}}))


def coverage() -> Iterator[Case]:
    """Each emulated operation has a command."""
    for service, operations in EMULATED.items():
        for operation in operations:
            words = re.sub(r"(?<!^)(?=[A-Z])", "-", operation).lower()
            missing = f"{service} {words} " not in COMMANDS.replace("\n", " \n") and words not in REFUSED
            if missing:
                yield Case(f"aws {service} {words}", "no command covers the operation")
