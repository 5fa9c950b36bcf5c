"""The MetricDefinitions that AWS shows for a training job of Linear Learner.

They are those of a job description that a user has published. Metrics do not depend on them here.
https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner-tuning.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

Definition = dict[str, str]

# For each metric: what the algorithm logs, and the channels that it logs it for.
_TRAINED, _HELD_OUT = ("train", "validation", "test"), ("validation", "test")
_METRICS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "absolute_loss": ("absolute_loss <loss>", _TRAINED),
    "binary_classification_accuracy": ("binary_classification_accuracy <score>", _TRAINED),
    "binary_f_beta": (r"binary_f_\S+ <score>", _TRAINED),
    "dcg": ("dcg <score>", _HELD_OUT),
    "macro_f_beta": (r"macro_f_\S+ <score>", _HELD_OUT),
    "macro_precision": ("macro_precision <score>", _HELD_OUT),
    "macro_recall": ("macro_recall <score>", _HELD_OUT),
    "mse": ("mse <loss>", _TRAINED),
    "multiclass_accuracy": ("multiclass_accuracy <score>", _HELD_OUT),
    "multiclass_top_k_accuracy": (r"multiclass_top_k_accuracy_\S+ <score>", _HELD_OUT),
    "precision": ("precision <score>", _TRAINED),
    "recall": ("recall <score>", _TRAINED),
}
_OBJECTIVE = r"\S+_objective <loss>"


def _definitions() -> Iterator[Definition]:
    quality = r"#quality_metric: host=\S+, "
    for metric, (logged, channels) in _METRICS.items():
        for channel in channels:
            yield {"Name": f"{channel}:{metric}", "Regex": rf"{quality}{channel} {logged}=(\S+)"}
    for channel in ("train", "validation"):
        each_epoch = rf"{quality}epoch=\S+, {channel} {_OBJECTIVE}=(\S+)"
        yield {"Name": f"{channel}:objective_loss", "Regex": each_epoch}
        yield {"Name": f"{channel}:objective_loss:final", "Regex": rf"{quality}{channel} {_OBJECTIVE}=(\S+)"}
    yield {"Name": "test:objective_loss", "Regex": rf"{quality}test {_OBJECTIVE}=(\S+)"}
    yield {"Name": "train:progress", "Regex": r"#progress_metric: host=\S+, completed (\S+) %"}
    throughput = r"#throughput_metric: host=\S+, train throughput=(\S+) records/second"
    yield {"Name": "train:throughput", "Regex": throughput}


METRIC_DEFINITIONS: tuple[Definition, ...] = tuple(_definitions())
