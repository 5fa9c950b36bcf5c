"""A hint repairs the user's own value, and what it says to write is valid."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from refit.errors import InvalidPipeline, Problem
from refit.pipeline import files
from tests.support.checkout import write

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DATA = 'data = { prefix = "data/taxi/", feature_dim = 13 }'
IMAGE = 'image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/my-model:1"'
ALERTS = "arn:aws:sns:us-west-2:123456789012:alerts"


def problems(root: Path, *lines: str) -> tuple[Problem, ...]:
    try:
        files.load(write(root, "\n".join(lines) + "\n", "taxi-fares"), NOW)
    except InvalidPipeline as error:
        return error.problems
    return ()


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ('region = "US-West-2"', 'region = "us-west-2"'),
        ("window = { days = 4000 }", "days = 3653"),
        ("window = { days = -3 }", "days = 1"),
        ('window = { days = "14" }', "days = 14"),
        ("window = { days = 14.0 }", "days = 14"),
        ('window = { start = "2026/11/1", end = "2026-11-02" }', 'start = "2026-11-01"'),
        ('window = { start = "2026-11-01", end = "2026-11-31" }', 'end = "2026-11-30"'),
        ('window = { timezone = "europe berlin" }', 'timezone = "Europe/Berlin"'),
        ('schedule = { timezone = "utc" }', 'timezone = "UTC"'),
        ('training = { instance_type = "M5.XLarge" }', 'instance_type = "ml.m5.xlarge"'),
        ("training = { hyperparameters = { epochs = 15 } }", 'epochs = "15"'),
        ('training = { hyperparameters = { "learning rate" = "0.1" } }', 'learning_rate = "0.1"'),
        (f'training = {{ {IMAGE}, channels = {{ extra = "/my data" }} }}', 'extra = "my-data/"'),
        (f'training = {{ {IMAGE}, source = "/code/", entry_point = "fit.py" }}', 'source = "code/"'),
        (f'training = {{ {IMAGE}, source = "code", entry_point = "fit.sh" }}', 'entry_point = "fit.py"'),
        (f'alarms = {{ actions = "{ALERTS}" }}', f'actions = ["{ALERTS}"]'),
        (f'alarms = {{ actions = ["{ALERTS} "] }}', f'"{ALERTS}"'),
        ('force_destroy = "yes"', "force_destroy = true"),
        ("log_retention_days = 31", "log_retention_days = 30"),
        ('log_retention_days = "30"', "log_retention_days = 30"),
        ('orchestration = "poling"', 'orchestration = "polling"'),
        ('bucket = "My_Bucket"', 'bucket = "my-bucket"'),
        ('slack = { channel = "ML Team", token_parameter = "/x" }', 'channel = "ml-team"'),
        ('slack = { channel = "ml", token_parameter = "refit/token/" }', 'token_parameter = "/refit/token"'),
        ("tags = { team = 7 }", 'team = "7"'),
        ("poll_interval_seconds = 1e9", "poll_interval_seconds = 3600"),
    ],
)
def test_a_refused_value_is_repaired(tmp_path: Path, line: str, hint: str) -> None:
    (only,) = problems(tmp_path, 'pipeline = "taxi-fares"', DATA, line)
    assert only.hint == f"write {hint}"


@pytest.mark.parametrize(
    ("prefix", "repaired"),
    [
        ("data/taxi/train", "data/taxi/train/"),
        ("/data/taxi/train", "data/taxi/train/"),
        ("data//taxi fares", "data/taxi-fares/"),
        (" data/taxi/ ", "data/taxi/"),
    ],
)
def test_a_folder_is_repaired_and_the_repair_is_valid(tmp_path: Path, prefix: str, repaired: str) -> None:
    name = 'pipeline = "taxi-fares"'
    (only,) = problems(tmp_path, name, DATA.replace("data/taxi/", prefix))
    assert only.hint == f'write prefix = "{repaired}"'
    assert problems(tmp_path, name, DATA.replace("data/taxi/", repaired)) == ()


def test_a_pipeline_is_named_as_its_file(tmp_path: Path) -> None:
    for line in ('pipeline = "Taxi Fares"', "pipeline = 7", 'pipeline = ""'):
        (only,) = problems(tmp_path, line, DATA)
        assert only.hint == 'write pipeline = "taxi-fares"'


def test_what_is_missing_is_proposed_with_the_pipelines_own_name(tmp_path: Path) -> None:
    assert [one.hint for one in problems(tmp_path)] == [
        'write data = { prefix = "data/taxi-fares/train/", feature_dim = 13 }',
        'write pipeline = "taxi-fares"',
    ]


def test_without_a_repair_there_is_an_example(tmp_path: Path) -> None:
    (only,) = problems(tmp_path, 'pipeline = "taxi-fares"', DATA, 'sagemaker_role_arn = "my-role"')
    assert only.hint == 'write sagemaker_role_arn = "arn:aws:iam::123456789012:role/my-sagemaker-role"'
