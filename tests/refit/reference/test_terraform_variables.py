"""The generated variables are formatted as Terraform formats them, whatever the schema's descriptions and types."""

from __future__ import annotations

import subprocess
from pathlib import Path

import hcl2
import pytest
from pydantic import BaseModel

from refit.reference.terraform_variables import WIDTH, type_constraint, variables


class Inner(BaseModel):
    first: int
    second: tuple[str, ...] = ()


class Section(BaseModel):
    short: str | None = None
    inner: Inner | None = None
    a_longer_name: dict[str, str] = {}


class Schema(BaseModel):
    section: Section = Section()
    """A short text."""
    word: str = 'a "word"'
    """A text that is longer than one line may be, which is why it is written as a heredoc over two lines or more,
    with a ${placeholder} and a %{directive} that Terraform must not evaluate."""
    quoted: bool = True
    """A short text with "quotes" and ${placeholders}."""


def test_the_result_is_what_terraform_fmt_writes(tmp_path: Path) -> None:
    (tmp_path / "variables.tf").write_text(variables(Schema))

    checked = subprocess.run(
        ["terraform", "fmt", "-check", "-diff", str(tmp_path)], capture_output=True, text=True, check=False
    )

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_terraform_reads_the_descriptions_as_they_are_written(tmp_path: Path) -> None:
    text = variables(Schema)
    (tmp_path / "variables.tf").write_text(text)

    valid = subprocess.run(
        ["terraform", f"-chdir={tmp_path}", "validate", "-no-color"], capture_output=True, text=True, check=False
    )

    assert valid.returncode == 0, valid.stdout + valid.stderr
    assert "${placeholder}" in text.replace("$${", "${")
    assert text.count("$${") == 2
    assert text.count("%%{") == 1
    assert max(map(len, text.splitlines())) <= WIDTH
    assert len(hcl2.loads(text)["variable"]) == 3


def test_an_attribute_without_a_default_is_optional_or_required() -> None:
    assert type_constraint(Section) == (
        "object({\n"
        "  short = optional(string)\n"
        "  inner = optional(object({\n"
        "    first  = number\n"
        "    second = optional(list(string), [])\n"
        "  }))\n"
        "  a_longer_name = optional(map(string), {})\n"
        "})"
    )


def test_a_field_without_a_description_is_an_error() -> None:
    with pytest.raises(KeyError, match="first"):
        variables(Inner)


def test_a_type_that_terraform_has_no_word_for_is_an_error() -> None:
    with pytest.raises(KeyError):
        type_constraint(bytes)
