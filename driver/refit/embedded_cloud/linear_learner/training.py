"""Trains Linear Learner: reads the hyperparameters and channels, writes the model, and returns the metrics."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from refit.embedded_cloud.instance.algorithm import Channel, CustomerError, Source, TrainingInput
from refit.embedded_cloud.linear_learner import fit, hyperparameters, metrics, recordio, records, rows
from refit.embedded_cloud.linear_learner.model import LinearModel
from refit.embedded_cloud.linear_learner.moments import Moments
from refit.embedded_cloud.linear_learner.rows import Batch
from refit.embedded_cloud.linear_learner.spool import Spool

CHANNELS = ("train", "validation", "test")
READERS: Mapping[str, Callable[[Sequence[Source], int | None], Iterable[Batch]]] = {
    "text/csv": rows.read,
    recordio.MEDIA_TYPE: records.read,
}
"""By media type; without a ContentType, a channel is read as RecordIO-protobuf."""


def train(job: TrainingInput) -> dict[str, float]:
    """Fits on the channel `train`, computes the metrics of every channel, and saves the model. Raises CustomerError.

    Metrics have AWS's names: `train:objective_loss`, `validation:mse` …
    """
    settings = hyperparameters.parse(job.hyperparameters)
    _check(job.channels)
    for name in settings.without_effect:
        is_of_objective = name in hyperparameters.OF_OBJECTIVE
        why = "it changes the model only on AWS" if is_of_objective else "the optimum is computed"
        job.log(f"hyperparameter {name} has no effect on the embedded cloud: {why}")

    for name, channel in job.channels.items():
        if len({source.path.parent for source in channel.sources}) > 1:
            job.log(f"channel {name} has several folders: AWS does not document that Linear Learner reads all of them")

    batches = Spool(partial(_read, "train", job.channels["train"], settings), job.volume / "parsed-rows")
    moments = fit.moments_of(batches, with_label=settings.predictor_type == "regressor")
    _check_mini_batch(settings.mini_batch_size, moments.count, job.instance_count)
    model = _fit(batches, moments, settings)
    results = {
        f"{name}:{metric}": value
        for name, channel in job.channels.items()
        for metric, value in metrics.measure(
            model, batches() if name == "train" else _read(name, channel, settings, len(model.weights)), settings
        ).items()
    }
    model.save(job.model_dir)
    for name, value in results.items():
        job.log(f"#quality_metric: host=algo-1, {name}={value}")
    return results


def _fit(batches: fit.Rows, moments: Moments, settings: hyperparameters.Settings) -> LinearModel:
    if settings.predictor_type == "multiclass_classifier":
        return fit.multinomial(batches, moments, settings.wd, settings.epochs, settings.num_classes)
    if settings.predictor_type == "binary_classifier":
        if settings.margin is not None:
            return fit.hinge(batches, moments, settings.wd, settings.margin)
        return fit.logistic(batches, moments, settings.wd, settings.epochs)
    if settings.loss is not None:
        return fit.robust(batches, moments, settings.wd, settings.loss)
    return fit.least_squares(moments, settings.wd)


def _read(
    name: str, channel: Channel, settings: hyperparameters.Settings, feature_dim: int | None = None
) -> Iterator[Batch]:
    media_type = _media_type(channel)
    batches = READERS[media_type](channel.sources, feature_dim or settings.feature_dim)
    try:
        yield from rows.classes(batches, settings.num_classes) if settings.num_classes else batches
    except records.Damaged as error:
        raise CustomerError(
            f"Unable to read data channel {name!r}. Requested content-type is {media_type!r}. "
            f"Please verify the data matches the requested content-type. ({error})"
        ) from error


def _check_mini_batch(size: int, records: int, instance_count: int) -> None:
    """AWS fails a job whose mini-batch is greater than the number of records per instance, with this message.

    https://github.com/aws/sagemaker-python-sdk/blob/v2.232.0/src/sagemaker/amazon/amazon_estimator.py
    """
    most = records // instance_count
    if size > most:
        advice = f"set the hyperparameter mini_batch_size to {most} or less" if most else "train on fewer instances"
        raise CustomerError(
            f"mini_batch_size ({size}) is greater than the number of records per instance "
            f"({records} records, InstanceCount {instance_count}); {advice}"
        )


def _check(channels: Mapping[str, Channel]) -> None:
    """Checks the channels and their content types; errors have the algorithm's own message where it is known."""
    invalid = "Unable to initialize the algorithm. Failed to validate input data configuration: "
    if "train" not in channels:
        raise CustomerError(invalid + "'train' is a required property")
    for name, channel in channels.items():
        if name not in CHANNELS:
            raise CustomerError(invalid + f"additional properties are not allowed ({name!r} was unexpected)")
        if _media_type(channel) not in READERS:
            raise CustomerError(
                f"Unable to read data channel {name!r}. Requested content-type is {_media_type(channel)!r}. "
                f"Set the channel's ContentType to one of {', '.join(READERS)}"
            )


def _media_type(channel: Channel) -> str:
    return (channel.content_type or recordio.MEDIA_TYPE).partition(";")[0].strip().lower()
