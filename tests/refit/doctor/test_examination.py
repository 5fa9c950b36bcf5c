"""The checks that are made on a machine without any setup, for each environment, and for one pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest

from refit.doctor.examination import NEED_AWS, Examination, examine
from refit.doctor.results import Check, Status, not_checked, not_ok, ok
from refit.embedded_cloud.lifecycle import Cloud
from refit.errors import PipelineNotFound
from refit.project import PipelineRef
from tests.support.aws_server import ACCOUNT, AwsServer
from tests.support.checkout import REQUIRED, write


@pytest.fixture(autouse=True)
def here(ref: PipelineRef, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: a project with `prod/home-prices`, in a folder without git."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(ref.project.root.parent))
    monkeypatch.chdir(ref.project.root)
    return ref.project.root


def by_subject(examination: Examination) -> dict[str, Check]:
    found = {check.subject: check for check in examination.checks}
    assert len(found) == len(examination.checks), "every subject is there once"
    return found


def test_everything_that_is_not_ok_says_how_to_fix_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in (None, "prod/home-prices"):
        examination = examine(name)
        faults = [check for check in examination.checks if check.status is Status.NOT_OK]
        assert {check.subject for check in faults} >= {"terraform", "git"}
        assert all(check.fix for check in faults)
        assert not examination.passed


def test_a_machine_with_nothing_is_examined_as_far_as_it_goes(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("nothing"))
    found = by_subject(examine(None))
    assert found["project"].status is Status.NOT_OK
    assert {"python", "terraform"} <= set(found)


def test_without_a_name_each_environment_on_aws_is_examined(here: Path, server: AwsServer) -> None:
    write(here, REQUIRED.format(name="home-prices"), environment="local")
    write(here, REQUIRED.format(name="churn"), "churn")
    write(here, REQUIRED.format(name="home-prices").replace("us-west-2", "eu-west-1"), environment="staging")
    found = by_subject(examine(None))
    assert found["region (staging)"].detail == "eu-west-1"
    assert found["credentials (staging)"].status is Status.OK
    assert found["state bucket (staging)"].status is Status.NOT_OK
    assert found["region (prod)"].detail == "us-west-2"
    assert not [subject for subject in found if "local" in subject]


def test_a_project_that_is_only_local_needs_no_credentials(here: Path) -> None:
    (here / "terraform" / "pipelines" / "prod").rename(here / "terraform" / "pipelines" / "local")
    assert by_subject(examine(None))["credentials"].status is Status.NOT_CHECKED


def test_without_credentials_what_needs_them_is_not_checked() -> None:
    found = by_subject(examine("prod/home-prices"))
    assert found["credentials"].status is Status.NOT_OK
    assert {found[subject].status for subject in NEED_AWS} == {Status.NOT_CHECKED}


def test_with_an_invalid_file_what_needs_it_is_not_checked(ref: PipelineRef, server: AwsServer) -> None:
    ref.path.write_text(REQUIRED.format(name="home-prices").replace("feature_dim = 2", "feature_dim = 0"))
    server.answers["HeadBucket"] = {}
    found = by_subject(examine("prod/home-prices"))
    assert found["pipeline file"].status is Status.NOT_OK
    assert found["region"].status is Status.NOT_OK, "the region was in the file"


def test_a_pipeline_on_aws_has_every_check(server: AwsServer) -> None:
    found = by_subject(examine("prod/home-prices"))
    assert set(NEED_AWS) <= set(found)
    assert found["credentials"].status is Status.OK
    assert found["account"].detail.startswith(ACCOUNT)
    assert "port 4566" not in found


def test_a_local_pipeline_without_its_cloud_needs_that_first(here: Path) -> None:
    write(here, REQUIRED.format(name="home-prices"), environment="local")
    found = by_subject(examine("local/home-prices"))
    assert found["embedded cloud"].fix == 'run: eval "$(refit local up)"'
    assert {found[subject].status for subject in NEED_AWS} == {Status.NOT_CHECKED}
    assert "credentials" not in found


def test_a_local_pipeline_is_examined_on_its_cloud(here: Path, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFIT_STATE_DIR", str(cloud.state_dir))
    slack = 'slack = { channel = "ml-deployments", token_parameter = "/refit/slack-token" }\n'
    write(here, REQUIRED.format(name="home-prices") + slack, environment="local")
    found = by_subject(examine("local/home-prices"))
    for subject in ("embedded cloud", "pipeline file", "credentials", "region", "state bucket", "Slack token"):
        assert found[subject].status is Status.OK, found[subject]
    for subject in ("permissions to apply", "training quota", "endpoint quota"):
        assert found[subject].status is Status.NOT_CHECKED


def test_a_name_that_no_pipeline_has_is_an_error() -> None:
    with pytest.raises(PipelineNotFound):
        examine("prod/nothing")


def test_only_faults_fail() -> None:
    assert Examination(None, (ok("a", "1"), not_checked("b", "2"))).passed
    assert not Examination(None, (ok("a", "1"), not_ok("b", "2", "3"))).passed
