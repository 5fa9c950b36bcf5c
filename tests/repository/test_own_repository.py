"""docs/own-repository.md describes the actual behaviour of `refit init` and refit.toml."""

from __future__ import annotations

import re
from pathlib import Path

from refit import refit_toml
from refit.init.answers import Answers
from refit.init.files import render
from refit.init.init_record import FILE
from refit.init.installed import WHEEL, Requirement
from refit.project import Project
from refit.version import VERSION

PAGE = (Path(__file__).parents[2] / "docs" / "own-repository.md").read_text()
ANSWERS = Answers(workflows=f"acme/refit@{'0' * 40}")


def test_the_example_of_refit_toml_is_valid_and_has_every_key() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    parsed = refit_toml.parse(example.encode())
    assert parsed.version == VERSION
    assert parsed.pipelines == refit_toml.PIPELINES
    assert None not in vars(parsed.environment("prod")).values()
    table = PAGE[PAGE.index("| key | meaning |") :]
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == {*refit_toml.TOP, *refit_toml.OF_ENVIRONMENT}


def test_the_table_has_every_file_that_is_written(tmp_path: Path) -> None:
    table = PAGE[PAGE.index("| file | content |") : PAGE.index("Either all files are written or none.")]
    named = re.findall(r"`([^`]+)`", "\n".join(line.split("|")[1] for line in table.splitlines() if "`" in line))
    listed = {
        path.replace("<environment>", "prod")
        .replace("<pipeline>", "home-prices")
        .replace("{ci,plan,deploy,drift}", name)
        for path in named
        for name in ("ci", "plan", "deploy", "drift")
    }
    files = render(Project(tmp_path), ANSWERS, Requirement("refit-sagemaker", "0" * 64))
    assert listed == {*files, FILE}


def test_the_wheel_is_called_as_it_is() -> None:
    wheels = set(re.findall(r"refit_sagemaker-[\w.]+-py3-none-any\.whl", PAGE))
    assert WHEEL in wheels
    assert len(wheels) == 2, "this version, and the next one in the section on upgrades"
