"""Terraform fills in the placeholders of a definition, and gives every handler its permissions."""

from __future__ import annotations

import re
from pathlib import Path

from refit.artifacts.definition_checks import PLACEHOLDERS
from refit.domain.handlers import HANDLERS

TERRAFORM = Path(__file__).parents[2] / "terraform"


def test_the_placeholders_that_are_checked_are_those_that_are_filled_in() -> None:
    (given,) = re.findall(r"substitutions = merge\((.*?)\}\)", (TERRAFORM / "main.tf").read_text(), re.DOTALL)
    literal = set(re.findall(r"^ +(\w+) += ", given, re.MULTILINE))
    functions = {f"{handler}_arn" for handler in HANDLERS}

    assert literal | functions == PLACEHOLDERS


def test_every_handler_has_permissions_and_nothing_else_has() -> None:
    text = (TERRAFORM / "modules" / "permissions" / "functions.tf").read_text()

    assert set(re.findall(r"^    (\w+) = ", text, re.MULTILINE)) == set(HANDLERS)


def test_no_other_file_lists_the_handlers() -> None:
    """Terraform reads them from build.json. Only a handler that a rule invokes or that has a layer may be named."""
    files = [file for file in TERRAFORM.rglob("*.tf") if file.name != "functions.tf"]
    named = {
        (file.name, handler)
        for file in files
        for handler in HANDLERS
        if re.search(rf"\b{handler}\b", re.sub(r"#.*", "", file.read_text()))
    }

    assert named == {("main.tf", "check_quality"), ("main.tf", "object_arrived")}
