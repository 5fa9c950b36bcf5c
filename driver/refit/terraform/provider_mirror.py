"""Finds a local mirror of the AWS provider for Terraform. Downloads nothing itself.

https://developer.hashicorp.com/terraform/cli/config/config-file#provider-installation
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from refit.terraform import binary

PROVIDER = binary.provider({})
OPT = Path("/opt")


def settings(build_root: Path, environment: Mapping[str, str], opt: Path = OPT) -> dict[str, str | None]:
    """The environment variables to set or to remove (None) so that terraform finds the provider.

    The user's own CLI configuration takes precedence. Otherwise, Terraform itself finds a mirror in its implied
    locations; for a mirror in a folder of /opt, a configuration is written to `build_root`. Without a mirror, Terraform
    downloads the provider once, to a cache under `build_root` that all pipelines share.
    """
    named = environment.get("TF_CLI_CONFIG_FILE")
    if named and Path(named).is_file():
        return {}
    # terraform warns about a missing file on every call.
    variables: dict[str, str | None] = {"TF_CLI_CONFIG_FILE": None} if named else {}
    address = binary.provider(environment)
    home = Path(environment.get("HOME") or Path.home())
    if (home / ".terraformrc").is_file() or _mirror(_implied(home, environment), address):
        return variables
    mirror = _mirror(sorted(opt.glob("*")), address)
    if mirror:
        return {"TF_CLI_CONFIG_FILE": str(_configuration(build_root / "terraform.rc", mirror, address))}
    if "TF_PLUGIN_CACHE_DIR" not in environment:
        cache = build_root / "providers"
        cache.mkdir(parents=True, exist_ok=True)
        variables["TF_PLUGIN_CACHE_DIR"] = str(cache)
    return variables


def find(environment: Mapping[str, str], address: Path = PROVIDER, opt: Path = OPT) -> Path | None:
    """The local mirror of the provider at `address` that `settings` would use; None if there is none."""
    home = Path(environment.get("HOME") or Path.home())
    return _mirror([*_implied(home, environment), *sorted(opt.glob("*"))], address)


def _mirror(folders: Iterable[Path], address: Path) -> Path | None:
    return next((folder for folder in folders if (folder / address).is_dir()), None)


def _implied(home: Path, environment: Mapping[str, str]) -> list[Path]:
    """The folders that Terraform searches by itself, on Linux and on macOS."""
    data_home = environment.get("XDG_DATA_HOME") or home / ".local/share"
    data_dirs = environment.get("XDG_DATA_DIRS") or "/usr/local/share:/usr/share"
    return [
        home / ".terraform.d/plugins",
        *(Path(folder) / "terraform/plugins" for folder in (data_home, *data_dirs.split(":"))),
        home / "Library/Application Support/io.terraform/plugins",
        Path("/Library/Application Support/io.terraform/plugins"),
    ]


def _configuration(file: Path, mirror: Path, address: Path) -> Path:
    """Writes a CLI configuration that installs the provider from `mirror` and downloads all other providers."""
    name = json.dumps(address.as_posix())
    text = f"""provider_installation {{
  filesystem_mirror {{
    path    = {json.dumps(str(mirror))}
    include = [{name}]
  }}
  direct {{
    exclude = [{name}]
  }}
}}
"""
    if not file.is_file() or file.read_text() != text:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_suffix(f".{os.getpid()}")
        unfinished.write_text(text)
        unfinished.replace(file)
    return file
