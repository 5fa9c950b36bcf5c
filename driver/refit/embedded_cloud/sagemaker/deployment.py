"""Creating, updating and deleting an endpoint after the call has been answered: one thread each.

The models that serve are replaced once the new ones have been loaded, and not before; if these cannot be, they stay.
With a DeploymentConfig the traffic moves step by step, and back when an alarm rings.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from refit.embedded_cloud import faults, settings
from refit.embedded_cloud.sagemaker import endpoint_statuses, guardrails, loaded_models, models, store
from refit.embedded_cloud.sagemaker.errors import ApiError
from refit.embedded_cloud.sagemaker.loaded_models import Fleet, NotServing
from refit.embedded_cloud.sagemaker.resources import Endpoint, EndpointConfig, Json, now

logger = logging.getLogger(__name__)

RESTARTED = "the embedded cloud stopped while this was in progress"


@dataclass(frozen=True)
class Loaded:
    """A config whose models are in memory."""

    variants: Sequence[Json]
    fleet: Fleet


def deploy(endpoint: Endpoint, config: EndpointConfig, fault: str | None) -> None:
    """Takes an endpoint that is Creating or Updating to its end. `fault`: fail_create, roll_back, hang, or none."""
    script = faults.active()
    _in_thread(endpoint, lambda: _deploy(endpoint, config, fault, script))


def delete(endpoint: Endpoint) -> None:
    """Takes away an endpoint that is Deleting; it answers no more from now on."""
    loaded_models.remove(endpoint)
    _in_thread(endpoint, lambda: _delete(endpoint))


def settle() -> None:
    """After a restart: an endpoint that served serves again, and what was in progress ends as if it had failed."""
    for endpoint in store.of_kind(Endpoint):
        if endpoint.status == "Deleting":
            store.remove(endpoint)
            continue
        if endpoint.status in endpoint_statuses.IN_PROGRESS:
            endpoint.failure_reason = RESTARTED
            endpoint_statuses.move(endpoint, "not_loaded", now())
            _rolled_back(endpoint)
        if endpoint.status in endpoint_statuses.SERVING:
            try:
                loaded_models.put(endpoint, loaded_models.load(endpoint.variants))
            except NotServing as error:
                endpoint.failure_reason = str(error)
                endpoint_statuses.move(endpoint, "lost", now())


def _deploy(endpoint: Endpoint, config: EndpointConfig, fault: str | None, script: Json) -> None:
    began = time.monotonic()
    if fault == "hang":
        faults.wait(script)
    loaded, reason = None, ""
    try:
        loaded = _load(config, fault)
    except NotServing as error:
        reason = str(error)
    except Exception:
        logger.exception("endpoint %s", endpoint.name)
        reason = "The embedded cloud failed; its log says why."
    _rest(endpoint, began)
    if loaded and endpoint.status == "Updating":
        loaded, reason = _take_over(endpoint, loaded)
    with store.lock:
        if not _is_kept(endpoint):
            return
        endpoint.failure_reason = reason
        endpoint_statuses.move(endpoint, "loaded" if loaded else "not_loaded", now())
        if loaded:
            endpoint.config, endpoint.variants, endpoint.pending = config.name, list(loaded.variants), ""
            loaded_models.put(endpoint, loaded.fleet)
            return
    if endpoint.status == "RollingBack":
        _rest(endpoint, time.monotonic())
        with store.lock:
            _rolled_back(endpoint)


def _take_over(endpoint: Endpoint, new: Loaded) -> tuple[Loaded | None, str]:
    """Moves the traffic as the endpoint's DeploymentConfig says, old models answering meanwhile.

    Returns what serves in the end, or None, with all traffic back at the old models, and the alarms that are why.
    """
    old = loaded_models.fleet(endpoint.scope, endpoint.name)
    if old is None or not endpoint.deployment_config:
        return new, ""
    try:
        for share, seconds in guardrails.steps(endpoint.deployment_config, guardrails.instances(new.variants)):
            _put(endpoint, loaded_models.blended(old, new.fleet, share))
            guardrails.watch(endpoint.deployment_config, endpoint.scope, seconds)
    except guardrails.RollBack as ringing:
        _put(endpoint, old)
        return None, str(ringing)
    return new, ""


def _put(endpoint: Endpoint, fleet: Fleet) -> None:
    with store.lock:
        if _is_kept(endpoint):
            loaded_models.put(endpoint, fleet)


def _is_kept(endpoint: Endpoint) -> bool:
    """Whether it is still there, after a reset too: then nothing may serve for it."""
    return store.find(Endpoint, endpoint.scope, endpoint.name) is endpoint


def _load(config: EndpointConfig, fault: str | None) -> Loaded:
    if fault == "fail_create":
        raise NotServing("A scripted fault failed this endpoint (endpoint.fail_create).")
    if fault == "roll_back":
        # On AWS too a roll-back may come without any reason: hashicorp/terraform-provider-aws#39099.
        raise NotServing("")
    try:
        found = [
            (variant, models.get(config.scope, variant["ModelName"]))
            for variant in config.request["ProductionVariants"]
        ]
    except ApiError as error:
        raise NotServing(str(error)) from error
    variants = [loaded_models.fetch(variant, model) for variant, model in found]
    return Loaded(variants, loaded_models.load(variants))


def _delete(endpoint: Endpoint) -> None:
    _rest(endpoint, time.monotonic())
    with store.lock:
        store.remove(endpoint)


def _rolled_back(endpoint: Endpoint) -> None:
    if endpoint_statuses.move(endpoint, "rolled_back", now()):
        endpoint.pending = ""


def _rest(endpoint: Endpoint, began: float) -> None:
    """Lets the endpoint's status last as long as it lasts, counted from its beginning."""
    lasts = endpoint_statuses.LASTS[endpoint.status] * settings.seconds_per_status()
    time.sleep(max(0.0, began + lasts - time.monotonic()))


def _in_thread(endpoint: Endpoint, work: Callable[[], None]) -> None:
    threading.Thread(target=work, name=f"endpoint-{endpoint.name}", daemon=True).start()
