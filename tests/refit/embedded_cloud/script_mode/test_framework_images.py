"""AWS's images differ in how they read CSV and in when they answer a ping."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from refit.embedded_cloud.instance import artifact
from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload
from refit.embedded_cloud.script_mode import Program, ScriptServer
from tests.support.embedded_cloud.served_program import ENVIRONMENT, SKLEARN, SOURCE, SUMS, Server, invoke

XGBOOST = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1"
PYTORCH = "763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-inference:2.3-cpu-py311"
HUGGING_FACE = "763104351884.dkr.ecr.us-west-2.amazonaws.com/huggingface-tensorflow-inference:2.11.1-cpu"
OWN = "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1"


@pytest.mark.parametrize("image", [SKLEARN, PYTORCH])
def test_images_that_skip_an_empty_last_line_answer_one_row_for_it(server: Server, image: str) -> None:
    assert json.loads(invoke(server.load(SUMS, image=image), "1\n2\n")) == [3.5]


@pytest.mark.parametrize("image", [XGBOOST, OWN])
def test_other_images_read_a_line_feed_at_the_end_as_one_more_row(server: Server, image: str) -> None:
    model = server.load(SUMS + "def predict_fn(rows, model):\n    return [str(row) for row in rows]\n", image=image)
    assert json.loads(invoke(model, "1\n2\n")) == ["1.0", "2.0", "nan"]
    assert json.loads(invoke(model, "1\n2")) == ["1.0", "2.0"]
    with pytest.raises(ModelError, match="inhomogeneous") as refusal:
        invoke(model, "1,2\n3,4\n")
    assert refusal.value.status == 500


BROKEN_MODEL = "def model_fn(model_dir): raise OSError('no weights')"
BROKEN_PROGRAM = "raise OSError('no weights')"


@pytest.mark.parametrize(
    ("image", "program"),
    [(XGBOOST, BROKEN_MODEL), (PYTORCH, BROKEN_MODEL), (PYTORCH, BROKEN_PROGRAM), (HUGGING_FACE, BROKEN_PROGRAM)],
)
def test_some_images_come_into_service_without_a_model_and_fail_every_request(
    server: Server, image: str, program: str
) -> None:
    predictor = server.start(program, ENVIRONMENT, image)
    with pytest.raises(ModelError, match=r"the model was not loaded: train\.py: OSError: no weights") as refusal:
        predictor.predict(Payload(b"1,2", "text/csv", ""))
    assert refusal.value.status == 500


@pytest.mark.parametrize(
    ("image", "program"),
    [(SKLEARN, BROKEN_MODEL), (SKLEARN, BROKEN_PROGRAM), (OWN, BROKEN_MODEL), (XGBOOST, BROKEN_PROGRAM)],
)
def test_the_ping_of_other_images_fails_without_a_model(server: Server, image: str, program: str) -> None:
    with pytest.raises(CannotLoad, match="OSError: no weights"):
        server.start(program, ENVIRONMENT, image)


def test_no_image_comes_into_service_without_its_code(tmp_path: Path) -> None:
    with pytest.raises(CannotLoad, match=r"does not contain train\.py"):
        ScriptServer(PYTORCH, Program("train.py", SOURCE), artifact.pack(tmp_path), ENVIRONMENT).load(tmp_path)
