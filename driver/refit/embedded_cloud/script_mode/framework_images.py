"""Knows how AWS's framework images differ in what they read and when they answer a ping.

An image that is not known reads like the least convenient one, and its ping succeeds only with a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Stage = Literal["program", "model"]
"""What is loaded: first the program is imported, then its model_fn loads the model."""


@dataclass(frozen=True)
class FrameworkImage:
    """How an image serves a program.

    `reads_empty_last_line`: text/csv that ends in a line feed has one row more. AWS's SDK never sends it.
    `pings_despite`: the ping succeeds although this failed to load, so the endpoint comes into service and fails
    every request.
    """

    reads_empty_last_line: bool = True
    pings_despite: tuple[Stage, ...] = ()


# Model servers that answer every ping with 200, also while their workers die:
# https://github.com/awslabs/multi-model-server/blob/master/frontend/server/src/main/java/com/amazonaws/ml/mms/wlm/ModelManager.java
# and https://github.com/aws/deep-learning-containers/issues/2917. The program is imported by a worker, too. CSV is read
# by numpy.genfromtxt, which skips empty lines:
# https://github.com/aws/sagemaker-inference-toolkit/blob/master/src/sagemaker_inference/decoder.py
_MODEL_SERVER = FrameworkImage(reads_empty_last_line=False, pings_despite=("program", "model"))

FRAMEWORKS = {
    # csv.reader of sagemaker-containers' encoders. The first ping imports the program and loads its model:
    # https://github.com/aws/sagemaker-scikit-learn-container/blob/master/src/sagemaker_sklearn_container/serving.py
    "scikit-learn": FrameworkImage(reads_empty_last_line=False),
    # Imports the program before it starts the multi-model server. Splits CSV at every line feed, an empty field is nan:
    # https://github.com/aws/sagemaker-xgboost-container/blob/master/src/sagemaker_xgboost_container/serving.py
    # https://github.com/aws/sagemaker-xgboost-container/blob/master/src/sagemaker_xgboost_container/encoder.py
    "xgboost": FrameworkImage(pings_despite=("model",)),
    "pytorch": _MODEL_SERVER,
    "huggingface": _MODEL_SERVER,
}


def named(image: str) -> FrameworkImage:
    """What is known of an image, by the name of its repository."""
    repository = image.rpartition("/")[2].partition(":")[0]
    return next((known for name, known in FRAMEWORKS.items() if name in repository), FrameworkImage())
