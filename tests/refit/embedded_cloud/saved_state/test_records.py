"""Executions, jobs, log streams, data points and messages are the same after they are saved and restored."""

from __future__ import annotations

import asyncio
import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ministack.services import cloudwatch
from ministack.services import cloudwatch_logs as logs

from refit.embedded_cloud import sagemaker
from refit.embedded_cloud.sagemaker import store as jobs
from refit.embedded_cloud.sagemaker.resources import Job, TrainingJob
from refit.embedded_cloud.saved_state import loader, log_streams, metrics, services
from refit.embedded_cloud.saved_state.saver import Saver
from refit.embedded_cloud.slack import api as slack
from refit.embedded_cloud.slack import channels
from refit.embedded_cloud.step_functions import service as states
from refit.embedded_cloud.step_functions import store as executions
from tests.refit.embedded_cloud.saved_state.conftest import empty
from tests.support.embedded_cloud import saved_runs as runs

NOW = 1_800_000_000.0
SERVICES: dict[str, Any] = {
    "cloudwatch": metrics,
    "cloudwatch_logs": log_streams,
    "refit_slack": slack,
    "sagemaker": sagemaker,
    "states": states,
}
CONTENTS: dict[str, Callable[[], Any]] = {
    "cloudwatch": lambda: cloudwatch._metrics._data,
    "cloudwatch_logs": lambda: logs._log_groups._data,
    "refit_slack": channels.shown,
    "sagemaker": lambda: jobs._records,
    "states": lambda: (executions.machines, executions.executions),
}


@pytest.fixture(autouse=True)
def ours(stores: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "names", lambda: list(SERVICES))
    monkeypatch.setattr(services, "by_name", SERVICES.__getitem__)
    for number in range(3):
        runs.add_execution(f"run-{number}", NOW + number, events=3, definition=json.dumps({"number": number // 2}))
        runs.add_job(f"job-{number}", NOW + number)
        runs.add_processing_job(f"job-{number}", NOW + number)
        runs.add_log_stream("check-data", f"stream-{number}", NOW + 45 * number)
    runs.add_data_points("Duration", 250, NOW)
    runs.add_messages(3)


def save(folder: Path, names: list[str] | None = None) -> Saver:
    saver = Saver(folder, lambda: {name: SERVICES[name] for name in names or SERVICES})
    asyncio.run(saver.save())
    return saver


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_is_the_same_after_a_restart(tmp_path: Path, name: str) -> None:
    before = copy.deepcopy(CONTENTS[name]())
    save(tmp_path, [name])
    empty()
    loaded = loader.restore(tmp_path, tmp_path / "s3")
    assert CONTENTS[name]() == before
    again = Saver(tmp_path, lambda: {name: SERVICES[name]})
    again.adopt(loaded)
    asyncio.run(again.save())
    assert again.bytes_written == 0


def test_one_more_run_writes_no_other_run_again(tmp_path: Path) -> None:
    saver = save(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.json")}
    runs.add_execution("new", NOW + 100, definition=json.dumps({"number": 1}))
    runs.add_job("new", NOW + 100)
    runs.add_log_stream("check-data", "new", NOW + 500)
    asyncio.run(saver.save())
    changed = [path for path in tmp_path.rglob("*.json") if path.stat().st_mtime_ns != before.get(path)]
    assert sorted(path.parent.name for path in changed) == ["cloudwatch_logs", "sagemaker", "states"]


def test_a_job_that_a_version_without_processing_jobs_saved_is_a_training_job(tmp_path: Path) -> None:
    save(tmp_path, ["sagemaker"])
    for path in (tmp_path / "sagemaker").glob("*.json"):
        document = services.decode("sagemaker", path.read_bytes())
        kind = document.pop("kind")
        if kind == "processing-job":
            path.unlink()
        else:
            path.write_bytes(services.encode("sagemaker", document))
    empty()
    loader.restore(tmp_path, tmp_path / "s3")
    assert {type(each) for each in jobs.of_kind(Job)} == {TrainingJob}
    assert len(jobs.of_kind(TrainingJob)) == 3


def test_executions_of_one_revision_share_its_definition(tmp_path: Path) -> None:
    save(tmp_path, ["states"])
    texts = [path.read_text() for path in (tmp_path / "states").glob("*.json")]
    assert sorted(text.count("definition") for text in texts) == [0, 0, 0, 1, 1]


def test_an_execution_that_is_redriven_is_not_a_record_any_more(tmp_path: Path) -> None:
    saver = save(tmp_path, ["states"])
    stored = next(iter(executions.executions.values()))
    stored.record.status = "RUNNING"
    asyncio.run(saver.save())
    assert len(list((tmp_path / "states").glob("*.json"))) == 4
    stored.record.status, stored.record.redrive_count = "FAILED", 1
    asyncio.run(saver.save())
    empty()
    loader.restore(tmp_path, tmp_path / "s3")
    assert executions.executions[stored.record.arn].record.status == "FAILED"


def test_a_state_that_a_version_without_records_saved_is_restored(tmp_path: Path) -> None:
    old = executions.executions.copy()
    text = [
        json.dumps({"record": vars(each.record), "machine": vars(each.machine), "trace_header": ""})
        for each in old.values()
    ]
    state = {"machines": [vars(machine) for machine in executions.machines.values()], "executions": text}
    (tmp_path / "states.json").write_bytes(services.encode("states", json.loads(json.dumps(state))))
    empty()
    loader.restore(tmp_path, tmp_path / "s3")
    assert executions.executions == old
