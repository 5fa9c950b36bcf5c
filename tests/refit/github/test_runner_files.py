"""Outputs and summaries of a step: read as they were written, and never longer than GitHub accepts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refit import github
from refit.errors import RefitError
from refit.github import runner_files
from tests.support.nasty_text import TEXT


def outputs(text: str) -> dict[str, str]:
    """What the Actions runner reads from GITHUB_OUTPUT (actions/runner, FileCommandManager.cs)."""
    found = {}
    lines = iter(text.split("\n"))
    for line in lines:
        if not line:
            continue
        equals, heredoc = line.find("="), line.find("<<")
        if equals >= 0 and (heredoc < 0 or equals < heredoc):
            name, _, value = line.partition("=")
            found[name] = value
            continue
        assert heredoc > 0, f"the runner refuses {line!r}"
        name, _, delimiter = line.partition("<<")
        value_lines = []
        for value_line in lines:
            if value_line == delimiter:
                break
            value_lines.append(value_line)
        else:
            raise AssertionError("the runner finds no delimiter")
        found[name] = "\n".join(value_lines)
    return found


@given(st.dictionaries(st.from_regex(r"[a-z][a-z_-]{0,8}", fullmatch=True), TEXT, min_size=1, max_size=4))
def test_an_output_is_read_as_it_was_written(tmp_path_factory: pytest.TempPathFactory, values: dict[str, str]) -> None:
    file = tmp_path_factory.mktemp("output") / "output"
    github.write_outputs(values, {"GITHUB_OUTPUT": str(file)})
    assert outputs(file.read_bytes().decode()) == values


def test_outputs_are_added_to_those_of_the_same_step(tmp_path: Path) -> None:
    environ = {"GITHUB_OUTPUT": str(tmp_path / "output")}
    github.write_outputs({"one": "1"}, environ)
    github.write_outputs({"two": "2"}, environ)
    assert outputs((tmp_path / "output").read_text()) == {"one": "1", "two": "2"}


def test_an_output_needs_a_plain_name(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not the name of an output"):
        github.write_outputs({"a<<b": "1"}, {"GITHUB_OUTPUT": str(tmp_path / "output")})


def test_outside_of_actions_an_output_is_refused_with_advice() -> None:
    with pytest.raises(RefitError) as raised:
        github.write_outputs({"a": "1"}, {})
    assert raised.value.hint == "omit --github on your own machine"


def test_a_summary_grows_with_each_part(tmp_path: Path) -> None:
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    assert github.append_summary("# One", environ)
    assert github.append_summary("# Two\n", environ)
    assert (tmp_path / "summary").read_text() == "# One\n# Two\n"


def test_without_a_summary_nothing_is_written() -> None:
    assert not github.append_summary("# One", {})


@settings(deadline=None, max_examples=25)  # each writes a megabyte
@given(
    line=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=1, max_size=60),
    before=st.integers(0, runner_files.SUMMARY_BYTES),
)
def test_a_summary_never_outgrows_its_limit(tmp_path_factory: pytest.TempPathFactory, line: str, before: int) -> None:
    file = tmp_path_factory.mktemp("summary") / "summary"
    file.write_bytes(b"\n" * before)
    size = len(f"{line}\n".encode())
    github.append_summary(f"{line}\n" * (runner_files.SUMMARY_BYTES // size + 1), {"GITHUB_STEP_SUMMARY": str(file)})
    written = file.read_bytes()
    assert len(written) <= runner_files.SUMMARY_BYTES
    added = written[before:].decode()  # a cut inside a character would not decode
    assert added == "" or added.endswith(runner_files.CUT)
    assert added == "" or added.startswith(f"{line}\n")


@pytest.mark.parametrize("fence", ["```", "~~~~"])
def test_a_cut_inside_a_code_block_closes_it(tmp_path: Path, fence: str) -> None:
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    github.append_summary(f"{fence}text\n" + "``\n" * runner_files.SUMMARY_BYTES, environ)
    assert (tmp_path / "summary").read_text().endswith(f"``\n{fence}\n{runner_files.CUT}")


def test_a_cut_after_a_closed_code_block_closes_nothing(tmp_path: Path) -> None:
    environ = {"GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    github.append_summary("```\ncode\n```\n" + "text\n" * runner_files.SUMMARY_BYTES, environ)
    assert (tmp_path / "summary").read_text().endswith(f"text\n{runner_files.CUT}")
