"""The account of the steps, how a step is registered, and what it compares."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.predictor import Predictor

REGION, ACCOUNT, INSTANCE = "us-west-2", "000000000000", "ml.m5.large"
BUCKET = f"sagemaker-{REGION}-{ACCOUNT}"
STEPS: list[Callable[[], None]] = []
real_sleep = time.sleep


def step(function: Callable[[], None]) -> None:
    STEPS.append(function)


def same(found: object, wanted: object) -> None:
    if found != wanted:
        raise AssertionError(f"expected {wanted!r}, found {found!r}")


def near(found: Any, wanted: float) -> None:
    if abs(float(found) - wanted) > 0.5:
        raise AssertionError(f"expected about {wanted}, found {found!r}")


def score(answer: Any) -> float:
    return float(answer["predictions"][0]["score"])


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError("still not so after 60 seconds")
        real_sleep(0.2)


class Account:
    """What earlier steps made."""

    session: sagemaker.Session
    role: str
    uri: str
    estimator: Estimator
    predictor: Predictor
    model: Model
    later: Any
    learner: Any


def estimator(**changes: Any) -> Estimator:
    values = {
        "image_uri": sagemaker.image_uris.retrieve("linear-learner", REGION),
        "role": Account.role,
        "instance_count": 1,
        "instance_type": INSTANCE,
        "sagemaker_session": Account.session,
        "hyperparameters": {"predictor_type": "regressor", "mini_batch_size": 10, "epochs": 30},
        **changes,
    }
    return Estimator(**values)


def training_input() -> TrainingInput:
    return TrainingInput(Account.uri, content_type="text/csv")
