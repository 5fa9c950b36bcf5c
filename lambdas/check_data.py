"""CheckData: decides whether a run retrains, redeploys, rolls back, or does nothing.

Takes the lease, stops the training jobs that earlier runs left running, reads the watermark and the hold, and then
decides: by the data in the window or, for a redeployment or a rollback, by the live model. It starts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdas.aws import lease, parameters
from lambdas.aws.handler import state
from lambdas.decisions import redeployment, retraining, rollback, run_document, tags
from lambdas.sagemaker import abandoned_jobs
from refit.domain import hold, run_request
from refit.domain.outcomes import ALREADY_RUNNING, HELD
from refit.domain.run_document import Run
from refit.domain.run_request import Trigger
from refit.domain.window import Window, window_of


@state("CheckData", outcome="outcome")
def handler(event: dict[str, Any], context: Any) -> Run:
    """`{event, execution, settings}` → the run document (docs/run-document.md)."""
    settings, execution = event["settings"], event["execution"]
    trigger = run_request.read(event["event"], execution["started_at"])
    window = window_of(settings["window"], trigger.time, trigger.window)
    run = run_document.new(settings, execution, trigger, window)

    holder = lease.take(settings["bucket"], settings["pipeline"], execution)
    if holder is not None:
        run = run_document.decided(run, ALREADY_RUNNING, f"{holder} is still running")
    else:
        if stopped := abandoned_jobs.stop(settings["pipeline"], execution["started_at"]):
            run = {**run, "stopped_jobs": stopped}
        run = _decide(run, settings, trigger, window)

    # Last, because the fingerprint is one of the tags.
    return {**run, "tags": tags.of(run, settings["tags"])}


def _decide(run: Run, settings: Mapping[str, Any], trigger: Trigger, window: Window) -> Run:
    seen, held = parameters.seen_and_hold(settings)
    run = {**run, "watermark": seen.watermark}
    if trigger.redeploy:
        return redeployment.decide(run, settings)
    if trigger.rollback is not None:
        return rollback.decide(run, settings, trigger.rollback)
    # A train-only run is allowed during a hold, because it deploys nothing.
    if held is not None and not trigger.train_only:
        return run_document.decided(run, HELD, hold.reason(held, f"{settings['environment']}/{settings['pipeline']}"))
    return retraining.decide(run, settings, trigger, window, seen)
