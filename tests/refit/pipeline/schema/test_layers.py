"""The layer with pyarrow: the regions that have the public one, and pipelines elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from refit.errors import InvalidPipeline
from refit.pipeline import files
from refit.pipeline.schema.layers import PUBLIC_REGIONS
from refit.project import Project

TERRAFORM = Path(__file__).parents[4] / "terraform"
FILE = """\
pipeline = "homes"
region   = "{region}"
data     = {{ prefix = "data/homes/", feature_dim = 1, schema = [{{ name = "y" }}, {{ name = "x" }}]{more} }}
"""


def load(root: Path, region: str, layer: str = "") -> object:
    path = root / "terraform" / "pipelines" / "prod" / "homes.tfvars"
    path.parent.mkdir(parents=True)
    more = f', check_layer_arn = "{layer}"' if layer else ""
    path.write_text(FILE.format(region=region, more=more))
    return files.load(Project(root).find("prod/homes"))


def test_terraform_knows_the_same_regions() -> None:
    (listed,) = re.findall(r"layer_regions = \[(.*?)\]", (TERRAFORM / "build.tf").read_text(), re.DOTALL)
    assert set(re.findall('"(.*?)"', listed)) == PUBLIC_REGIONS


def test_a_region_without_the_public_layer_needs_another(tmp_path: Path) -> None:
    with pytest.raises(InvalidPipeline, match=r"needs-another me-central-1 does not have the public Lambda layer"):
        load(tmp_path / "a", "me-central-1")
    assert load(tmp_path / "b", "me-central-1", "arn:aws:lambda:me-central-1:123456789012:layer:pyarrow:1")


def test_a_layer_must_be_in_the_pipelines_region(tmp_path: Path) -> None:
    with pytest.raises(
        InvalidPipeline, match="must be a layer in us-west-2, the pipeline's region, got one in eu-west-1"
    ):
        load(tmp_path, "us-west-2", "arn:aws:lambda:eu-west-1:123456789012:layer:pyarrow:1")
