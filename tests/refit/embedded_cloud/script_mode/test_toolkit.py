"""The arguments and variables that a program starts with."""

from __future__ import annotations

from pathlib import Path

from refit.embedded_cloud.instance.algorithm import Channel, TrainingInput
from refit.embedded_cloud.script_mode import Program, toolkit

SOURCE = "s3://bucket/source.tar.gz"
HYPERPARAMETERS = {"sagemaker_program": "train.py", "sagemaker_submit_directory": SOURCE}


def test_hyperparameters_become_arguments_as_the_toolkit_makes_them() -> None:
    given = {
        "learning-rate": "0.1",
        "n": "5",
        "name": '"quoted"',
        "flag": "true",
        "map": '{"b": 2, "a": 1}',
        "no": "null",
    }
    own = toolkit.hyperparameters(HYPERPARAMETERS | given)
    assert toolkit.arguments(own) == [
        *("--flag", "True"),
        *("--learning-rate", "0.1"),
        *("--map", "a=1,b=2"),
        *("-n", "5"),
        *("--name", "quoted"),
        *("--no", ""),
    ]


def test_a_program_finds_its_folders_and_hyperparameters_in_variables(tmp_path: Path) -> None:
    channels = {"train": Channel("text/csv", ()), "holidays": Channel("text/csv", ())}
    job = TrainingInput(channels, HYPERPARAMETERS | {"max_depth": "3"}, 1, tmp_path, print)
    variables = toolkit.environment(job, Program("train.py", SOURCE), "ml.m5.xlarge")
    assert variables["SM_CHANNEL_TRAIN"] == str(tmp_path / "input" / "data" / "train")
    assert variables["SM_CHANNEL_HOLIDAYS"] == str(tmp_path / "input" / "data" / "holidays")
    assert variables["SM_CHANNELS"] == '["holidays","train"]'
    assert variables["SM_MODEL_DIR"] == str(tmp_path / "model")
    assert variables["SM_OUTPUT_DATA_DIR"] == str(tmp_path / "output" / "data")
    assert variables["SM_HPS"] == '{"max_depth":3}'
    assert variables["SM_HP_MAX_DEPTH"] == "3"
    assert variables["SM_USER_ARGS"] == '["--max_depth","3"]'
    assert variables["SM_NUM_GPUS"] == "0"
    assert variables["SM_CURRENT_INSTANCE_TYPE"] == "ml.m5.xlarge"
