"""The location of Terraform's state: the settings in the environment and in refit.toml, and their precedence."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.errors import TerraformError
from refit.project import PipelineRef, Project
from refit.terraform import backend
from tests.support.checkout import write

DECLARED = '[environments.prod]\nstate_bucket = "acme-state"\nregion = "eu-central-1"\n'


def ref(root: Path, toml: str) -> PipelineRef:
    write(root)
    (root / "refit.toml").write_text(toml)
    return Project(root).find("prod/home-prices")


def bucket(settings: dict[str, str]) -> tuple[str, str]:
    return settings["bucket"], settings["region"]


def test_the_bucket_of_refit_toml_needs_no_variable(tmp_path: Path) -> None:
    found = backend.settings(ref(tmp_path, DECLARED), {}, {"AWS_REGION": "us-west-2"})
    assert bucket(found) == ("acme-state", "eu-central-1")
    assert found["key"] == "prod/home-prices.tfstate"


def test_a_variable_overrides_refit_toml(tmp_path: Path) -> None:
    variables = {"REFIT_STATE_BUCKET": "other", "REFIT_STATE_REGION": "us-east-1", "AWS_REGION": "us-west-2"}
    assert bucket(backend.settings(ref(tmp_path, DECLARED), {}, variables)) == ("other", "us-east-1")


def test_an_empty_variable_is_as_none(tmp_path: Path) -> None:
    # GitHub hands on "" for a variable that the repository does not have.
    assert bucket(backend.settings(ref(tmp_path, DECLARED), {}, {"REFIT_STATE_BUCKET": ""}))[0] == "acme-state"


def test_a_bucket_without_a_region_is_in_the_region_of_the_credentials(tmp_path: Path) -> None:
    declared = ref(tmp_path, '[environments.prod]\nstate_bucket = "acme-state"\n')
    assert bucket(backend.settings(declared, {}, {"AWS_REGION": "us-west-2"})) == ("acme-state", "us-west-2")


def test_another_environments_bucket_is_not_taken(tmp_path: Path) -> None:
    declared = ref(tmp_path, DECLARED.replace("prod", "staging"))
    with pytest.raises(TerraformError, match=r"and refit\.toml has no state_bucket for prod") as raised:
        backend.settings(declared, {}, {"AWS_REGION": "us-west-2"})
    assert "under [environments.prod]" in str(raised.value.hint)
