"""The configuration with which terraform finds the AWS provider."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.terraform.provider_mirror import PROVIDER, settings


@pytest.fixture
def build_root(tmp_path: Path) -> Path:
    return tmp_path / "build"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A home with nothing in it."""
    return {"HOME": str(tmp_path / "home"), "XDG_DATA_DIRS": str(tmp_path / "share")}


@pytest.fixture
def opt(tmp_path: Path) -> Path:
    """A folder like /opt, with a mirror in one of its folders."""
    (tmp_path / "opt" / "a-tool").mkdir(parents=True)
    (tmp_path / "opt" / "plugins" / PROVIDER).mkdir(parents=True)
    return tmp_path / "opt"


def test_the_users_own_configuration_rules(
    tmp_path: Path, build_root: Path, environment: dict[str, str], opt: Path
) -> None:
    configuration = tmp_path / "own.rc"
    configuration.touch()

    assert settings(build_root, environment | {"TF_CLI_CONFIG_FILE": str(configuration)}, opt) == {}


def test_the_configuration_in_the_users_home_rules(
    tmp_path: Path, build_root: Path, environment: dict[str, str], opt: Path
) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".terraformrc").touch()

    assert settings(build_root, environment, opt) == {}


def test_a_mirror_in_opt_gets_a_configuration(build_root: Path, environment: dict[str, str], opt: Path) -> None:
    missing = {"TF_CLI_CONFIG_FILE": str(build_root / "missing.rc")}

    found = settings(build_root, environment | missing, opt)

    file = build_root / "terraform.rc"
    assert found == {"TF_CLI_CONFIG_FILE": str(file)}
    assert f'path    = "{opt / "plugins"}"' in file.read_text()
    assert 'include = ["registry.terraform.io/hashicorp/aws"]' in file.read_text()


@pytest.mark.parametrize(
    "folder", ["home/.terraform.d/plugins", "home/.local/share/terraform/plugins", "share/terraform/plugins"]
)
def test_a_mirror_where_terraform_looks_by_itself_is_left_to_it(
    tmp_path: Path, build_root: Path, environment: dict[str, str], opt: Path, folder: str
) -> None:
    (tmp_path / folder / PROVIDER).mkdir(parents=True)

    assert settings(build_root, environment, opt) == {}


def test_a_configuration_that_does_not_exist_is_not_handed_on(
    tmp_path: Path, build_root: Path, environment: dict[str, str]
) -> None:
    found = settings(build_root, environment | {"TF_CLI_CONFIG_FILE": "/nowhere"}, tmp_path / "empty")

    assert found["TF_CLI_CONFIG_FILE"] is None


def test_without_a_mirror_all_pipelines_share_one_download(
    tmp_path: Path, build_root: Path, environment: dict[str, str]
) -> None:
    assert settings(build_root, environment, tmp_path / "empty") == {
        "TF_PLUGIN_CACHE_DIR": str(build_root / "providers")
    }
    assert (build_root / "providers").is_dir()


def test_a_cache_of_the_users_own_is_kept(tmp_path: Path, build_root: Path, environment: dict[str, str]) -> None:
    assert settings(build_root, environment | {"TF_PLUGIN_CACHE_DIR": "/cache"}, tmp_path / "empty") == {}
