"""Builds the tags by which a SageMaker resource is traced to its run. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

from refit.domain.run_document import Run, Tag

# Tag values consist of letters, digits, spaces (no tabs or line breaks) and _ . : / = + - @, at most 256 of them:
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Tag.html
NOT_ALLOWED = re.compile(r"[^\w .:/=+\-@]")


def of(run: Run, own: Mapping[str, str]) -> list[Tag]:
    """The pipeline's own tags, overridden by refit:pipeline, :run, :fingerprint and, if known, :commit."""
    ours = {
        "refit:pipeline": run["pipeline"],
        "refit:run": run["run"],
        "refit:fingerprint": run["fingerprint"],
        "refit:commit": run["commit"],
    }
    known = {key: NOT_ALLOWED.sub("_", value)[:256] for key, value in ours.items() if value}
    return [{"Key": key, "Value": value} for key, value in {**own, **known}.items()]
