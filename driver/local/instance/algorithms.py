"""Which algorithm an image is. The one list to extend when the embedded cloud learns another."""

from __future__ import annotations

import re
from collections.abc import Mapping

from driver.local import linear_learner
from driver.local.instance.contract import Algorithm

BUILT_IN: Mapping[str, Algorithm] = {"linear-learner": linear_learner}
"""By repository: AWS keeps its built-in algorithms under the same name in an account of each region."""

_ECR_IMAGE = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z0-9.-]+/(?P<repository>[^:@]+)([:@].+)?")


def find(image: str) -> Algorithm | None:
    """The algorithm of an ECR image, whatever its region and tag; None for one that cannot run here."""
    match = _ECR_IMAGE.fullmatch(image)
    return BUILT_IN.get(match["repository"]) if match else None


def unknown(image: str) -> str:
    """What to say of an image that `find` does not know."""
    known = ", ".join(f"<account>.dkr.ecr.<region>.amazonaws.com/{name}:1" for name in BUILT_IN)
    return f"the embedded cloud cannot run the image {image}; it has {known}. Other images run on AWS"
