"""Maps container images to the algorithms that the embedded cloud can run. Add a new algorithm to BUILT_IN."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from refit.domain import algorithms
from refit.domain.data_formats import READS
from refit.embedded_cloud import linear_learner, script_mode, xgboost
from refit.embedded_cloud.instance.algorithm import CustomerError, Server, Trainer


class Algorithm(Trainer, Server, Protocol):
    """An algorithm that both trains and serves."""

    @property
    def METRIC_DEFINITIONS(self) -> Sequence[Mapping[str, str]]:
        """The MetricDefinitions that AWS shows for its training jobs."""
        ...

    def require(self) -> None:
        """Raises CustomerError if a library that it needs is not installed."""
        ...


BUILT_IN: Mapping[str, Algorithm] = {"linear-learner": linear_learner, "sagemaker-xgboost": xgboost}
"""The built-in algorithms by the name of their ECR repository; the registry's account differs between regions."""
RUNS_PROGRAMS = frozenset({"sagemaker-xgboost"})
"""The repositories whose image also runs programs in script mode."""

OTHER_OUTPUT = "SAGEMAKER_INFERENCE_OUTPUT"
"""Selects what XGBoost returns: https://github.com/aws/sagemaker-xgboost-container/pull/111"""

WITH_PYTHON = (
    "sagemaker-scikit-learn",
    "sagemaker-xgboost",
    "sagemaker-base-python",
    *(
        f"{framework}-{use}"
        for framework in ("pytorch", "tensorflow", "huggingface-pytorch", "huggingface-tensorflow")
        for use in ("training", "inference")
    ),
)
"""The ECR repositories of AWS's images whose Python runs a processing job's program.

https://github.com/aws/sagemaker-python-sdk/tree/v2.232.0/src/sagemaker/image_uri_config
"""
PYTHON = re.compile(r"(/usr/bin/|/usr/local/bin/)?python(3(\.\d+)?)?")

_ECR_IMAGE = re.compile(r"\d{12}\.dkr\.ecr\.[a-z0-9-]+\.[a-z0-9.-]+/(?P<repository>[^:@]+)([:@].+)?")


def _repository(image: str) -> str:
    match = _ECR_IMAGE.fullmatch(image)
    return match["repository"] if match else ""


def built_in(request: Mapping[str, Any]) -> Algorithm | None:
    """The built-in algorithm of a CreateTrainingJob request, in an image of any region and tag; None for a program.

    Raises CustomerError if the request names half a program.
    """
    name = _repository(request.get("AlgorithmSpecification", {}).get("TrainingImage", ""))
    if name in RUNS_PROGRAMS and script_mode.of_job(request.get("HyperParameters", {})):
        return None
    return BUILT_IN.get(name)


def _served(container: Mapping[str, Any]) -> Algorithm | None:
    """The built-in algorithm of a model's container; None for a program. Raises CustomerError."""
    name, environment = _repository(container.get("Image", "")), container.get("Environment", {})
    if name in RUNS_PROGRAMS and script_mode.of_container(environment):
        return None
    algorithm = BUILT_IN.get(name)
    if algorithm and OTHER_OUTPUT in environment:
        raise CustomerError(
            f"the embedded cloud returns predictions alone: the variable {OTHER_OUTPUT} works only on AWS"
        )
    return algorithm


def check_processing(application: Mapping[str, Any]) -> None:
    """Raises CustomerError if the AppSpecification of a processing job cannot run on the embedded cloud."""
    image, entrypoint = application["ImageUri"], application.get("ContainerEntrypoint", [])
    if _repository(image) not in WITH_PYTHON:
        raise CustomerError(
            f"the embedded cloud has no Docker and cannot run the image {image}. It runs the Python program of a "
            f"processing job in AWS's images {', '.join(WITH_PYTHON)}. Other images run only on AWS"
        )
    if len(entrypoint) < 2 or not PYTHON.fullmatch(entrypoint[0]):
        raise CustomerError(
            f"the embedded cloud runs only programs in Python, found the ContainerEntrypoint {entrypoint}: set it to "
            '["python3", "/opt/ml/processing/input/code/…"]. Other entry points run only on AWS'
        )


def trainer(request: Mapping[str, Any]) -> Trainer:
    """The trainer for a CreateTrainingJob request. Raises CustomerError if it cannot run on the embedded cloud."""
    specification = request["AlgorithmSpecification"]
    image = specification.get("TrainingImage", "")
    if algorithm := built_in(request):
        algorithm.require()
        _check_modes(request, _repository(image))
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


def _check_modes(request: Mapping[str, Any], repository: str) -> None:
    """The algorithms document the input modes that they support (refit.domain.data_formats)."""
    algorithm = next(one for one in algorithms.BUILT_IN.values() if one.repository == repository)
    supported = {mode for modes in READS[algorithm.name].values() for mode in modes}
    channels = request.get("InputDataConfig", ())
    asked = (request["AlgorithmSpecification"].get("TrainingInputMode"), *(one.get("InputMode") for one in channels))
    for mode in asked:
        if mode is not None and mode not in supported:
            raise CustomerError(
                f"{algorithm.title} supports the input modes {', '.join(sorted(supported))}, not {mode}"
            )


def program(container: Mapping[str, Any]) -> script_mode.Program | None:
    """The program that a model's container runs; None for a built-in algorithm.

    Raises CustomerError if the container cannot run on the embedded cloud.
    """
    return None if _served(container) else _program(container)


def server(container: Mapping[str, Any], code: bytes) -> Server:
    """The server for a model's container; `code` is the tar.gz of its program. Raises CustomerError."""
    image = container.get("Image", "")
    if algorithm := _served(container):
        return algorithm
    return script_mode.ScriptServer(image, _program(container), code, container["Environment"])


def _program(container: Mapping[str, Any]) -> script_mode.Program:
    program_of_container = script_mode.of_container(container.get("Environment", {}))
    if program_of_container is None:
        raise CustomerError(unknown(container.get("Image", "")))
    return program_of_container


def unknown(image: str) -> str:
    """The message for an image that cannot run on the embedded cloud."""
    built_in_images = " and ".join(
        f"<account>.dkr.ecr.<region>.amazonaws.com/{algorithm.repository}:{algorithm.tag}"
        for algorithm in algorithms.BUILT_IN.values()
    )
    return (
        f"the embedded cloud has no Docker and cannot run the image {image}. It emulates {built_in_images}, and runs "
        f"programs in script mode (hyperparameters {' and '.join(script_mode.HYPERPARAMETERS)}; in a model's container "
        f"the variables {' and '.join(script_mode.VARIABLES)}): set training.source in the pipeline file. Other "
        "images run only on AWS"
    )
