"""Builds the layout of a pipeline's data from the settings of a state. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from refit.domain import data_formats
from refit.domain.layout import Layout


def of(settings: Mapping[str, Any]) -> Layout:
    """The keys of the days' data. Raises UnreadableData for a format that this version does not know.

    A definition that was deployed before some of these settings existed continues with this code.
    """
    suffix = data_formats.data_format(settings.get("format"), settings.get("content_type")).suffix
    return Layout(settings["prefix"], settings.get("layout"), settings.get("ready"), suffix)
