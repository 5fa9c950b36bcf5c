"""Variants in service: their images, and what an update desires of them."""

from __future__ import annotations

import re
from typing import Any

import pytest

from refit.embedded_cloud.sagemaker import production_variants

REPOSITORY = "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner"
VARIANT: dict[str, Any] = {
    "VariantName": "A",
    "Image": f"{REPOSITORY}:1",
    "LoadedAt": 5.0,
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 2,
    "InitialVariantWeight": 1.0,
}


@pytest.mark.parametrize(
    ("image", "repository"),
    [
        (f"{REPOSITORY}:1", REPOSITORY),
        (REPOSITORY, REPOSITORY),
        ("registry:5000/team/model", "registry:5000/team/model"),
        ("registry:5000/team/model:latest", "registry:5000/team/model"),
        ("own", "own"),
    ],
)
def test_an_image_is_resolved_to_a_digest_of_its_repository(image: str, repository: str) -> None:
    (deployed,) = production_variants.summary(VARIANT | {"Image": image})["DeployedImages"]
    assert (deployed["SpecifiedImage"], deployed["ResolutionTime"]) == (image, 5.0)
    assert re.fullmatch(re.escape(repository) + "@sha256:[0-9a-f]{64}", deployed["ResolvedImage"])


def test_two_tags_have_two_digests_and_a_digest_is_its_own() -> None:
    def resolved(image: str) -> str:
        (deployed,) = production_variants.summary(VARIANT | {"Image": image})["DeployedImages"]
        return str(deployed["ResolvedImage"])

    assert resolved(f"{REPOSITORY}:1") == resolved(f"{REPOSITORY}:1") != resolved(f"{REPOSITORY}:2")
    pinned = f"{REPOSITORY}@sha256:{'0' * 64}"
    assert resolved(pinned) == pinned


def test_what_is_desired_comes_into_force_or_is_dropped() -> None:
    changing = VARIANT | {"DesiredWeight": 0.0, "DesiredInstanceCount": 5}
    summary = production_variants.summary(changing)
    assert (summary["CurrentWeight"], summary["DesiredWeight"]) == (1.0, 0.0)
    assert (summary["CurrentInstanceCount"], summary["DesiredInstanceCount"]) == (2, 5)
    after = VARIANT | {"InitialVariantWeight": 0.0, "InitialInstanceCount": 5}
    assert production_variants.as_desired(changing) == after
    assert production_variants.as_before(changing) == VARIANT
    assert production_variants.as_desired(VARIANT) == VARIANT
