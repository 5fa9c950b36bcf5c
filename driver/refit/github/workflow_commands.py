"""Writes workflow commands: lines on standard output that the Actions runner executes.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TextIO

from refit.errors import Problem
from refit.safe_output import unguarded

ANNOTATIONS_PER_STEP = 10
"""GitHub shows no more errors of one step; the step summary has all of them."""


def annotate(problems: Sequence[Problem], stream: TextIO | None = None) -> None:
    """Annotates the files of the pull request with the first ten problems. Print all problems elsewhere, too."""
    for problem in problems[:ANNOTATIONS_PER_STEP]:
        print(error_annotation(problem), file=stream or unguarded(sys.stdout))


def error_annotation(problem: Problem) -> str:
    """The line that shows `problem` at its location, whatever its text and its file's name contain."""
    place = f"file={_escape_property(problem.file)},line={problem.line},col={problem.column}"
    title = f"title={_escape_property(problem.code)}"
    advice = f"; {problem.hint}" if problem.hint else ""
    return f"::error {place},{title}::{_escape_data(problem.message + advice)}"


@contextmanager
def commands_stopped(stream: TextIO | None = None, environ: Mapping[str, str] = os.environ) -> Iterator[None]:
    """Makes the runner ignore workflow commands in text of others, such as the output of terraform or a log.

    Does nothing outside of GitHub Actions.
    """
    if environ.get("GITHUB_ACTIONS") != "true":
        yield
        return
    stream = stream or unguarded(sys.stdout)
    # The runner resumes only at this token, so the text must not be able to guess it.
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", file=stream, flush=True)
    try:
        yield
    finally:
        # On a line of its own, even if the text ended without a line feed.
        print(f"\n::{token}::", file=stream, flush=True)


def _escape_data(text: str) -> str:
    """As in actions/toolkit, packages/core/src/command.ts; the percent sign first, so that no escape is escaped."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
