"""A team's own repository, which contains only pipelines and settings, deploys them by calling the workflow `deploy`.

`refit init` generates the repository. The tests run the called workflow's steps in order.
"""

from __future__ import annotations

import pytest

from refit.embedded_cloud import lifecycle
from tests.support.end_to_end.team import Team

PIPELINE = """\
pipeline = "own-homes"
region   = "us-west-2"
schedule = { enabled = false }
data     = { prefix = "sales/homes/", feature_dim = 13 }
window   = { days = 7, holdout_days = 1 }
poll_interval_seconds = 2
force_destroy         = true
"""


@pytest.fixture(scope="module")
def team(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Team:
    return Team.with_own_repository(tmp_path_factory.mktemp("own-repository"), cloud, "own-homes")


def test_the_first_push_applies_the_stack_from_the_sources_of_the_installed_refit(team: Team) -> None:
    team.write("own-homes", PIPELINE)
    team.desk.commit()
    run = team.push()
    assert run.succeeded, run.log
    assert run.pipelines.keys() == {"prod/own-homes"}
    assert "`NoNewData`" in run.pipelines["prod/own-homes"].summary
    assert team.state_machine("own-homes")["status"] == "ACTIVE"
    # Nothing of Refit's sources is in the repository, and what was built is ignored by git.
    assert sorted(path.name for path in team.desk.root.iterdir() if path.name != ".git") == [
        ".github",
        ".gitignore",
        ".refit-init.json",
        "README.md",
        "refit.toml",
        "terraform",
    ]


def test_a_merge_that_changes_one_field_applies_that_pipeline(team: Team) -> None:
    team.branch("shorter-window")
    team.edit("own-homes", "days = 7", "days = 4")
    (planned,) = team.propose()
    assert (planned["pipeline"], planned["action"]) == ("prod/own-homes", "retrain")
    run = team.merge()
    assert run.succeeded, run.log
    assert run.pipelines.keys() == {"prod/own-homes"}
