"""Finds what would change a stack besides its pipeline file: Terraform's variables, default arguments and extra files.

https://developer.hashicorp.com/terraform/cli/config/environment-variables,
https://developer.hashicorp.com/terraform/language/files/override
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path

from refit.errors import TerraformError
from refit.pipeline.model import Pipeline

WORKSPACE = "TF_WORKSPACE"
DEFAULT_WORKSPACE = "default"
"""The only workspace: each pipeline has its own state, and another workspace would be another, empty state."""
ARGUMENTS = "TF_CLI_ARGS"
HARMLESS = frozenset({"compact-warnings", "input", "lock-timeout", "no-color", "parallelism"})
"""Options that change only how terraform works or prints, not what it reads, plans or writes."""
VALUES = ("terraform.tfvars", "terraform.tfvars.json", "*.auto.tfvars", "*.auto.tfvars.json")
"""Files that terraform loads by itself from the folder that it runs in."""
OVERRIDES = tuple(f"{name}.{kind}" for kind in ("tf", "tf.json", "tofu") for name in ("override", "*_override"))


def ignored(environment: Mapping[str, str]) -> list[str]:
    """The variables in `environment` that terraform does not get, because they would replace what the file says.

    They are often meant for another project, and Terraform itself ignores TF_VAR_ variables that it does not know.
    """
    fields = [f"TF_VAR_{field}" for field in Pipeline.model_fields]
    workspace = [WORKSPACE] if environment.get(WORKSPACE) not in (None, "", DEFAULT_WORKSPACE) else []
    return sorted([*workspace, *(name for name in fields if name in environment)])


def refuse(terraform_dir: Path, environment: Mapping[str, str]) -> None:
    """Raises TerraformError for default arguments and for files that would change what terraform does."""
    for variable in sorted(name for name in environment if name.startswith(ARGUMENTS)):
        option = _changes(environment[variable])
        if option is not None:
            raise TerraformError(
                f"{variable} contains {option}, which would change what terraform does for every pipeline",
                f"unset {variable}, and write the option where needed: refit terraform <command> PIPELINE {option}",
            )
    files = sorted(_extra_files(terraform_dir))
    if files:
        names = ", ".join(file.relative_to(terraform_dir.parent).as_posix() for file in files)
        raise TerraformError(
            f"terraform would load {names} for every pipeline, but the pipeline file alone describes a stack",
            f"delete or move {names}; values belong in the pipeline file, changes to resources in the module itself",
        )


def _changes(arguments: str) -> str | None:
    """The first argument that is not harmless; None if all are."""
    try:
        words = shlex.split(arguments)
    except ValueError:
        return arguments
    may_be_value = False
    for word in words:
        name, equals, _ = word.lstrip("-").partition("=")
        if word.startswith("-"):
            if name not in HARMLESS:
                return word
            may_be_value = not equals
        elif not may_be_value:
            return word
        else:
            may_be_value = False
    return None


def _extra_files(terraform_dir: Path) -> Iterator[Path]:
    for pattern in VALUES:
        yield from terraform_dir.glob(pattern)
    for folder in (terraform_dir, *(terraform_dir / "modules").glob("*")):
        for pattern in OVERRIDES:
            yield from folder.glob(pattern)
