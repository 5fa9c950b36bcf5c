"""The reference of the fields: one table per section, one row per field, with examples."""

from __future__ import annotations

from functools import cache

from refit.pipeline.field_types import section_of
from refit.pipeline.model import Pipeline
from refit.reference.pipeline_file import fields


@cache
def page() -> str:
    """The tables. A field without a description fails the tests that read them, not the collection of all tests."""
    return fields()


def rows(section: str) -> list[list[str]]:
    """The cells of the rows of a section's table."""
    table = (
        page().partition(f"## `{section}`\n")[2].partition("```hcl")[0] if section else page().partition("```hcl")[0]
    )
    lines = [line for line in table.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[1:]]


def test_every_row_of_a_table_is_one_line() -> None:
    # A row that goes on in the next line ends the table on GitHub.
    text = page().split("\n")
    assert [line for line in text if line.startswith("| ") and not line.endswith(" |")] == []


def test_every_field_has_a_row_in_the_order_of_the_schema() -> None:
    assert [row[0].strip("[]`").partition("`")[0] for row in rows("")] == list(Pipeline.model_fields)
    for name, field in Pipeline.model_fields.items():
        if section := section_of(field):
            assert [row[0].strip("[]`").partition("`")[0] for row in rows(name)] == list(section.model_fields)


def test_a_row_has_the_type_the_default_the_description_and_the_constraint() -> None:
    by_name = {row[0]: row[1:] for row in rows("window")}
    assert by_name["`holdout_days`"] == [
        "whole number",
        "`0`",
        "The number of newest days with data that are held out from training, to validate the model.",
        "be between 0 and 3652",
    ]
    assert by_name["`start`"][0] == "string"
    top = {row[0]: row[1:] for row in rows("")}
    assert top["`pipeline`"][1] == "**required**"
    assert top["`tags`"][0] == "map of strings"
    assert top["[`window`](#window)"][:2] == ["object", "its defaults"]
    assert {row[0]: row[1] for row in rows("alarms")} == {"`actions`": "list of strings"}


def test_a_section_in_a_section_has_a_table_of_its_own() -> None:
    assert "| [`deployment`](#endpointdeployment) | object |" in page()
    assert "\n## `endpoint.deployment`\n" in page()


def test_each_example_is_listed_once_per_section() -> None:
    blocks = [block.partition("\n```")[0].splitlines() for block in page().split("```hcl\n")[1:]]
    assert blocks[0][0] == 'pipeline = "home-prices"'
    assert all(len(block) == len(set(block)) for block in blocks)
