"""Which algorithm an image is. The one list to extend when the embedded cloud learns another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

from refit.embedded_cloud import linear_learner, script_mode
from refit.embedded_cloud.instance.algorithm import CustomerError, Server, Trainer


class Algorithm(Trainer, Server, Protocol):
    """What trains and serves."""


BUILT_IN: Mapping[str, Algorithm] = {"linear-learner": linear_learner}
"""By repository: AWS keeps its built-in algorithms under the same name in an account of each region."""

_ECR_IMAGE = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z0-9.-]+/(?P<repository>[^:@]+)([:@].+)?")


def built_in(image: str) -> Algorithm | None:
    """The built-in algorithm of an ECR image, whatever its region and tag; None for another image."""
    match = _ECR_IMAGE.fullmatch(image)
    return BUILT_IN.get(match["repository"]) if match else None


def trainer(request: Mapping[str, Any]) -> Trainer:
    """What trains the job of a CreateTrainingJob. Raises CustomerError for one that cannot run here."""
    specification = request["AlgorithmSpecification"]
    image = specification.get("TrainingImage", "")
    if algorithm := built_in(image):
        if specification.get("MetricDefinitions"):
            raise CustomerError(
                "You can't override the metric definitions for Amazon SageMaker algorithms. Please retry the request "
                "without specifying metric definitions."
            )
        return algorithm
    program = script_mode.of_job(request.get("HyperParameters", {}))
    if program is None:
        raise CustomerError(unknown(image))
    return script_mode.ScriptTrainer(program, request)


def program(container: Mapping[str, Any]) -> script_mode.Program | None:
    """The program that a model's container runs; None for a built-in algorithm.

    Raises CustomerError for a container that cannot run here.
    """
    return None if built_in(container.get("Image", "")) else _program(container)


def server(container: Mapping[str, Any], code: bytes) -> Server:
    """What serves a model's container; `code` is that of its program. Raises CustomerError."""
    if algorithm := built_in(container.get("Image", "")):
        return algorithm
    return script_mode.ScriptServer(_program(container), code, container["Environment"])


def _program(container: Mapping[str, Any]) -> script_mode.Program:
    found = script_mode.of_container(container.get("Environment", {}))
    if found is None:
        raise CustomerError(unknown(container.get("Image", "")))
    return found


def unknown(image: str) -> str:
    """What to say of an image that cannot run here."""
    known = ", ".join(f"<account>.dkr.ecr.<region>.amazonaws.com/{name}:1" for name in BUILT_IN)
    return (
        f"the embedded cloud has no Docker, and cannot run the image {image}; it has {known}, and runs the program of "
        f"an image in script mode ({' and '.join(script_mode.HYPERPARAMETERS)}; a container has "
        f"{' and '.join(script_mode.VARIABLES)}): write training.source in the pipeline file. Other images run on AWS"
    )
