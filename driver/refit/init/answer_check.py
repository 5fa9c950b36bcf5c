"""Checks one answer of `refit init` by rendering the files with it and with valid answers to all other questions."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from refit.errors import InvalidInput, Problem, RefitError
from refit.init.answers import Answers
from refit.init.files import render
from refit.init.init import with_commit
from refit.project import Project

NO_FOLDER = Path("/nonexistent")
"""The rules do not depend on the team's own refit.toml, so none is read."""


def problem(name: str, value: Any) -> str | None:
    """What is wrong with the answer `name`, such as "region", in one line; None if `value` can be used."""
    if name in ("environment", "pipeline") and "/" in str(value):
        return "must be a name without /"
    if name == "features" and not re.fullmatch(r"[0-9]+", str(value)):
        return "must be a whole number, such as 13"
    others = Answers(prefix="data/", region="us-west-2")
    answers = with_commit(replace(others, **{name: value}), None)
    try:
        answers.check()
        render(Project(NO_FOLDER), answers, None)
    except InvalidInput as error:
        return "; ".join(dict.fromkeys(_in_words(each) for each in error.problems))
    except RefitError as error:
        return _without_field(f"{error}; {error.hint}")
    return None


def _in_words(found: Problem) -> str:
    """The message and the hint, unless the hint is a line of a pipeline file, which the user did not write."""
    of_file = re.match(r"write \w+ = ", found.hint)
    hint = "" if of_file else found.hint.replace(" in quotes", "")
    return "; ".join(filter(None, (_without_field(found.message), hint)))


def _without_field(message: str) -> str:
    """The message without the name of the field or option that it begins with."""
    return re.sub(r"^(--\w+ \S+|[\w.]+) (?=(must|cannot|does|is|contains) )", "", message)
