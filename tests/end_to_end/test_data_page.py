"""Runs the commands of docs/how-to/data.md as they are written, on an applied stack and on files that they name."""

from __future__ import annotations

import csv
import re
import shlex
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from refit.data.upload import put_days
from tests.support.checkout import Repository
from tests.support.command_line import ROOT, refit
from tests.support.end_to_end.deployed import Deployed

PAGE = (ROOT / "docs" / "how-to" / "data.md").read_text()
COMMANDS = [
    line.partition(" #")[0].strip()
    for block in re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
    if line.strip() and not line.startswith("#")
]
NEWEST = date(2026, 11, 22)
"""The newest day that the page names."""


def options(words: list[str], name: str) -> list[str]:
    """The values of an option, in order."""
    return [value for option, value in pairwise(words) if option == name]


def write(path: Path, stack: Deployed, day: date, words: list[str]) -> None:
    """Writes the sales of a day as a CSV file; with --label, below a header with the columns that the command names."""
    rows = [list(row.cells) for row in stack.sales(day)]
    if label := options(words, "--label"):
        extra = [*options(words, "--date-column"), *options(words, "--drop")]
        rows = [[*([str(day)] * len(extra)), *row[1:], row[0]] for row in rows]
        rows.insert(0, [*extra, *(f"x{number}" for number in range(13)), *label])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)


def delete_days(stack: Deployed) -> None:
    """Deletes what the command before has uploaded."""
    for number in range(4):
        key = stack.stack.keys.key(NEWEST - timedelta(days=number))
        stack.aws.s3.delete_object(Bucket=stack.stack.bucket, Key=key)


@pytest.fixture(scope="module")
def applied(applied: Deployed) -> Deployed:
    """The example pipeline in a git repository, with data in the window of today: `refit doctor` finds no fault."""
    Repository(applied.ref.project.root).commit()
    today = datetime.now(UTC).date()
    days = [today - timedelta(days=number) for number in range(4)]
    put_days(applied.aws, applied.stack, {day: applied.sales(day) for day in days})
    return applied


def test_there_are_commands() -> None:
    assert len(COMMANDS) >= 5


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_works_as_it_is(stack: Deployed, command: str) -> None:
    folder = stack.ref.project.root
    program, *words = shlex.split(command.replace("prod/", f"{stack.ref.environment}/"))
    assert program == "refit"
    for word in words:
        if word.endswith(".csv"):
            named = re.search(r"\d{4}-\d\d-\d\d", word)
            write(folder / word, stack, date.fromisoformat(named[0]) if named else NEWEST, words)
        elif word.endswith("/"):
            for day in (NEWEST, NEWEST - timedelta(days=1)):
                write(folder / word / f"{day}.csv", stack, day, words)
    delete_days(stack)
    done = refit(*words, cwd=folder, **stack.cloud.environment())
    assert done.returncode == 0, done.stdout + done.stderr
