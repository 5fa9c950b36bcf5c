"""A pipeline on the embedded cloud without Terraform: models, endpoint, run records, and a test's state machine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from refit.aws import executions
from refit.aws.session import Aws
from refit.domain.setting_values import NOT_HELD
from refit.embedded_cloud.lifecycle import Cloud
from refit.project import PipelineRef
from tests.support.checkout import write
from tests.support.embedded_cloud.customer import BUCKET, IMAGE, Customer

MINUTE = timedelta(minutes=1)
DAY_ONE = datetime(2026, 11, 1, 6, tzinfo=UTC)
STATES = {"Effect": "Allow", "Principal": {"Service": "states.amazonaws.com"}, "Action": "sts:AssumeRole"}


class SmallStack:
    """The resources of `local/<name>` that the driver uses: bucket, parameters, state machine, endpoint."""

    def __init__(self, customer: Customer, name: str, folder: Path, states: dict[str, Any], more: str = "") -> None:
        cloud: Cloud = customer.cloud
        self.customer, self.name = customer, name
        self.aws = Aws(cloud.region, cloud.endpoint_url, ("test", "test"))
        text = (
            f'pipeline = "{name}"\nbucket = "{BUCKET}"\ndata = {{ prefix = "data/{name}/", feature_dim = 1 }}\n{more}'
        )
        self.ref: PipelineRef = write(folder, text, name, "local")
        self.hold_parameter = f"/models/{name}/hold"
        self.aws.ssm.put_parameter(Name=self.hold_parameter, Value=NOT_HELD, Type="String")
        role = customer.new_role([{"Effect": "Allow", "Action": "*", "Resource": "*"}], STATES)
        spoken = {name: {"QueryLanguage": "JSONata", **state} for name, state in states.items()}
        definition = {"StartAt": next(iter(states)), "States": spoken}
        self.machine = self.aws.stepfunctions.create_state_machine(
            name=f"refit-{name}", definition=json.dumps(definition), roleArn=role
        )["stateMachineArn"]
        self.records = 0

    def model(self, number: int) -> str:
        """Creates a model with the name that the run of that number would give it; returns the name."""
        name = f"{self.name}-202611{number:02}-{number:08x}"
        container = {"Image": IMAGE, "ModelDataUrl": self.customer.doubling}
        self.aws.sagemaker.create_model(ModelName=name, PrimaryContainer=container, ExecutionRoleArn=self.customer.role)
        return name

    def config(self, model: str, name: str | None = None) -> str:
        """Creates an endpoint config with the model, by default with the model's name; returns its name."""
        variant = self.customer.variant("AllTraffic", model)
        name = name or model
        self.aws.sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant])
        return name

    def serve(self, config: str) -> None:
        """Creates or updates the endpoint, and waits until it is in service."""
        if self.serving() is None:
            self.aws.sagemaker.create_endpoint(EndpointName=self.name, EndpointConfigName=config)
        else:
            self.customer.update(self.name, config)
        assert self.customer.settled(self.name)["EndpointConfigName"] == config

    def serving(self) -> str | None:
        """The endpoint config in use; None if there is no endpoint."""
        names = [one["EndpointName"] for one in self.aws.sagemaker.list_endpoints(NameContains=self.name)["Endpoints"]]
        return self.customer.endpoint(self.name)["EndpointConfigName"] if self.name in names else None

    def record(self, run: str, state: str = "Deployed", reason: str = "", **sections: Any) -> None:
        """Writes the record of a run of ten minutes, an hour after the previous one."""
        started = DAY_ONE + timedelta(hours=self.records)
        self.records += 1
        end = {
            "state": state,
            "reason": reason,
            "started_at": started.isoformat().replace("+00:00", "Z"),
            "at": (started + 10 * MINUTE).isoformat().replace("+00:00", "Z"),
        }
        self.put(run, "record.json", json.dumps({"run": run, **sections, "end": end}))

    def deployed(self, run: str, number: int, *, serves: bool = True) -> str:
        """Writes the record of a run that deployed a new model, which is live if `serves`; returns the model's name."""
        model = self.model(number)
        self.config(model)
        if serves:
            self.serve(model)
        self.record(run, outcome="NewData", newest=f"2026-11-{number:02}", deployment=deployment(model, model))
        return model

    def put(self, run: str, file: str, body: str) -> None:
        self.aws.s3.put_object(Bucket=BUCKET, Key=f"runs/{self.name}/{run}/{file}", Body=body.encode())

    def start(self, run: str, event: dict[str, Any] | None = None) -> str:
        """Starts an execution; returns its ARN."""
        return executions.start(self.aws, self.machine, run, event or {})

    def finish(self, run: str, event: dict[str, Any] | None = None) -> None:
        """Starts an execution and waits for its end."""
        for _ in executions.follow(self.aws, self.start(run, event), poll_seconds=0.05):
            pass

    def has_ended(self, run: str) -> bool:
        """Whether the execution of that name has ended."""
        return executions.state(self.aws, executions.arn_of(self.machine, run)).status != executions.RUNNING

    def runs(self) -> list[str]:
        """The names of all executions."""
        return sorted(one.name for one in executions.listed(self.aws, self.machine, 100))

    def hold(self) -> str:
        return self.aws.ssm.get_parameter(Name=self.hold_parameter)["Parameter"]["Value"]


def deployment(model: str, config: str) -> dict[str, str]:
    """The section of a run that updated the endpoint."""
    return {"model": model, "endpoint_config": config, "endpoint": "prices", "action": "updated"}
