"""Runs terraform plan for variations of the example pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
import tftest

from refit.artifacts.build import build
from refit.project import PipelineRef


@dataclass(frozen=True)
class Planner:
    """terraform, initialized for the example pipeline in its own checkout; `fields` are the example's."""

    ref: PipelineRef
    terraform: tftest.TerraformTest
    fields: Mapping[str, Any]

    def plan(self, **fields: Any) -> Plan:
        """Writes the example's pipeline file with these fields in place of its own, builds it and plans."""
        self.write(**fields)
        return Plan(self.terraform.plan(output=True, tf_var_file=str(self.ref.path)))

    def write(self, **fields: Any) -> None:
        """Writes and builds the pipeline file; fields that are None are omitted."""
        values = {name: value for name, value in {**self.fields, **fields}.items() if value is not None}
        lines = (f"{name} = {json.dumps(value, ensure_ascii=False)}\n" for name, value in values.items())
        self.ref.path.write_text("".join(lines))
        build(self.ref)

    def refusal(self, targets: Sequence[str] = (), **variables: Any) -> str:
        """The error with which terraform rejects a plan of the file with these variables, on one line."""
        overrides = self.ref.project.root / "overrides.tfvars.json"
        overrides.write_text(json.dumps(variables))
        with pytest.raises(tftest.TerraformTestError) as caught:
            self.terraform.plan(tf_var_file=[str(self.ref.path), str(overrides)], targets=targets)
        return " ".join(str(caught.value.cmd_error).split())


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
