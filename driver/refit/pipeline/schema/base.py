"""What every section of a pipeline file has in common, and what it is judged by beside its text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationInfo, model_validator

from refit.pipeline.schema.constraints import Violation, findings


@dataclass(frozen=True)
class ValidationContext:
    """What a file is judged by beside its text: pydantic hands it on as the validation's context."""

    name: str | None = None
    """The file's name without `.tfvars`, which must be the pipeline's."""
    today: date | None = None
    """The day that a pinned window must not end after."""
    embedded: bool = False
    """Whether its runs are on the embedded cloud, which does not count the events of a run."""


def circumstances(info: ValidationInfo) -> ValidationContext:
    return info.context if isinstance(info.context, ValidationContext) else ValidationContext()


class Section(BaseModel):
    """Frozen, strict, and without unknown fields; a null is a field that is not written, as in Terraform.

    What stands below a field says what it is for: docs/pipeline-file.md is made of it.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value is not None or name not in cls.model_fields}

    @model_validator(mode="after")
    def _keep_rules(self, info: ValidationInfo) -> Self:
        findings(list(self.broken_rules(circumstances(info))))
        return self

    def broken_rules(self, given: ValidationContext) -> Iterator[Violation]:
        """What is wrong between fields that are each valid."""
        return iter(())
