"""A loaded XGBoost model: content types in and out, AWS's errors, and files that are not loaded."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from refit.domain.predictions import read
from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload
from refit.embedded_cloud.linear_learner import recordio
from refit.embedded_cloud.linear_learner.tensors import Tensor
from refit.embedded_cloud.xgboost import booster
from tests.support.embedded_cloud.xgboost_job import SQUARED, Job

TRAIN = "".join(f"{3 * n},{n},{n % 3}\n" for n in range(60))
CLASSES = "".join(f"{n % 3},{n},{n % 3}\n" for n in range(60))


@pytest.fixture
def trained(job: Job) -> Job:
    job.channel("train", TRAIN).train(SQUARED)
    return job


def ask(job: Job, body: bytes | str, content_type: str = "text/csv", accept: str = "") -> tuple[bytes, str]:
    content = body.encode() if isinstance(body, str) else body
    response = job.booster.predict(Payload(content, content_type, accept))
    return response.body, response.content_type


def test_csv_is_a_number_a_line_and_json_a_list(trained: Job) -> None:
    lines, media_type = ask(trained, "10,1\n20,2")
    assert media_type == "text/csv"
    assert ask(trained, "10,1\n20,2", accept="*/*") == (lines, media_type)
    listed, media_type = ask(trained, "10,1\n20,2", accept="application/json")
    assert media_type == "application/json"
    assert [float(line) for line in lines.decode().splitlines()] == json.loads(listed)
    assert [answer.score for answer in read(listed)] == json.loads(listed)


def test_probabilities_of_all_classes_are_a_row(job: Job) -> None:
    job.channel("train", CLASSES)
    job.train({"objective": "multi:softprob", "num_class": "3", "num_round": "10"})
    lines, _ = ask(job, "10,1\n20,2")
    assert [len(line.split(",")) for line in lines.decode().splitlines()] == [3, 3]
    answers = read(ask(job, "10,1\n20,2", accept="application/json")[0])
    assert [answer.scores.index(max(answer.scores)) for answer in answers if answer.scores] == [1, 2]


def test_a_class_is_a_number(job: Job) -> None:
    job.channel("train", CLASSES)
    job.train({"objective": "multi:softmax", "num_class": "3", "num_round": "10"})
    assert ask(job, "10,1\n20,2")[0] == b"1.0\n2.0\n"


def test_white_space_around_the_body_does_not_count(trained: Job) -> None:
    assert ask(trained, "10,1\n20,2\n") == ask(trained, "\n10,1\n20,2") == ask(trained, "10,1\n20,2")


def test_an_empty_cell_is_a_missing_value(trained: Job) -> None:
    assert ask(trained, "10,") == ask(trained, "10,nan")


def test_other_formats_give_the_same_answers(trained: Job) -> None:
    expected = ask(trained, "10,1\n20,2")
    assert ask(trained, "0:10 1:1\n0:20 1:2", "text/libsvm") == expected
    assert ask(trained, "7 0:10 1:1\n7 0:20 1:2\n", "text/x-libsvm") == expected
    records = b"".join(
        recordio.write(recordio.Record({"values": Tensor(np.array(row))})) for row in ([10.0, 1.0], [20.0, 2.0])
    )
    assert ask(trained, records, "application/x-recordio-protobuf") == expected


@pytest.mark.parametrize(
    ("body", "content_type", "accept", "status", "message"),
    [
        ("{}", "application/json", "", 415, "application/json is not an accepted ContentType: csv, libsvm, parquet"),
        ("PAR1", "application/x-parquet", "", 415, "Content-type application/x-parquet is not supported."),
        ("a,b\n", "text/csv", "", 415, "Loading csv data failed with Exception, please ensure data is in csv format"),
        ("1,2\n3", "text/csv", "", 415, "Loading csv data failed"),
        ("1,2\n\n3,4", "text/csv", "", 415, "Loading csv data failed"),
        ("-1:3", "text/libsvm", "", 415, "Loading libsvm data failed"),
        (b"\xff\xfe", "text/csv", "", 415, "Loading csv data failed"),
        ("1,2,3", "text/csv", "", 400, "Unable to evaluate payload provided"),
        ("1,2", "text/csv", "application/jsonlines", 406, "Accept type application/jsonlines is not supported"),
    ],
)
def test_what_it_cannot_answer_has_awss_status(
    trained: Job, body: bytes | str, content_type: str, accept: str, status: int, message: str
) -> None:
    with pytest.raises(ModelError, match=message) as refused:
        ask(trained, body, content_type, accept)
    assert refused.value.status == status
    assert "Stack trace" not in str(refused.value)


def test_a_file_that_is_no_model_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "xgboost-model"
    for content, message in ((b"no model", "cannot be loaded"), (pickle.dumps({}), "is a pickle")):
        path.write_bytes(content)
        with pytest.raises(CannotLoad, match=message):
            booster.load(path)
