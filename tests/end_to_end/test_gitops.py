"""A team changes pipelines in git, and each merge has exactly once the effect that its pull request announced.

The repository is real and has a bare remote. The steps of deploy.yml, run in bash, reach the embedded cloud as they
would reach AWS: through the standard variables. The tests run in the order in which they are written.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from refit.domain.date_ranges import days_in
from refit.embedded_cloud import lifecycle
from tests.support.end_to_end.team import STATE_BUCKET, Team

FLATS = """\
# Flats sell daily: keep the model on the last week.
pipeline = "gitops-flats"
region   = "us-west-2"
schedule = { enabled = false }
data     = { prefix = "sales/flats/", feature_dim = 13 }
window   = { days = 7, holdout_days = 1 }
training = { max_runtime_minutes = 10, hyperparameters = { mini_batch_size = "30" } }
endpoint = { instance_type = "ml.m5.large", timeout_minutes = 2 }
slack    = { channel = "flats", token_parameter = "/refit/slack-token" }

poll_interval_seconds = 2
force_destroy         = true
"""
# This pipeline's schedule fires as soon as it is applied, in addition to the run that the merge starts.
VILLAS = FLATS.replace("flats", "villas").replace("enabled = false", 'expression = "rate(1 day)"')


@pytest.fixture(scope="module")
def team(cloud: lifecycle.Cloud, tmp_path_factory: pytest.TempPathFactory) -> Team:
    return Team.meet(tmp_path_factory.mktemp("gitops"), cloud)


def test_the_first_push_applies_every_pipeline_and_starts_its_first_run(team: Team) -> None:
    team.write("gitops-flats", FLATS)
    team.write("gitops-villas", VILLAS)
    team.desk.commit()
    run = team.push()
    assert run.succeeded, run.log
    assert run.pipelines.keys() == {"prod/gitops-flats", "prod/gitops-villas"}
    for job in run.pipelines.values():
        # The bucket is created with the rest of the stack, so data can be uploaded only now.
        assert "`NoNewData`" in job.summary
        assert "no data in the window 2026-11-16 to 2026-11-22" in job.summary
    assert team.announced_run("gitops-flats").outcome == "NoNewData"
    assert team.jobs() == []
    team.sell("gitops-flats", date(2026, 11, 10), days=13)
    team.sell("gitops-villas", date(2026, 11, 2), days=7)


def test_a_merge_retrains_on_exactly_the_days_that_the_pull_request_announced(team: Team) -> None:
    team.branch("shorter-window")
    team.edit("gitops-flats", "days = 7", "days = 4")
    (planned,) = team.propose()
    assert (planned["pipeline"], planned["action"]) == ("prod/gitops-flats", "retrain")
    assert planned["window"] == {"start": "2026-11-19", "end": "2026-11-22"}
    data = planned["data"]
    assert data["train"]["days"] == ["2026-11-19/2026-11-21"]
    assert data["validation"]["days"] == ["2026-11-22"]
    comment = team.refit("plan", "--base", "main", "--head", "HEAD").stdout
    assert "### `prod/gitops-flats`: retrain on 2026-11-19 to 2026-11-22" in comment

    before = team.started()
    run = team.merge()
    assert run.succeeded, run.log
    assert run.pipelines.keys() == {"prod/gitops-flats"}
    ending = team.announced_run("gitops-flats")
    assert ending.outcome == "Deployed", ending.reason
    assert f"`{ending.name}` | `Deployed`" in run.summary
    assert team.started_since(before) == {ending.arn, ending.document["name"]}

    document = ending.document
    assert (document["commit"], document["window"]) == (team.now, planned["window"])
    assert document["days"] == {"train": data["train"]["days"], "validation": data["validation"]["days"], "missing": []}
    assert document["objects"] == data["train"]["objects"] + data["validation"]["objects"]
    assert document["bytes"] == data["train"]["bytes"] + data["validation"]["bytes"]
    assert document["fingerprint"] == data["fingerprint"]
    assert team.manifest(document["manifest"]) == [f"sales/flats/{day}.csv" for day in days_in(data["train"]["days"])]
    assert team.manifest(document["validation"]) == ["sales/flats/2026-11-22.csv"]
    assert team.serving("gitops-flats")["ModelName"] == document["name"]
    assert team.watermark("gitops-flats") == "2026-11-22"


def test_running_the_workflow_again_starts_nothing_and_reports_the_outcome(team: Team) -> None:
    before, serving = team.started(), team.serving("gitops-flats")
    run = team.run_workflow()
    assert run.succeeded, run.log
    assert (team.started(), team.serving("gitops-flats")) == (before, serving)
    assert f"ran before · {team.announced_run('gitops-flats').name} · Deployed" in run.log


def test_another_slack_channel_is_applied_and_starts_no_run(team: Team) -> None:
    team.branch("other-channel")
    team.edit("gitops-flats", 'channel = "flats"', 'channel = "homes"')
    (planned,) = team.propose()
    assert (planned["action"], planned["window"], planned["run"]) == ("apply-only", None, None)
    before = team.started()
    run = team.merge()
    assert run.succeeded, run.log
    assert team.started() == before
    assert "prod/gitops-flats  apply-only: nothing to start · terraform apply is enough" in run.log
    assert '"homes"' in team.state_machine("gitops-flats")["definition"]


def test_other_instances_get_the_present_model_and_nothing_is_trained(team: Team) -> None:
    team.branch("larger-instances")
    team.edit("gitops-flats", "ml.m5.large", "ml.m5.xlarge")
    (planned,) = team.propose()
    assert (planned["action"], planned["window"]) == ("redeploy", None)
    before, old, watermark = team.started(), team.serving("gitops-flats"), team.watermark("gitops-flats")
    run = team.merge()
    assert run.succeeded, run.log
    ending = team.announced_run("gitops-flats")
    assert ending.outcome == "Deployed", ending.reason
    assert team.started_since(before) == {ending.arn}
    new = team.serving("gitops-flats")
    assert (new["ModelName"], new["InstanceType"]) == (old["ModelName"], "ml.m5.xlarge")
    assert new["EndpointConfigName"] == ending.document["name"] != old["EndpointConfigName"]
    assert team.watermark("gitops-flats") == watermark


def test_a_person_who_triggers_the_same_push_starts_nothing_either(team: Team) -> None:
    before, serving = team.started(), team.serving("gitops-flats")
    said = team.refit("trigger", "prod/gitops-flats", "--base", team.before, "--wait")
    assert said.returncode == 0, said.stderr
    assert said.stdout == f"prod/gitops-flats {team.now[:12]}-redeploy Deployed\n"
    assert (team.started(), team.serving("gitops-flats")) == (before, serving)


def test_running_the_workflow_of_an_older_push_again_undoes_nothing(team: Team) -> None:
    before, serving = team.started(), team.serving("gitops-flats")
    deployed = team.state_machine("gitops-flats")["definition"]
    older, base = (team.desk.git("rev-parse", revision) for revision in ("main~1", "main~2"))
    run = team.runner.push(base, older)
    assert run.succeeded, run.log
    line = f"prod/gitops-flats: not deployed: {team.now[:12]}, which is newer than {older[:12]}, has claimed it"
    assert line in run.log
    assert line in run.summary
    assert "Apply Terraform" not in run.log
    assert (team.started(), team.serving("gitops-flats")) == (before, serving)
    assert team.state_machine("gitops-flats")["definition"] == deployed


def test_a_deleted_file_starts_nothing_and_destroys_nothing_and_says_so(team: Team) -> None:
    team.branch("no-more-villas")
    team.delete("gitops-villas")
    (planned,) = team.propose()
    assert (planned["change"], planned["action"], planned["run"]) == ("removed", "none", None)
    assert planned["remarks"][0].startswith("Nothing is destroyed: ")
    before = team.started()
    run = team.merge()
    assert run.succeeded, run.log
    assert run.pipelines == {}
    assert f"prod/gitops-villas: removed. {planned['remarks'][0]}" in run.log
    assert team.started() == before
    assert team.state_machine("gitops-villas")["status"] == "ACTIVE"
    assert team.aws.s3.head_object(Bucket=STATE_BUCKET, Key="prod/gitops-villas.tfstate")["ContentLength"] > 0


def test_of_two_pipelines_at_once_one_fails_and_the_other_is_deployed(team: Team) -> None:
    team.branch("villas-as-they-were")
    team.write("gitops-villas", VILLAS.replace("days = 7", 'start = "2026-11-02", end = "2026-11-08"'))
    team.edit("gitops-flats", "feature_dim = 13", "feature_dim = 12")  # a mistake: rows have 13 features
    flats, villas = team.propose()
    assert (flats["pipeline"], flats["change"], flats["action"]) == ("prod/gitops-flats", "changed", "retrain")
    assert (villas["pipeline"], villas["change"], villas["action"]) == ("prod/gitops-villas", "added", "retrain")
    assert villas["window"] == {"start": "2026-11-02", "end": "2026-11-08"}

    before, serving, watermark = team.started(), team.serving("gitops-flats"), team.watermark("gitops-flats")
    run = team.merge()
    failed, deployed = team.announced_run("gitops-flats"), team.announced_run("gitops-villas")
    assert (failed.outcome, deployed.outcome) == ("JobFailed", "Deployed"), run.log
    jobs = {failed.document["name"], deployed.document["name"]}
    assert team.started_since(before) == {failed.arn, deployed.arn, *jobs}
    assert {key: job.succeeded for key, job in run.pipelines.items()} == {
        flats["pipeline"]: False,
        villas["pipeline"]: True,
    }
    assert "prod/gitops-flats: JobFailed: " in run.pipelines["prod/gitops-flats"].log
    assert f"`{failed.name}` | **`JobFailed`**" in run.summary
    assert f"`{deployed.name}` | `Deployed`" in run.summary

    assert (team.serving("gitops-flats"), team.watermark("gitops-flats")) == (serving, watermark)
    days, data = deployed.document["days"], villas["data"]
    assert (days["train"], days["validation"]) == (data["train"]["days"], data["validation"]["days"])
    assert team.manifest(deployed.document["manifest"]) == [f"sales/villas/2026-11-0{day}.csv" for day in range(2, 8)]
    assert team.watermark("gitops-villas") == data["validation"]["days"][-1] == "2026-11-08"


def test_one_command_tells_of_both_again_and_starts_neither(team: Team, tmp_path: Path) -> None:
    before, page = team.started(), tmp_path / "summary.md"
    said = team.refit("trigger", "--base", team.before, "--wait", "--summary", GITHUB_STEP_SUMMARY=str(page))
    assert said.returncode == 1
    assert "1 of 2 pipelines failed" in said.stderr
    assert "prod/gitops-flats: JobFailed: " in said.stderr
    failed, deployed = team.announced_run("gitops-flats"), team.announced_run("gitops-villas")
    assert f"| `prod/gitops-flats` | retrain | `{failed.name}` | **`JobFailed`** |" in page.read_text()
    assert f"| `prod/gitops-villas` | retrain | `{deployed.name}` | `Deployed` |" in page.read_text()
    assert team.started() == before
