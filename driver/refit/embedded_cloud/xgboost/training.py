"""Trains XGBoost: reads the hyperparameters and channels, writes the model, and reads the metrics from the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from refit.domain.algorithms.xgboost import CHANNELS, HIGHER_IS_BETTER
from refit.embedded_cloud.instance.algorithm import AlgorithmError, CustomerError, TrainingInput
from refit.embedded_cloud.script_mode.log_metrics import LogMetrics
from refit.embedded_cloud.xgboost import custom_metrics, data, hyperparameters, library
from refit.embedded_cloud.xgboost.hyperparameters import Settings
from refit.embedded_cloud.xgboost.metric_definitions import METRIC_DEFINITIONS

MODEL_FILE = "xgboost-model"
CUSTOMER_ERRORS = (
    "label must be in [0,1] for logistic regression",
    "label must be in (0, 1) for logistic regression",
    "label must be in [0, num_class)",
    "label must be discrete values in the range of [0, num_class)",
    "Target is multiclass but average='binary'",
    "feature_names mismatch",
    "preds.size() == info.labels",
    "the dataset only contains pos or neg samples",
    "base_score must be in (0,1)",
    "label must be nonnegative",
    "label must be non-negative",
    "should be greater equal to 0",
)
"""Parts of the library's messages that are the customer's fault: CUSTOMER_ERRORS in the container's xgb_constants.py,
and their wording in the newer library."""


def train(job: TrainingInput) -> dict[str, float]:
    """Trains on the channel `train`, logs a line of metrics for each round, and saves the model.

    Returns the metrics as SageMaker reads them from the log: the last value of each. Raises CustomerError for what the
    container calls one, and AlgorithmError.
    """
    xgboost = library.load()
    settings = hyperparameters.parse(job.hyperparameters)
    _check(job.channels)
    with library.logged(job.log):
        matrices = {
            name: data.matrix(
                job.channels[name],
                job.channel_dir(name),
                job.volume / "links" / name,
                has_weights=settings.has_weights,
            )
            for name in CHANNELS
            if name in job.channels
        }
        rows, columns = matrices["train"].num_row(), matrices["train"].num_col()
        job.log(f"Train matrix has {rows} rows and {columns} columns")
        if "validation" in matrices:
            job.log(f"Validation matrix has {matrices['validation'].num_row()} rows")
        metrics = LogMetrics(METRIC_DEFINITIONS)

        def say(line: str) -> None:
            job.log(line)
            metrics.read(line)

        booster = _train(xgboost, settings, matrices, say)
        booster.save_model(job.model_dir / f"{MODEL_FILE}.ubj")
    # The library chooses the format by the suffix, and the container's file has none.
    (job.model_dir / f"{MODEL_FILE}.ubj").rename(job.model_dir / MODEL_FILE)
    return metrics.values


def _train(xgboost: Any, settings: Settings, matrices: Mapping[str, Any], say: Callable[[str], None]) -> Any:
    callbacks = [_monitor(xgboost, say)]
    if settings.early_stopping_rounds and settings.early_stopping_metric and "validation" in matrices:
        callbacks.append(
            xgboost.callback.EarlyStopping(
                rounds=settings.early_stopping_rounds,
                metric_name=settings.early_stopping_metric,
                data_name="validation",
                maximize=settings.early_stopping_metric in HIGHER_IS_BETTER,
                save_best=True,
            )
        )
    parameters = hyperparameters.with_tree_method(settings.parameters, matrices["train"].num_row())
    if settings.metrics:
        parameters["eval_metric"] = list(settings.metrics)
    try:
        return xgboost.train(
            parameters,
            matrices["train"],
            num_boost_round=settings.num_round,
            evals=[(matrix, name) for name, matrix in matrices.items()],
            custom_metric=custom_metrics.evaluation(settings.custom_metrics) if settings.custom_metrics else None,
            callbacks=callbacks,
            verbose_eval=False,
        )
    except (xgboost.core.XGBoostError, ValueError) as error:
        reason = library.reason(error)
        if any(part in reason for part in CUSTOMER_ERRORS):
            raise CustomerError(reason) from error
        raise AlgorithmError(f"XGB train call failed with exception:\n{reason}") from error


def _monitor(xgboost: Any, say: Callable[[str], None]) -> Any:
    """The callback that logs [round]#011train-rmse:1.23456: CloudWatch shows #011 for the container's tabs."""

    class Monitor(xgboost.callback.TrainingCallback):  # type: ignore[misc]
        def after_iteration(self, model: Any, epoch: int, evals_log: Mapping[str, Mapping[str, list[float]]]) -> bool:
            parts = [
                f"#011{name}-{metric}:{values[-1]:.5f}"
                for name, metrics in evals_log.items()
                for metric, values in metrics.items()
            ]
            say(f"[{epoch}]{''.join(parts)}")
            return False

    return Monitor()


def _check(channels: Mapping[str, object]) -> None:
    """The channels: sagemaker_algorithm_toolkit/channel_validation.py."""
    if "train" not in channels:
        raise CustomerError("Missing required channel: train")
    for name in channels:
        if name not in CHANNELS:
            raise CustomerError(f"Extraneous channel found: {name}")
