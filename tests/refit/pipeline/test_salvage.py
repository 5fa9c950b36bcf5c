"""A pipeline file with mistakes still names what is deployed: its region, its bucket, its endpoint, its data."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.errors import InvalidPipeline
from refit.pipeline import files, salvage
from refit.pipeline.model import Pipeline
from tests.support.checkout import FOLDER, Repository, write

VALID = """\
pipeline = "home-prices"
region   = "eu-central-1"
bucket   = "my-prices"
data     = { prefix = "sales/", feature_dim = 13 }
window   = { days = 7, timezone = "Europe/Berlin" }
endpoint = { name = "prices-live", instance_type = "ml.m5.large" }
"""


def names(pipeline: Pipeline) -> tuple[str | None, ...]:
    """What names the resources of a stack."""
    return pipeline.region, pipeline.bucket, pipeline.endpoint_name, pipeline.data.prefix


ALL = ("eu-central-1", "my-prices", "prices-live", "sales/")


def test_a_valid_file_is_read_as_always(tmp_path: Path) -> None:
    ref = write(tmp_path, VALID)
    assert salvage.load(ref) == salvage.Salvaged(files.load(ref))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(VALID + 'colour = "red"\n', id="an unknown field"),
        pytest.param(VALID.replace('"home-prices"', '"flats"'), id="another name"),
        pytest.param(VALID.replace("days = 7", "days = 0"), id="a value out of range"),
        pytest.param(VALID.replace("days = 7", "days = var.days"), id="not a literal"),
        pytest.param(VALID.replace("feature_dim = 13", 'feature_dim = "x"'), id="a wrong type in data"),
        pytest.param(VALID.replace(", feature_dim = 13", ""), id="a missing field"),
        pytest.param(VALID.replace("ml.m5.large", "m5"), id="a wrong value beside the endpoint's name"),
        pytest.param(VALID + "gate = { max = 60 }\n", id="a missing field of a section"),
        pytest.param(VALID + "window = { days = 3 }\n", id="a field that is set twice"),
        pytest.param(VALID + 'tags = { "a" = 1, "b" = "c" }\n', id="a wrong element"),
        pytest.param(VALID + 'alarms = { actions = ["x", 2] }\n', id="a wrong element of a list"),
        pytest.param(
            VALID.replace('"ml.m5.large"', '"ml.m5.large", instance_count = 1, deployment = { policy = "canary" }'),
            id="fields that do not fit together",
        ),
        pytest.param(
            VALID + 'training = { hyperparameters = { mini_batch_size = "x", epochs = true } }\n', id="two at once"
        ),
    ],
)
def test_a_mistake_elsewhere_keeps_the_names(tmp_path: Path, text: str) -> None:
    ref = write(tmp_path, text)
    with pytest.raises(InvalidPipeline):
        files.load(ref)
    found = salvage.load(ref)
    assert names(found.pipeline) == ALL
    assert found.pipeline.pipeline == "home-prices"
    assert "(refit validate prod/home-prices); using its valid fields" in found.warning
    assert "\n" not in found.warning


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(VALID.replace('"sales/"', '"runs/x/"'), id="a prefix that is reserved"),
        pytest.param(
            VALID + 'orchestration = "polling"\ntraining = { max_runtime_minutes = 12000 }\n',
            id="a default that breaks a rule",
        ),
    ],
)
def test_a_rule_that_no_removal_repairs_keeps_region_bucket_and_endpoint(tmp_path: Path, text: str) -> None:
    found = salvage.load(write(tmp_path, text))
    assert names(found.pipeline)[:3] == ALL[:3]
    assert found.warning


def test_the_warning_counts_the_problems(tmp_path: Path) -> None:
    ref = write(tmp_path, VALID.replace("days = 7", "days = 0") + "colour = 1\n")
    warning = f"{ref.display_path} has 2 problems (refit validate prod/home-prices); using its valid fields"
    assert salvage.load(ref).warning == warning


def test_a_name_that_is_invalid_is_replaced_by_its_default(tmp_path: Path) -> None:
    ref = write(tmp_path, VALID.replace("my-prices", "My Prices").replace("eu-central-1", "Frankfurt"))
    assert names(salvage.load(ref).pipeline) == (None, None, "prices-live", "sales/")


CONFLICT = "<<<<<<< HEAD\n" + VALID.replace("eu-central-1", "us-west-2") + "=======\n" + VALID + ">>>>>>> flats\n"


def test_a_file_that_cannot_be_parsed_counts_as_committed(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    repository.commit(**{"home-prices": VALID.encode()})
    for broken in (CONFLICT.encode(), b"\xff", VALID.encode() + b"window = {\n", b"x" * 100_000):
        repository.write(f"{FOLDER}/prod/home-prices.tfvars", broken)
        found = salvage.load(write(tmp_path, broken))
        assert names(found.pipeline) == ALL
        assert found.warning.endswith(
            "has 1 problem (refit validate prod/home-prices); using the version of the last commit"
        )


def test_without_a_commit_its_region_is_read_from_the_text(tmp_path: Path) -> None:
    found = salvage.load(write(tmp_path, VALID + "window = {\n"))
    assert names(found.pipeline) == ("eu-central-1", None, "home-prices", "data/home-prices/train/")
    assert found.warning.endswith("using its name and region")
    assert salvage.load(write(tmp_path, "window = {\n")).warning.endswith("using its name")


def test_a_file_name_that_is_not_a_pipelines_is_an_error(tmp_path: Path) -> None:
    ref = write(tmp_path, VALID, "Home_Prices")
    with pytest.raises(InvalidPipeline):
        salvage.load(ref)
