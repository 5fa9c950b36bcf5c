"""Trains gradient boosted trees on CSV without a header, label first: a custom algorithm in SageMaker's script mode.

SageMaker runs this file to train, and imports it to serve. It needs scikit-learn: on AWS the image's version, which is
1.2.1 on Python 3.8; on the embedded cloud the version on this machine.
https://sagemaker.readthedocs.io/en/v2.232.0/frameworks/sklearn/using_sklearn.html
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from sklearn.ensemble import GradientBoostingRegressor
from sklearn.metrics import mean_squared_error

FILE = "model.joblib"


def main() -> None:
    """Trains on the channel train, prints the mean squared error of each channel, and saves the model."""
    labels, features = read(os.environ["SM_CHANNEL_TRAIN"])
    model = GradientBoostingRegressor(**vars(hyperparameters())).fit(features, labels)
    # The pipeline file's training.metrics reads these lines.
    print(f"train:mse={mean_squared_error(labels, model.predict(features))}")
    if "SM_CHANNEL_VALIDATION" in os.environ:
        labels, features = read(os.environ["SM_CHANNEL_VALIDATION"])
        print(f"validation:mse={mean_squared_error(labels, model.predict(features))}")
    joblib.dump(model, Path(os.environ["SM_MODEL_DIR"], FILE))


def hyperparameters() -> argparse.Namespace:
    """The pipeline file's training.hyperparameters, which are passed as arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--n_estimators", type=int, default=100)
    parser.add_argument("--learning_rate", type=float, default=0.1)
    parser.add_argument("--max_depth", type=int, default=3)
    parser.add_argument("--subsample", type=float, default=1.0)
    parser.add_argument("--random_state", type=int, default=0)
    return parser.parse_args()


def read(channel: str) -> tuple[np.ndarray, np.ndarray]:
    """The labels and features in all files of a channel."""
    files = sorted(path for path in Path(channel).rglob("*") if path.is_file())
    table = np.vstack([np.loadtxt(path, delimiter=",", ndmin=2) for path in files])
    return table[:, 0], table[:, 1:]


def model_fn(model_dir: str) -> GradientBoostingRegressor:
    return joblib.load(Path(model_dir, FILE))


def predict_fn(rows: np.ndarray, model: GradientBoostingRegressor) -> Any:
    """A number for each row; a request with a single row is an array with one dimension."""
    return model.predict(rows.reshape(-1, model.n_features_in_))


if __name__ == "__main__":
    main()
