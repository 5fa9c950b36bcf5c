"""The base class of every section of a pipeline file, and the validation context."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, ValidationInfo, model_validator

from refit.domain.time_zones import time_zone
from refit.pipeline.schema.constraints import Violation, raise_violations


@dataclass(frozen=True)
class ValidationContext:
    """The facts outside a file that it is validated against, passed as pydantic's validation context."""

    name: str | None = None
    """The file's name without `.tfvars`, which must be the pipeline's name."""
    now: datetime | None = None
    """The moment (with a time zone) that separates the past from the future; None if neither is checked."""
    embedded: bool = False
    """Whether the pipeline runs on the embedded cloud, which does not limit the number of history events."""

    def local_time(self, zone: str) -> datetime | None:
        """`now` on the clocks of a time zone, without a zone; None if it is unknown or outside of the calendar."""
        if self.now is None:
            return None
        with suppress(OverflowError):
            return self.now.astimezone(time_zone(zone)).replace(tzinfo=None)
        return None


def context_of(info: ValidationInfo) -> ValidationContext:
    """The context passed to the validation, or the default context."""
    return info.context if isinstance(info.context, ValidationContext) else ValidationContext()


class Section(BaseModel):
    """Frozen and strict; rejects unknown fields. A null counts as an omitted field, as in Terraform.

    The string below a field is its description in docs/pipeline-file.md (descriptions.py).
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)

    @classmethod
    def defaults(cls) -> Self:
        """The section with all fields omitted; all of them must be optional.

        Skips validation, so that pydantic does not build a validator at import; it later builds one for the whole file.
        """
        return cls.model_construct()

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value is not None or name not in cls.model_fields}

    @model_validator(mode="after")
    def _check_rules(self, info: ValidationInfo) -> Self:
        raise_violations(self.broken_rules(context_of(info)))
        return self

    def broken_rules(self, context: ValidationContext) -> Iterator[Violation]:
        """The violations of rules between fields that are each valid."""
        return iter(())
