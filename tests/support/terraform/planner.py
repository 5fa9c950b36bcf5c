"""terraform, ready to plan the example pipeline, and what it planned."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import tftest

from refit.project import PipelineRef

SOURCE = b"the code of an own algorithm"
"""Stands for source.tar.gz, of which Terraform knows the hash alone."""


@dataclass(frozen=True)
class Planner:
    """terraform, ready to plan the example pipeline in a checkout of its own."""

    ref: PipelineRef
    terraform: tftest.TerraformTest

    def plan(self, **variables: Any) -> Plan:
        """Plans the pipeline file with these variables in place of its own."""
        return Plan(self.terraform.plan(output=True, tf_var_file=self._files(variables)))

    def refusal(self, targets: Sequence[str] = (), **variables: Any) -> str:
        """What terraform says when it refuses to plan, on one line."""
        with pytest.raises(tftest.TerraformTestError) as caught:
            self.terraform.plan(tf_var_file=self._files(variables), targets=targets)
        return " ".join(str(caught.value.cmd_error).split())

    def _files(self, variables: dict[str, Any]) -> list[str]:
        file = self.ref.project.root / "overrides.tfvars.json"
        file.write_text(json.dumps(variables))
        return [str(self.ref.path), str(file)]


@dataclass(frozen=True)
class Plan:
    output: tftest.TerraformPlanOutput

    def module(self, name: str) -> dict[str, dict[str, Any]]:
        """The planned values of a module's resources, by address within the module."""
        if f"module.{name}" not in self.output.modules:
            return {}
        resources = self.output.modules[f"module.{name}"].resources
        return {address: resource["values"] for address, resource in resources.items()}

    def resources(self, kind: str) -> dict[str, dict[str, Any]]:
        """The planned values of all resources of one type, by full address."""
        found = {}
        for name, module in self.output.modules.items():
            for address, resource in module.resources.items():
                if resource["type"] == kind:
                    found[f"{name}.{address}"] = resource["values"]
        return found
