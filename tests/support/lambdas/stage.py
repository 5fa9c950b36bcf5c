"""Sets up a pipeline and an invocation for the tests of the Lambdas."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lambdas.aws import clients
from tests.support.waiting import until

ROLE = "arn:aws:iam::000000000000:role/anyone"
IMAGE = "174872318107.dkr.ecr.us-west-2.amazonaws.com/linear-learner:1"


class Parameter:
    """An SSM parameter of a pipeline, as an attribute; `setting` is the key of its name."""

    def __init__(self, setting: str) -> None:
        self.setting = setting

    def __get__(self, pipeline: Pipeline, _: object = None) -> str:
        return clients.ssm().get_parameter(Name=pipeline.settings[self.setting])["Parameter"]["Value"]

    def __set__(self, pipeline: Pipeline, value: str) -> None:
        clients.ssm().put_parameter(Name=pipeline.settings[self.setting], Value=value, Type="String", Overwrite=True)


@dataclass
class Pipeline:
    """A pipeline's bucket, parameters and state machine, and the events that its states receive."""

    name: str
    bucket: str
    settings: dict[str, Any]
    machines: dict[str, str] = field(default_factory=dict)

    def put(self, *days: str, body: bytes = b"1,2\n", form: str = "{}.csv") -> None:
        for day in days:
            clients.s3().put_object(Bucket=self.bucket, Key=f"{self.settings['prefix']}{form.format(day)}", Body=body)

    def get(self, key: str) -> Any:
        return json.loads(clients.s3().get_object(Bucket=self.bucket, Key=key)["Body"].read())

    def keys(self, prefix: str = "") -> list[str]:
        listed = clients.s3().list_objects_v2(Bucket=self.bucket, Prefix=prefix).get("Contents", [])
        return [entry["Key"] for entry in listed]

    watermark = Parameter("watermark_parameter")
    seen_run = Parameter("run_parameter")
    hold = Parameter("hold_parameter")

    def execution(self, *, running: bool = True) -> dict[str, str]:
        """A real execution, running or succeeded."""
        waits = {"Type": "Wait", "Seconds": 600, "End": True}
        machine = self._machine("waits", waits) if running else self._machine("passes", {"Type": "Pass", "End": True})
        started = clients.stepfunctions().start_execution(stateMachineArn=machine, name=f"run-{uuid.uuid4().hex[:8]}")
        arn = started["executionArn"]
        until(
            lambda: clients.stepfunctions().describe_execution(executionArn=arn)["status"],
            lambda status: (status == "RUNNING") == running,
        )
        return {"arn": arn, "name": arn.rpartition(":")[2], "started_at": "2026-11-22T06:00:01.123Z"}

    def _machine(self, name: str, state: dict[str, Any]) -> str:
        if name not in self.machines:
            definition = json.dumps({"StartAt": "S", "States": {"S": state}})
            made = clients.stepfunctions().create_state_machine(
                name=f"{self.name}-{name}", definition=definition, roleArn=ROLE
            )
            self.machines[name] = made["stateMachineArn"]
        return self.machines[name]

    def event(
        self, execution: dict[str, str], time: str | None = "2026-11-22T06:00:00Z", **detail: Any
    ) -> dict[str, Any]:
        """The input of CheckData."""
        source = {"source": "refit.schedule", "detail": detail} | ({"time": time} if time else {})
        return {"event": source, "execution": execution, "settings": self.settings}


@dataclass
class Context:
    """The part of the Lambda context that the handlers use."""

    seconds: float = 30

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)


def hold_lease(run: Mapping[str, Any]) -> None:
    """Gives the lease of the run's pipeline to the run's execution."""
    lease = {"execution_arn": run["execution_arn"], "run": run["run"], "started_at": run["event_time"]}
    clients.s3().put_object(
        Bucket=run["bucket"], Key=f"runs/{run['pipeline']}/lease.json", Body=json.dumps(lease).encode()
    )


def run_document(**changes: Any) -> dict[str, Any]:
    """The document that CheckData returns for new data."""
    name = "home-prices-20261122-0a1b2c3d"
    return {
        "outcome": "NewData",
        "reason": "6 of 7 days have data, the newest 2026-11-22",
        "pipeline": "home-prices",
        "run": "run-1",
        "execution_arn": "arn:aws:states:us-west-2:123456789012:execution:refit-home-prices:run-1",
        "event_time": "2026-11-22T06:00:00Z",
        "commit": "0123abc",
        "train_only": False,
        "bucket": "homes",
        "data_bucket": changes.get("bucket", "homes"),
        "data_bucket_owner": None,
        "window": {"start": "2026-11-16", "end": "2026-11-22"},
        "days": {
            "train": ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-20", "2026-11-21"],
            "validation": ["2026-11-22"],
            "missing": ["2026-11-19"],
        },
        "objects": 12,
        "bytes": 1_234_567,
        "fingerprint": "f" * 64,
        "newest": "2026-11-22",
        "watermark": None,
        "stale": None,
        "manifest": "s3://homes/runs/home-prices/run-1/manifest.json",
        "validation": "s3://homes/runs/home-prices/run-1/validation.json",
        "source": None,
        "name": name,
        "endpoint": "home-prices",
        "image": IMAGE,
        "tags": [{"Key": "team", "Value": "homes"}, {"Key": "refit:run", "Value": "run-1"}],
        **changes,
    }


def redeployment_document(**changes: Any) -> dict[str, Any]:
    """The document that CheckData returns for a redeployment."""
    empty = {"objects": 0, "bytes": 0, "fingerprint": "", "newest": None, "manifest": None, "validation": None}
    return (
        run_document(
            outcome="Redeploy",
            reason="redeploying home-prices-20261121-ffffffff: 1 × ml.m5.large → 2 × ml.m5.xlarge",
            days={"train": [], "validation": [], "missing": []},
            watermark="2026-11-21",
            model="home-prices-20261121-ffffffff",
            **empty,
        )
        | changes
    )


TRAINING = {
    "job": "home-prices-20261122-0a1b2c3d",
    "arn": "arn:…",
    "asked_at": "2026-11-22T06:00:05Z",
    "started_at": "2026-11-22T06:00:06Z",
}

JOB_COMPLETED = {
    "state": "JobCompleted",
    "detail": "Completed/Completed",
    "reason": "",
    "model_data": "s3://homes/models/home-prices/home-prices-20261122-0a1b2c3d/output/model.tar.gz",
    "metrics": {"train:objective_loss": 0.31, "validation:mse": 21.4},
    "billable_seconds": 64,
}

DEPLOYMENT = {
    "model": "home-prices-20261122-0a1b2c3d",
    "endpoint_config": "home-prices-20261122-0a1b2c3d",
    "endpoint": "home-prices",
    "action": "updated",
    "started_at": "2026-11-22T06:10:00Z",
}
