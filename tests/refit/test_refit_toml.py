"""refit.toml: the settings that it may contain, and the errors for anything else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from refit import refit_toml
from refit.project import Project
from refit.refit_toml import EnvironmentSettings, InvalidSettings, Settings
from refit.regular_file import MAX_BYTES

WHOLE = """
pipelines = "ml/pipelines"
version   = "0.2.0"

[environments.prod]
account      = "123456789012"
state_bucket = "acme-terraform-state"
region       = "eu-central-1"

[environments.staging]
account = "210987654321"
"""


def problems(text: str | bytes) -> list[str]:
    with pytest.raises(InvalidSettings) as raised:
        refit_toml.parse(text.encode() if isinstance(text, str) else text)
    return [str(problem).removeprefix("refit.toml:") for problem in raised.value.problems]


def test_without_the_file_the_defaults_apply(tmp_path: Path) -> None:
    assert refit_toml.read(tmp_path) == Settings(pipelines="terraform/pipelines", version=None, environments={})


def test_an_empty_file_is_as_none(tmp_path: Path) -> None:
    (tmp_path / "refit.toml").touch()
    assert refit_toml.read(tmp_path) == Settings()


def test_the_file_sets_folder_version_and_environments(tmp_path: Path) -> None:
    (tmp_path / "refit.toml").write_text(WHOLE)
    read = refit_toml.read(tmp_path)
    assert (read.pipelines, read.version) == ("ml/pipelines", "0.2.0")
    assert read.environment("prod") == EnvironmentSettings("123456789012", "acme-terraform-state", "eu-central-1")
    assert read.environment("staging") == EnvironmentSettings(account="210987654321")
    assert read.environment("dev") == EnvironmentSettings()


def test_all_problems_are_reported_at_once_with_their_lines() -> None:
    text = WHOLE.replace('"123456789012"', "123456789012").replace("state_bucket", "bucket").replace("0.2.0", "new")
    assert problems(text) == [
        '3:1: bad-value version cannot be "new"; write a version of Refit, such as "0.2.0"',
        "6:1: wrong-type environments.prod.account must be a string, got 123456789012; write the 12 digits of an AWS "
        'account in quotes, such as "123456789012"',
        "7:1: unknown-field environments.prod.bucket is not a setting; the settings are: account, state_bucket, region",
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("pipeline = 'a'", "1:1: unknown-field pipeline is not a setting; the settings are: pipelines, version, "),
        ("pipelines = '/etc'", '1:1: bad-value pipelines cannot be "/etc"; write a folder below this file'),
        ("pipelines = 'a/../../b'", '1:1: bad-value pipelines cannot be "a/../../b"; '),
        ("version = 1.5", "1:1: wrong-type version must be a string, got 1.5; write a version of Refit"),
        ("\nenvironments = 'prod'", "2:1: wrong-type environments must be tables; write [environments.prod]"),
        ("[environments]\nprod = '1'", "2:1: wrong-type environments.prod must be a table; write [environments.prod]"),
        ("[environments.local]\n", "1:1: reserved environments.local cannot be set; remove it: the environment local"),
        ("[environments.'Prod Eu']\n", "1:1: bad-name environments.Prod Eu is not the name of an environment; "),
        ("\n[environments]\nprod = { account = 'x' }", '3:1: bad-value environments.prod.account cannot be "x"; '),
        ("\nenvironments.prod.account = 'x'", '2:1: bad-value environments.prod.account cannot be "x"; '),
        ("[environments.prod]\nregion = 'west'", '2:1: bad-value environments.prod.region cannot be "west"; '),
        ("a = 1\nb = = 2", "2:1: settings-syntax the file is not TOML: Invalid value; see https://toml.io"),
        ("a = '", "1:1: settings-syntax the file is not TOML: Expected"),
        (b"# \xff", "1:1: not-utf8 the file is not UTF-8; save the file as UTF-8"),
    ],
)
def test_a_problem_has_its_line_and_what_to_write(text: str | bytes, problem: str) -> None:
    first, *_ = problems(text)
    assert first.startswith(problem)


def test_a_file_that_cannot_be_read_is_reported(tmp_path: Path) -> None:
    (tmp_path / "refit.toml").mkdir()
    with pytest.raises(InvalidSettings, match=r"refit\.toml:1:1: unreadable-file the file cannot be read: "):
        refit_toml.read(tmp_path)


@pytest.mark.parametrize("target", ["/dev/zero", "settings.toml", "missing.toml"])
def test_a_link_is_reported_and_not_read(tmp_path: Path, target: str) -> None:
    (tmp_path / "settings.toml").write_text('pipelines = "elsewhere"\n')
    (tmp_path / "refit.toml").symlink_to(target)
    with pytest.raises(InvalidSettings, match=r"refit\.toml:1:1: symbolic-link this is a symbolic link"):
        Project.here(tmp_path)


def test_a_pipe_is_reported_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "refit.toml")
    with pytest.raises(InvalidSettings, match=r"refit\.toml:1:1: unreadable-file this is not a regular file; "):
        Project.here(tmp_path)


def test_a_file_that_is_far_too_big_is_not_parsed(tmp_path: Path) -> None:
    (tmp_path / "refit.toml").write_bytes(b"#" * 10 * MAX_BYTES)
    with pytest.raises(InvalidSettings, match=r"refit\.toml:1:1: file-too-big the file has more than 32,768 bytes"):
        refit_toml.read(tmp_path)
