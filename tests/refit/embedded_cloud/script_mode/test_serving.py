"""Serving in script mode: the process loads the model, responds to requests, and ends with the model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from refit.embedded_cloud.instance import artifact
from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload, Predictor
from refit.embedded_cloud.script_mode import Program, ScriptServer, serving
from refit.embedded_cloud.script_mode.serving import ScriptPredictor
from tests.support.embedded_cloud.programs import alive
from tests.support.waiting import until

SOURCE = "s3://bucket/source.tar.gz"
SKLEARN = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
XGBOOST = "246618743249.dkr.ecr.us-west-2.amazonaws.com/sagemaker-xgboost:1.7-1"
PYTORCH = "763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-inference:2.3-cpu-py311"
HUGGING_FACE = "763104351884.dkr.ecr.us-west-2.amazonaws.com/huggingface-tensorflow-inference:2.11.1-cpu"
OWN = "123456789012.dkr.ecr.us-west-2.amazonaws.com/mine:1"
ENVIRONMENT = {"SAGEMAKER_PROGRAM": "train.py", "SAGEMAKER_SUBMIT_DIRECTORY": SOURCE}


SUMS = """
import os
print("imported")

class Model:
    def __init__(self, path):
        self.offset = float(open(path).read())
    def predict(self, rows):
        return rows.reshape(-1, rows.shape[-1]).sum(axis=1) + self.offset

def model_fn(model_dir):
    return Model(os.path.join(model_dir, "offset"))
"""


class Server:
    """Loads programs, each with the model `offset` = 0.5."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, text: str, environment: Mapping[str, str] = ENVIRONMENT, image: str = SKLEARN) -> ScriptPredictor:
        loaded = self.start(text, environment, image)
        assert isinstance(loaded, ScriptPredictor)
        return loaded

    def start(self, text: str, environment: Mapping[str, str], image: str) -> Predictor:
        code, model = self._folder / "code", self._folder / "model"
        for folder in (code, model):
            folder.mkdir(exist_ok=True)
        (code / "train.py").write_text(text)
        (model / "offset").write_text("0.5")
        return ScriptServer(image, Program("train.py", SOURCE), artifact.pack(code), environment).load(model)


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def invoke(model: ScriptPredictor, body: str | bytes, content_type: str = "text/csv", accept: str = "") -> str:
    return model.predict(Payload(body.encode() if isinstance(body, str) else body, content_type, accept)).body.decode()


def test_the_defaults_read_csv_and_json_and_answer_either(server: Server) -> None:
    model = server.load(SUMS)
    assert json.loads(invoke(model, "1,2\n3,4")) == [3.5, 7.5]
    assert json.loads(invoke(model, "[[1, 2], [3, 4]]", "application/json", "*/*")) == [3.5, 7.5]
    assert json.loads(invoke(model, "[[1, 2]]", "")) == [3.5]
    assert invoke(model, "1,2\n3,4", accept="text/csv") == "3.5\n7.5\n"


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


def test_the_default_media_type_is_the_one_that_the_container_sets(server: Server) -> None:
    model = server.load(SUMS, ENVIRONMENT | {"SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT": "text/csv"})
    assert invoke(model, "1,2\n3,4") == "3.5\n7.5\n"


def test_arrays_are_read_and_answered_as_numpy_writes_them(server: Server, tmp_path: Path) -> None:
    np.save(tmp_path / "rows.npy", [[1.0, 2.0]])
    body = (tmp_path / "rows.npy").read_bytes()
    answer = server.load(SUMS).predict(Payload(body, "application/x-npy", "application/x-npy"))
    (tmp_path / "answer.npy").write_bytes(answer.body)
    assert np.load(tmp_path / "answer.npy").tolist() == [3.5]


def test_the_programs_own_functions_take_the_defaults_places(server: Server) -> None:
    model = server.load(
        SUMS
        + """
def input_fn(body, content_type):
    assert isinstance(body, str if content_type == "text/csv" else bytes)
    return len(body)
def predict_fn(data, model):
    return data + model.offset
def output_fn(prediction, accept):
    return f"{accept}: {prediction}", "text/plain"
"""
    )
    answer = model.predict(Payload(b"12345", "text/csv", "application/json"))
    assert (answer.body, answer.content_type) == (b"application/json: 5.5", "text/plain")
    assert invoke(model, b"123", "image/png", "text/html") == "text/html: 3.5"


def test_a_program_may_have_one_function_for_everything(server: Server) -> None:
    transform = "def transform_fn(model, body, content_type, accept):\n    return body * 2\n"
    assert invoke(server.load(SUMS + transform), "ab") == "abab"
    with pytest.raises(CannotLoad, match="either transform_fn or the others"):
        server.load(SUMS + transform + "def input_fn(body, content_type): ...\n")


@pytest.mark.parametrize(
    ("body", "content_type", "accept", "status", "expected"),
    [
        ("1,2", "image/png", "", 415, "Content type image/png is not supported"),
        ("1,2\n3,4", "text/csv", "text/html", 406, "Content type text/html is not supported"),
        ("a,b\nc,d", "text/csv", "", 500, "ValueError: could not convert"),
        ("{", "application/json", "", 500, "JSONDecodeError"),
    ],
)
def test_a_request_that_the_program_cannot_answer_is_refused(
    server: Server, body: str, content_type: str, accept: str, status: int, expected: str
) -> None:
    with pytest.raises(ModelError, match=expected) as refusal:
        invoke(server.load(SUMS), body, content_type, accept)
    assert refusal.value.status == status


@pytest.mark.parametrize(
    ("result", "expected"),
    [("None", "NoneType and str"), ("5", "int and str"), ("('x', None)", "str and NoneType"), ("{}", "dict and str")],
)
def test_a_result_that_is_no_body_is_the_programs_error(server: Server, result: str, expected: str) -> None:
    model = server.load(SUMS + f"def output_fn(prediction, accept):\n    return {result}\n")
    with pytest.raises(ModelError, match=f"TypeError: output_fn returned {expected}") as refusal:
        invoke(model, "1,2")
    assert refusal.value.status == 500


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import no_such_module", "No module named 'no_such_module'"),
        ("x = 1", r"train.py has no model_fn\(model_dir\)"),
        ("def model_fn(model_dir): raise OSError('no weights')", "OSError: no weights"),
        ("raise SystemExit('trains when imported')", "SystemExit: trains when imported"),
        ("import os; os._exit(7)", "ended with exit status 7"),
    ],
)
def test_a_program_that_cannot_start_is_reported(server: Server, text: str, expected: str) -> None:
    with pytest.raises(CannotLoad, match=expected):
        server.load(text)


def test_code_without_the_program_is_reported(tmp_path: Path) -> None:
    with pytest.raises(CannotLoad, match=rf"{SOURCE} does not contain train.py"):
        ScriptServer(SKLEARN, Program("train.py", SOURCE), artifact.pack(tmp_path), ENVIRONMENT).load(tmp_path)
    with pytest.raises(CannotLoad, match=rf"the source {SOURCE} is not a tar.gz"):
        ScriptServer(SKLEARN, Program("train.py", SOURCE), b"text", ENVIRONMENT).load(tmp_path)


def test_a_process_that_dies_fails_one_request_and_comes_up_again(server: Server) -> None:
    model = server.load(
        SUMS + "def input_fn(body, content_type):\n    os._exit(3) if body == 'die' else None\n"
        "    return __import__('numpy').ones((1, 2))\n"
    )
    with pytest.raises(ModelError, match="ended with exit status 3") as refusal:
        invoke(model, "die")
    assert refusal.value.status == 500
    assert json.loads(invoke(model, "live")) == [2.5]


def test_a_response_that_takes_too_long_is_a_timeout_and_the_process_comes_up_again(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "def input_fn(body, content_type):\n    import time\n    time.sleep(60 if body == 'slow' else 0)\n"
    model = server.load(SUMS + slow + "    return __import__('numpy').ones((1, 2))\n")
    monkeypatch.setattr(serving, "RESPONSE_SECONDS", 0.2)
    with pytest.raises(ModelError, match="Your invocation timed out while waiting for a response from") as refusal:
        invoke(model, "slow")
    assert refusal.value.status == 0
    monkeypatch.setattr(serving, "RESPONSE_SECONDS", 60)
    assert json.loads(invoke(model, "quick")) == [2.5]


def test_a_program_sees_its_own_variables_and_not_the_clouds_credentials(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of the cloud")
    text = SUMS + "def predict_fn(data, model):\n    return sorted(os.environ)\n"
    variables = json.loads(invoke(server.load(text, ENVIRONMENT | {"COLOUR": "red"}), "1,2"))
    assert "COLOUR" in variables
    assert "AWS_SECRET_ACCESS_KEY" not in variables


def test_what_a_program_prints_or_reads_is_not_part_of_its_responses(server: Server) -> None:
    noise = "def predict_fn(data, model):\n    os.system('echo noise')\n    print('more noise')\n"
    model = server.load(SUMS + noise + "    return [__import__('sys').stdin.read()]\n")
    assert [json.loads(invoke(model, "1,2")) for _ in range(2)] == [[""], [""]]


def test_the_process_and_its_folder_go_with_the_model(server: Server) -> None:
    model = server.load(SUMS + "def predict_fn(data, model):\n    return [os.getpid(), os.getcwd()]\n")
    pid, folder = json.loads(invoke(model, "1,2"))
    assert Path(folder).is_dir()
    del model
    until(lambda: not alive(pid))
    until(lambda: not Path(folder).exists())
