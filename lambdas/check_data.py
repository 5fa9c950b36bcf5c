"""CheckData: is there new data in the window, and may this run be the one that trains on it?

Takes the lease, reads what the deployed model has seen and whether somebody holds it, and then decides: about data, or
for a redeployment or a rollback about the model that serves. It starts nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lambdas.aws import lease, parameters
from lambdas.aws.handler import state
from lambdas.decisions import redeployment, retraining, rollback, run_document, tags
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
        run = _decided(run, settings, trigger, window)

    # Last: the fingerprint is one of them.
    return {**run, "tags": tags.of(run, settings["tags"])}


def _decided(run: Run, settings: Mapping[str, Any], trigger: Trigger, window: Window) -> Run:
    seen, held = parameters.seen_and_hold(settings)
    run = {**run, "watermark": seen.watermark}
    if trigger.redeploy:
        return redeployment.decide(run, settings)
    if trigger.rollback is not None:
        return rollback.decide(run, settings, trigger.rollback)
    # What deploys nothing disturbs nobody's hold.
    if held is not None and not trigger.train_only:
        return run_document.decided(run, HELD, hold.reason(held, f"{settings['environment']}/{settings['pipeline']}"))
    return retraining.decide(run, settings, trigger, window, seen)
