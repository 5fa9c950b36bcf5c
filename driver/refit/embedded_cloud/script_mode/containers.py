"""Knows how AWS's framework images differ in what they read and when they answer a ping.

An image that is not known behaves like the least convenient one, except that its ping reports a model that failed.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Container:
    """How an image serves a program.

    `reads_empty_last_line`: text/csv that ends in a line feed has one row more. AWS's SDK never sends it.
    `pings_without_model`: the ping succeeds although the model failed to load, so the endpoint comes into service.
    """

    reads_empty_last_line: bool = True
    pings_without_model: bool = False


CONTAINERS = {
    # csv.reader of sagemaker-containers' encoders. The first ping imports the program and loads its model:
    # https://github.com/aws/sagemaker-scikit-learn-container/blob/master/src/sagemaker_sklearn_container/serving.py
    "scikit-learn": Container(reads_empty_last_line=False),
    # Splits at every line feed and reads an empty field as nan:
    # https://github.com/aws/sagemaker-xgboost-container/blob/master/src/sagemaker_xgboost_container/encoder.py
    "xgboost": Container(),
    # TorchServe answers a ping with 200 while its workers die: https://github.com/aws/deep-learning-containers/issues/2917
    # Its CSV is read by numpy.genfromtxt, which skips empty lines: aws/sagemaker-inference-toolkit, decoder.py
    "pytorch": Container(reads_empty_last_line=False, pings_without_model=True),
}


def of_image(image: str) -> Container:
    """The container of an image, by the name of its repository."""
    repository = image.rpartition("/")[2]
    return next((container for name, container in CONTAINERS.items() if name in repository), Container())
