"""Runs of a pipeline with a data contract, for the tests of CheckQuality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdas import check_data, check_quality
from lambdas.aws import clients
from refit.domain.data_contract import Column, Contract
from refit.domain.run_document import Run
from tests.support.lambdas.stage import Context, Pipeline

TIME = "2026-11-22T06:00:00Z"
COLUMNS = (Column("price", min=0), Column("rooms", "integer"))
GOOD = b"1.5,2\n2.5,3\n"
NEGATIVE = b"1.5,2\n-7,3\n"
DAYS = ("2026-11-19", "2026-11-20", "2026-11-21", "2026-11-22")
LONG = Context(800)


class Runs:
    """Runs of a pipeline with a contract: CheckData, CheckQuality and, if told, the parameters of a deployment."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.contract = Contract(COLUMNS)

    def check_data(self, **detail: Any) -> tuple[Run, dict[str, Any]]:
        self.pipeline.settings["skips_bad_days"] = self.contract.on_bad_day == "skip"
        execution = self.pipeline.execution()
        event = self.pipeline.event(execution, TIME, **detail)
        run = check_data.handler(event, Context())
        clients.stepfunctions().stop_execution(executionArn=execution["arn"])
        return run, event

    def check_quality(self, run: Run, event: Mapping[str, Any], context: Context = LONG) -> Run:
        settings = self.pipeline.settings | {"contract": self.contract.to_document()}
        asked = {"run": run, "event": event["event"], "execution": event["execution"], "settings": settings}
        return check_quality.handler(asked, context)

    def run(self, **detail: Any) -> Run:
        run, event = self.check_data(**detail)
        assert run["outcome"] == "NewData", run["reason"]
        return self.check_quality(run, event)

    def deploy(self, **detail: Any) -> Run:
        run = self.run(**detail)
        assert run["quality"]["decision"] == "Accepted", run["quality"]["reason"]
        self.pipeline.watermark, self.pipeline.seen_run = str(run["newest"]), run["run"]
        return run

    def written(self, run: Run, file: str) -> Any:
        return self.pipeline.get(f"runs/{run['pipeline']}/{run['run']}/{file}")

    def key(self, day: str) -> str:
        return f"{self.pipeline.settings['prefix']}{day}.csv"
