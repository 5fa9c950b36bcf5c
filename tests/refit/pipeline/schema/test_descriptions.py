"""The descriptions of fields are read from the source: the string literal below each field."""

from __future__ import annotations

from refit.pipeline.model import Pipeline
from refit.pipeline.schema.base import Section
from refit.pipeline.schema.descriptions import descriptions


class Sample(Section):
    """Not the description of a field."""

    one: int = 1
    """The first field."""
    two: int = 2
    # A comment is not a description.
    three: int = 3
    """The third field,
    in two lines.
    """

    @property
    def four(self) -> int:
        """Not a field."""
        return 4


def test_the_text_below_a_field_describes_it() -> None:
    assert descriptions(Sample) == {"one": "The first field.", "three": "The third field, in two lines."}


def test_every_field_of_the_pipeline_file_is_described() -> None:
    assert descriptions(Pipeline).keys() == Pipeline.model_fields.keys()
