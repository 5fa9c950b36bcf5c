"""A pipeline and an invocation, as the tests of the Lambdas set them up."""

from __future__ import annotations

import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from lambdas import clients

ROLE = "arn:aws:iam::000000000000:role/anyone"


@dataclass
class Pipeline:
    """A pipeline's bucket, watermark and state machine, and the events that its states get."""

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

    @property
    def watermark(self) -> str:
        return clients.ssm().get_parameter(Name=self.settings["watermark_parameter"])["Parameter"]["Value"]

    @watermark.setter
    def watermark(self, value: str) -> None:
        clients.ssm().put_parameter(
            Name=self.settings["watermark_parameter"], Value=value, Type="String", Overwrite=True
        )

    def execution(self, *, running: bool = True) -> dict[str, str]:
        """A real execution, running or succeeded."""
        waits = {"Type": "Wait", "Seconds": 600, "End": True}
        machine = self._machine("waits", waits) if running else self._machine("passes", {"Type": "Pass", "End": True})
        started = clients.stepfunctions().start_execution(stateMachineArn=machine, name=f"run-{uuid.uuid4().hex[:8]}")
        arn = started["executionArn"]
        for _ in range(200):
            status = clients.stepfunctions().describe_execution(executionArn=arn)["status"]
            if (status == "RUNNING") == running:
                break
            time.sleep(0.01)
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
        """What CheckData gets."""
        source = {"source": "refit.schedule", "detail": detail} | ({"time": time} if time else {})
        return {"event": source, "execution": execution, "settings": self.settings}


@dataclass
class Context:
    """The part of Lambda's context that the handlers ask."""

    seconds: float = 30

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds * 1000)
