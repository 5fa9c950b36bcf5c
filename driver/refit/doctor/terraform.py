"""Checks Terraform or OpenTofu: the binary and its version, the dependency lock file, and the AWS provider."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

from refit.doctor.results import Check, failed, not_checked, not_ok, ok
from refit.errors import TerraformError
from refit.project import PipelineRef, Project
from refit.terraform import binary, provider_mirror

SUBJECT = "terraform"
SECONDS = 60
"""The first start may be slow, because the binary has about 100 MB."""


def version(environment: Mapping[str, str] = os.environ) -> Check:
    """Whether the binary exists, runs, and is recent enough for state locking in S3."""
    try:
        path = binary.find(environment)
    except TerraformError as error:
        return failed(SUBJECT, error, binary.install(environment))
    # Ignores all configuration, and does not check for a newer version.
    quiet = {**environment, "CHECKPOINT_DISABLE": "1", "TF_CLI_CONFIG_FILE": os.devnull}
    try:
        done = subprocess.run(  # noqa: S603 - a list, read by no shell
            [path, "version", "-json"], capture_output=True, text=True, timeout=SECONDS, env=quiet, check=False
        )
        found = str(json.loads(done.stdout)["terraform_version"])
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError):
        return not_ok(SUBJECT, f"{path} does not report its version", binary.install(environment))
    numbers = tuple(int(number) for number in re.findall(r"\d+", found)[:2])
    if numbers < binary.MINIMUM:
        needed = ".".join(map(str, binary.MINIMUM))
        return not_ok(SUBJECT, f"{path} is version {found}; Refit needs {needed} or later", binary.install(environment))
    return ok(SUBJECT, f"{found} ({path})")


def lock_file(project: Project, environment: Mapping[str, str] = os.environ) -> Check:
    """Whether the lock file pins the AWS provider for the registry that the binary downloads from."""
    file = project.terraform_dir / ".terraform.lock.hcl"
    address = binary.provider(environment).as_posix()
    restore = f"git checkout -- {file}" if project.has_terraform else "reinstall Refit: its data is incomplete"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return not_ok("lock file", f"{file} cannot be read: {getattr(error, 'strerror', None) or error}", restore)
    block = re.search(rf'provider "{re.escape(address)}" \{{\n(.*?)^\}}', text, re.DOTALL | re.MULTILINE)
    pinned = re.search(r'version\s*=\s*"([^"]+)"', block[1]) if block else None
    if not block or not pinned:
        return _not_pinned(project, f"{file} does not pin {address}", restore, environment)
    if '"h1:' not in block[1]:
        return not_ok("lock file", f"{file} has no h1 hashes of {address}", restore)
    return ok("lock file", f"{address} {pinned[1]}")


def _not_pinned(project: Project, detail: str, restore: str, environment: Mapping[str, str]) -> Check:
    """The lock file has no entry for the registry of the binary. Refit's own file has none for OpenTofu's registry."""
    name = binary.name(environment)
    if project.has_terraform:
        try:
            binary.find(environment)
        except TerraformError as error:
            return not_checked("lock file", f"{detail}; {error}", error.hint or "")
        return not_ok(
            "lock file", detail, f"{name} -chdir={project.terraform_dir} providers lock, then commit the file"
        )
    if binary.is_tofu(environment):
        advice = f"to use the version that Refit pins, use Terraform: unset {binary.VARIABLE}"
        return not_checked("lock file", f"{detail}; {name} init selects the version", advice)
    return not_ok("lock file", detail, restore)


def provider(project: Project, ref: PipelineRef | None, environment: Mapping[str, str] = os.environ) -> Check:
    """Where the AWS provider comes from; not checked if it has yet to be downloaded, which needs the network."""
    address = binary.provider(environment)
    installed = _executables(ref.build_dir / ".terraform" / "providers" / address) if ref else []
    if installed:
        return ok("provider", f"installed for {ref.key if ref else ''}: {installed[-1].name}")
    configuration = environment.get("TF_CLI_CONFIG_FILE")
    if configuration and Path(configuration).is_file():
        return not_checked("provider", f"your CLI configuration determines its location: {configuration}")
    mirror = provider_mirror.find(environment, address)
    if mirror:
        return ok("provider", f"in the mirror {mirror}")
    cached = _executables(project.build_root / "providers" / address)
    if cached:
        return ok("provider", f"in the cache {project.build_root / 'providers'}: {cached[-1].name}")
    init = f"refit terraform init {ref.key}" if ref else ""
    return not_checked("provider", f"{address.as_posix()} will be downloaded by the first init", init)


def _executables(folder: Path) -> list[Path]:
    """The provider's executables below <version>/<platform>, oldest version first."""
    return sorted(folder.glob("*/*/terraform-provider-aws*"))
