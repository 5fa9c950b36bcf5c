"""The data's format and the input mode reach CheckData and the channels of the job, in both orchestrations."""

from __future__ import annotations

from typing import Any

import pytest

from lambdas.start_training_job import training_request
from refit.pipeline.model import Pipeline
from tests.support.definitions import OWN, pipeline, settings_of, states

RUN: Any = {
    "name": "prices-20261122-0a1b2c3d",
    "pipeline": "prices",
    "bucket": "${bucket}",
    "image": "mine",
    "manifest": "s3://b/manifest",
    "validation": "s3://b/validation",
    "tags": [],
}
FORMATS: list[tuple[dict[str, str], str, dict[str, str]]] = [
    ({"format": "csv"}, "File", {"ContentType": "text/csv"}),
    ({"format": "csv.gz"}, "File", {"ContentType": "text/csv"}),
    ({"format": "csv.gz"}, "Pipe", {"ContentType": "text/csv", "CompressionType": "Gzip"}),
    ({"format": "parquet"}, "FastFile", {"ContentType": "application/x-parquet"}),
    ({"format": "jsonlines"}, "Pipe", {"ContentType": "application/jsonlines"}),
    ({"format": "recordio"}, "File", {"ContentType": "application/x-recordio-protobuf"}),
    ({"content_type": "text/csv; label_size=1"}, "Pipe", {"ContentType": "text/csv; label_size=1"}),
]


def built(orchestration: str, data: dict[str, str], mode: str) -> Pipeline:
    return pipeline(
        orchestration=orchestration,
        data={"prefix": "data/", "feature_dim": 13, **data},
        window={"holdout_days": 1},
        training={**OWN, "input_mode": mode},
    )


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
@pytest.mark.parametrize(("data", "mode", "members"), FORMATS, ids=str)
def test_every_channel_has_the_format_and_the_mode(
    orchestration: str, data: dict[str, str], mode: str, members: dict[str, str]
) -> None:
    one = built(orchestration, data, mode)
    if orchestration == "direct":
        request = states(one)["StartTrainingJob"]["Arguments"]
    else:
        settings = settings_of(one, "StartTrainingJob")
        settings["hyperparameters"].pop("sagemaker_submit_directory.$")
        request = training_request(RUN, settings)
    assert request["AlgorithmSpecification"]["TrainingInputMode"] == mode
    channels = {channel.pop("ChannelName"): channel for channel in request["InputDataConfig"]}
    assert sorted(channels) == ["lookup", "train", "validation"]
    for channel in channels.values():
        assert channel.pop("DataSource")
        assert channel == {**members, "InputMode": mode}


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_check_data_reads_the_formats_names(orchestration: str) -> None:
    settings = settings_of(built(orchestration, {"format": "parquet"}, "File"), "CheckData")
    assert (settings["format"], settings["content_type"]) == ("parquet", None)
