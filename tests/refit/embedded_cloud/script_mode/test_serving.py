"""Serving in script mode: the process loads the model, responds to requests, and ends with the model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from refit.embedded_cloud.instance import artifact
from refit.embedded_cloud.instance.algorithm import CannotLoad, ModelError, Payload
from refit.embedded_cloud.script_mode import Program, ScriptServer, process_predictor
from tests.support.embedded_cloud.programs import alive
from tests.support.embedded_cloud.served_program import ENVIRONMENT, SKLEARN, SOURCE, SUMS, Server, invoke
from tests.support.waiting import until


def test_the_defaults_read_csv_and_json_and_answer_either(server: Server) -> None:
    model = server.load(SUMS)
    assert json.loads(invoke(model, "1,2\n3,4")) == [3.5, 7.5]
    assert json.loads(invoke(model, "[[1, 2], [3, 4]]", "application/json", "*/*")) == [3.5, 7.5]
    assert json.loads(invoke(model, "[[1, 2]]", "")) == [3.5]
    assert invoke(model, "1,2\n3,4", accept="text/csv") == "3.5\n7.5\n"


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


@pytest.mark.parametrize("value", ["a\0b", "x" * 300_000], ids=["NUL", "too large"])
def test_an_environment_that_no_process_can_have_is_reported(server: Server, value: str) -> None:
    with pytest.raises(CannotLoad, match="the container cannot start with its Environment"):
        server.load(SUMS, ENVIRONMENT | {"X": value})


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
    monkeypatch.setattr(process_predictor, "RESPONSE_SECONDS", 0.2)
    with pytest.raises(ModelError, match="Your invocation timed out while waiting for a response from") as refusal:
        invoke(model, "slow")
    assert refusal.value.status == 0
    monkeypatch.setattr(process_predictor, "RESPONSE_SECONDS", 60)
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
