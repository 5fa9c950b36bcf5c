"""The digest of what determines a model: the training settings and the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.aws.stack import Stack as DeployedPipeline
from refit.live import differences
from refit.runs.backfill import training_digest
from tests.support.checkout import MINIMAL, load

ARN = "arn:aws:states:us-west-2:123456789012:stateMachine:refit-prices"


NAMES = DeployedPipeline("homes", "data/", "prices", ARN, "watermark", "run", "hold", "commit")


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ('orchestration = "polling"', True),
        ("endpoint = { instance_count = 2 }", True),
        ("window = { days = 7 }", True),
        ('training = { instance_type = "ml.m5.xlarge" }', True),
        ('training = { hyperparameters = { epochs = "3" } }', False),
        ("window = { days = 7, holdout_days = 1, min_days = 2 }", False),
        ("window = { days = 7, min_days = 2 }", False),
    ],
)
def test_the_digest_depends_only_on_what_determines_the_model(tmp_path: Path, written: str, same: bool) -> None:
    plain, other = load(tmp_path, MINIMAL), load(tmp_path, MINIMAL + written)
    assert (training_digest.digest(plain, "{}") == training_digest.digest(other, "{}")) is same


def test_other_code_is_another_model(tmp_path: Path) -> None:
    pipeline = load(tmp_path, MINIMAL)
    digests = {training_digest.digest(pipeline, f"s3://homes/code/{digit * 64}/source.tar.gz") for digit in "ab"}
    assert len(digests | {training_digest.digest(pipeline, "{}")}) == 3


@pytest.mark.parametrize("orchestration", ["direct", "polling"])
def test_only_settings_that_determine_the_model_must_be_applied(tmp_path: Path, orchestration: str) -> None:
    text = f'{MINIMAL}orchestration = "{orchestration}"\n'
    applied = differences.definition(load(tmp_path, text), NAMES)
    assert (
        list(training_digest.unapplied(load(tmp_path, text + "endpoint = { instance_count = 2 }"), NAMES, applied))
        == []
    )
    for changed in ('training = { hyperparameters = { epochs = "3" } }', "window = { days = 8 }"):
        assert list(training_digest.unapplied(load(tmp_path, text + changed), NAMES, applied))


def test_the_code_is_part_of_the_digest_and_not_of_the_comparison(tmp_path: Path) -> None:
    image = "123456789012.dkr.ecr.us-west-2.amazonaws.com/scikit-learn:1"
    own = load(tmp_path, f'{MINIMAL}training = {{ image = "{image}", source = "examples/trees" }}')
    uri = f"s3://homes/code/{'a' * 64}/source.tar.gz"
    live = differences.definition(own, NAMES).replace("${source_uri}", uri)
    assert uri in live
    assert list(training_digest.unapplied(own, NAMES, live)) == []
    without = load(tmp_path, f'{MINIMAL}training = {{ image = "{image}" }}')
    assert list(training_digest.unapplied(without, NAMES, live))
