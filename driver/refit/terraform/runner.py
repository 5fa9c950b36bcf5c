"""Runs terraform for one pipeline, with its state, variables and provider. No other module runs the binary.

Every pipeline has its own state key and its own TF_DATA_DIR under build/; all share the folder `terraform/`.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from refit.errors import TerraformError
from refit.project import PipelineRef
from refit.terraform import backend, binary, child_process, overrides, process_environment

TAKES_VARIABLES = frozenset({"plan", "apply", "destroy", "refresh", "import", "console"})
NEEDS_NO_BACKEND = frozenset({"fmt", "version"})
TAKES_NO_INPUT = frozenset({"output", "show"})
PATH_OPTIONS = frozenset({"backup", "generate-config-out", "out", "plugin-dir", "state", "state-out", "var-file"})
TAIL_LINES = 60
STANDARD_ERROR = 2  # the file descriptor, because a replaced sys.stderr may not have one


class Terraform:
    """Runs terraform for `ref`. `environment` has the variables for the embedded cloud; it is empty for AWS."""

    def __init__(self, ref: PipelineRef, environment: Mapping[str, str] | None = None) -> None:
        self._ref = ref
        self._cloud = dict(environment or {})
        self._data_dir = ref.build_dir / ".terraform"

    def reads_build(self, action: str, args: Sequence[str] = ()) -> bool:
        """Whether the command plans, which reads the artifacts of `refit build`; applying a saved plan does not."""
        return action in ("plan", "apply") and not self._saved_plan(action, args)

    def run(self, action: str, args: Sequence[str] = ()) -> int:
        """Runs terraform on this process's standard streams; initializes it first if necessary.

        Returns 0, or 2 for a `plan -detailed-exitcode` that found changes. Raises TerraformError for any other exit
        code; terraform has then printed the reason.
        """
        args = self._with_full_paths(args)
        if action == "init":
            return self._init(args, stdout=None)
        if action not in NEEDS_NO_BACKEND and not self._initialized():
            self._init((), stdout=STANDARD_ERROR)
        code = self._stream([action, *self._variables(action, args), *args])
        if code and not _found_changes(action, args, code):
            raise _failed(action, self._ref, code)
        return code

    def init(self) -> None:
        """Initializes the backend and the provider, without output. Raises TerraformError with terraform's message."""
        self._quietly("init", self._init_arguments(()))
        self._remember()

    def apply(self) -> str:
        """Applies without a prompt; returns terraform's last line ("Apply complete! Resources: …")."""
        self._ensure_initialized()
        _, out = self._quietly("apply", [*self._variables("apply", ()), "-auto-approve"])
        return next(line for line in out.splitlines() if line.startswith("Apply complete!"))

    def drift(self) -> str:
        """The plan if there are changes; empty if the stack matches its declaration."""
        self._ensure_initialized()
        # Without a lock: this changes nothing and must not block an apply.
        arguments = [*self._variables("plan", ()), "-detailed-exitcode", "-lock=false"]
        code, out = self._quietly("plan", arguments, accept=(0, 2))
        return out if code else ""

    def outputs(self) -> dict[str, Any]:
        """The stack's outputs by name; empty before the first apply."""
        self._ensure_initialized()
        _, out = self._quietly("output", ["-json"])
        return {name: output["value"] for name, output in json.loads(out).items()}

    def state(self) -> dict[str, Any]:
        """The state as in `terraform show -json`; without "values" before the first apply."""
        self._ensure_initialized()
        _, out = self._quietly("show", ["-json"])
        state: dict[str, Any] = json.loads(out)
        return state

    def saved_plan(self, action: str, args: Sequence[str]) -> dict[str, Any] | None:
        """The saved plan that `terraform <action> <args>` applies, as in `terraform show -json`; None without one."""
        if not self._saved_plan(action, args):
            return None
        self._ensure_initialized()
        _, out = self._quietly("show", ["-json", str(self._args_folder / args[-1])])
        plan: dict[str, Any] = json.loads(out)
        return plan

    def environment(self) -> dict[str, str]:
        """The environment of the terraform process: that of this process, with the pipeline's settings."""
        return process_environment.variables(self._ref, self._cloud, self._data_dir)

    def _variables(self, action: str, args: Sequence[str]) -> list[str]:
        """The -var-file option, except for a saved plan, which already contains its values."""
        if action not in TAKES_VARIABLES or self._saved_plan(action, args):
            return []
        return [f"-var-file={self._ref.path}"]

    def _saved_plan(self, action: str, args: Sequence[str]) -> bool:
        return action == "apply" and bool(args) and self._is_file(args[-1])

    @property
    def _args_folder(self) -> Path:
        """The folder that paths among the arguments are relative to.

        In a checkout it is `terraform/`, as for any terraform with -chdir. Otherwise it is the working directory,
        because the bundled sources may be read-only and do not belong to the user.
        """
        return self._ref.project.terraform_dir if self._ref.project.has_terraform else Path.cwd()

    def _with_full_paths(self, args: Sequence[str]) -> Sequence[str]:
        """Makes paths in the arguments absolute if they are not relative to the folder that terraform runs in."""
        if self._ref.project.has_terraform:
            return args
        full = []
        for previous, arg in pairwise(["", *args]):
            name, equals, value = arg.partition("=")
            if equals and name.lstrip("-") in PATH_OPTIONS:
                full.append(f"{name}={self._args_folder / value}")
            elif previous.lstrip("-") in PATH_OPTIONS or (not arg.startswith("-") and self._is_file(arg)):
                full.append(str(self._args_folder / arg))
            else:
                full.append(arg)
        return full

    def _is_file(self, arg: str) -> bool:
        return (self._args_folder / arg).is_file()

    def _ensure_initialized(self) -> None:
        if not self._initialized():
            self.init()

    def _init(self, args: Sequence[str], stdout: int | None) -> int:
        code = self._stream(["init", *self._init_arguments(args)], stdout=stdout)
        if code:
            raise _failed("init", self._ref, code)
        self._remember()
        return code

    def _init_arguments(self, args: Sequence[str]) -> list[str]:
        # -reconfigure: the key identifies the state, so there is never a state to migrate.
        locked = [] if "-upgrade" in args or not self._is_locked() else ["-lockfile=readonly"]
        settings = [f"-backend-config={name}={value}" for name, value in self._backend().items()]
        return ["-reconfigure", *locked, *settings, *args]

    def _is_locked(self) -> bool:
        """Whether the lock file pins this binary's provider; an entry for OpenTofu's registry may be missing."""
        file = self._ref.project.terraform_dir / ".terraform.lock.hcl"
        return not binary.is_tofu() or f'"{binary.provider().as_posix()}"' in file.read_text(encoding="utf-8")

    def _backend(self) -> dict[str, str]:
        return backend.settings(self._ref, self._cloud, os.environ)

    def _fingerprint(self) -> str:
        """A hash of the backend, the lock file and the module calls, which changes when an init is necessary."""
        digest = hashlib.sha256(json.dumps(self._backend(), sort_keys=True).encode())
        folder = self._ref.project.terraform_dir
        for file in (folder / ".terraform.lock.hcl", *sorted(folder.glob("*.tf"))):
            digest.update(file.read_bytes())
        return digest.hexdigest()

    @property
    def _stamp(self) -> Path:
        return self._data_dir / "refit-init"

    def _initialized(self) -> bool:
        installed = any((self._data_dir / "providers" / binary.provider()).glob("*/*/terraform-provider-aws*"))
        return installed and self._stamp.is_file() and self._stamp.read_text() == self._fingerprint()

    def _remember(self) -> None:
        self._stamp.write_text(self._fingerprint())

    def _command(self, arguments: Sequence[str]) -> list[str]:
        path = binary.find()
        if self._ref.is_local and not self._cloud:
            raise TerraformError(f"{self._ref.key} runs on the embedded cloud", 'run: eval "$(refit local up)"')
        overrides.refuse(self._ref.project.terraform_dir, os.environ)
        self._data_dir.mkdir(parents=True, exist_ok=True)
        return [path, f"-chdir={self._ref.project.terraform_dir}", *arguments]

    def _stream(self, arguments: Sequence[str], stdout: int | None = None) -> int:
        code, _, _ = child_process.run(
            self._command(arguments),
            cwd=self._ref.project.root,
            env=self.environment(),
            in_terminal=sys.stdin is not None and sys.stdin.isatty(),  # None if it is closed, as under cron
            stdout=stdout,
        )
        return code

    def _quietly(self, action: str, args: Sequence[str], accept: Sequence[int] = (0,)) -> tuple[int, str]:
        code, out, err = child_process.run(
            self._command([action, "-no-color", *([] if action in TAKES_NO_INPUT else ["-input=false"]), *args]),
            cwd=self._ref.project.root,
            env=self.environment(),
            in_terminal=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        if code not in accept:
            message = "\n".join((err.strip() or out.strip()).splitlines()[-TAIL_LINES:])
            raise TerraformError(f"terraform {action} failed for {self._ref.key}:\n{message}")
        return code, out


def _found_changes(action: str, args: Sequence[str], code: int) -> bool:
    return action == "plan" and code == 2 and any(arg.lstrip("-") == "detailed-exitcode" for arg in args)


def _failed(action: str, ref: PipelineRef, code: int) -> TerraformError:
    """The error for a failed terraform process, with its exit code; terraform has printed the reason."""
    error = TerraformError(f"terraform {action} failed for {ref.key} (exit code {code})")
    error.exit_code = code if code > 0 else 128 - code
    return error
