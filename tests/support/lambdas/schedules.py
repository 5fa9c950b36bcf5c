"""The schedule of a pipeline on the embedded cloud's EventBridge Scheduler."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from lambdas.arrival import start_schedule
from lambdas.aws import clients
from tests.support.lambdas.fakes import answer


class Schedule:
    """The schedule of a pipeline, and the requests that were sent for it."""

    def __init__(self, group: str) -> None:
        self.key = {"GroupName": group, "Name": f"{group}-arrival"}
        self.sent: list[str] = []
        clients.scheduler().meta.events.register("before-send.scheduler", self._count)

    def get(self) -> Any:
        return clients.scheduler().get_schedule(**self.key)

    def put(self, start: datetime) -> None:
        """Creates the schedule with this start, as if it had been planned earlier."""
        assert start_schedule.create(start)
        self.sent.clear()

    @property
    def start(self) -> datetime:
        found = start_schedule.planned()
        assert found is not None
        return found.start

    def meanwhile(self, operation: str, what: Any) -> None:
        """Runs the function `what` once, just before the next request for the operation."""

        def act(**_: Any) -> None:
            clients.scheduler().meta.events.unregister(f"before-call.scheduler.{operation}", act)
            what()

        clients.scheduler().meta.events.register(f"before-call.scheduler.{operation}", act)

    def _count(self, event_name: str, **_: Any) -> None:
        self.sent.append(event_name.rpartition(".")[2])


def refuse(status: int, error: str) -> None:
    """Makes reading the schedule fail from now on."""

    def refusal(request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        return answer(request.url, status, json.dumps({"Message": "it is"}), {"x-amzn-errortype": error})

    clients.scheduler().meta.events.register("before-send.scheduler.GetSchedule", refusal)
