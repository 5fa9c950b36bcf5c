"""Creates, updates, scales and deletes endpoints in the background, one thread for each deployment.

The old models are replaced only after the new ones have been loaded; if loading fails, the old ones keep serving. With
a DeploymentConfig traffic is shifted step by step, and rolled back if an alarm goes off.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from refit.embedded_cloud import faults, settings
from refit.embedded_cloud.sagemaker import (
    catalog,
    endpoint_configs,
    endpoint_statuses,
    guardrails,
    loaded_models,
    production_variants,
    store,
)
from refit.embedded_cloud.sagemaker.errors import ApiError
from refit.embedded_cloud.sagemaker.loaded_models import Fleet, NotServing
from refit.embedded_cloud.sagemaker.resources import Endpoint, EndpointConfig, Json, Model, now

logger = logging.getLogger(__name__)

RESTARTED = "the embedded cloud stopped while this was in progress"


@dataclass(frozen=True)
class LoadedConfig:
    """An endpoint config whose models are in memory."""

    variants: Sequence[Json]
    fleet: Fleet


def deploy(endpoint: Endpoint, config: EndpointConfig, fault: str | None) -> None:
    """Starts the deployment of the variants that the endpoint, which is Creating or Updating, wants.

    `fault` is a scripted fault: fail_create, roll_back, hang, or None.
    """
    script = faults.active()
    _in_thread(endpoint, lambda: _deploy(endpoint, config, fault, script))


def scale(endpoint: Endpoint) -> None:
    """Starts the change of an endpoint that is Updating to the weights and capacities that its variants desire."""
    _in_thread(endpoint, lambda: _scale(endpoint))


def delete(endpoint: Endpoint) -> None:
    """Starts the deletion of an endpoint that is Deleting. It stops serving immediately."""
    loaded_models.remove(endpoint)
    _in_thread(endpoint, lambda: _delete(endpoint))


def resume() -> None:
    """Resumes after a restart: endpoints in service serve again, and deployments in progress end as failed."""
    for endpoint in store.of_kind(Endpoint):
        if endpoint.status == "Deleting":
            store.remove(endpoint)
            continue
        if endpoint.status in endpoint_statuses.IN_PROGRESS:
            endpoint.failure_reason = RESTARTED
            endpoint_statuses.move(endpoint, "not_loaded", now())
            _rolled_back(endpoint)
            endpoint.variants = [production_variants.as_before(variant) for variant in endpoint.variants]
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
        loaded = _load(endpoint, fault)
    except NotServing as error:
        reason = str(error)
    except Exception:
        logger.exception("endpoint %s", endpoint.name)
        reason = "The embedded cloud failed; see its log."
    _wait_out_status(endpoint, began)
    if loaded and endpoint.status == "Updating":
        loaded, reason = _shift_traffic(endpoint, loaded)
    with store.lock:
        if not _still_exists(endpoint):
            return
        endpoint.failure_reason = reason
        endpoint_statuses.move(endpoint, "loaded" if loaded else "not_loaded", now())
        if loaded:
            endpoint.config, endpoint.variants = config.name, list(loaded.variants)
            endpoint.features = endpoint_configs.features(config)
            loaded_models.put(endpoint, loaded.fleet)
        if endpoint.status != "RollingBack":
            _end_change(endpoint)
            return
    _wait_out_status(endpoint, time.monotonic())
    with store.lock:
        _rolled_back(endpoint)


def _scale(endpoint: Endpoint) -> None:
    _wait_out_status(endpoint, time.monotonic())
    with store.lock:
        fleet = loaded_models.fleet(endpoint.scope, endpoint.name)
        if not _still_exists(endpoint) or fleet is None:
            return
        endpoint.variants = [production_variants.as_desired(variant) for variant in endpoint.variants]
        weights = {variant["VariantName"]: variant["InitialVariantWeight"] for variant in endpoint.variants}
        reweighed = (replace(variant, weight=weights[variant.name]) for variant in fleet.variants)
        loaded_models.put(endpoint, Fleet(tuple(reweighed)))
        endpoint_statuses.move(endpoint, "loaded", now())


def _shift_traffic(endpoint: Endpoint, new: LoadedConfig) -> tuple[LoadedConfig | None, str]:
    """Shifts the traffic to `new` by the steps of the endpoint's DeploymentConfig.

    Returns `new` and an empty reason; or, if an alarm went off, None and the FailureReason, with all traffic back on
    the old models.
    """
    old = loaded_models.fleet(endpoint.scope, endpoint.name)
    if old is None or not endpoint.deployment_config:
        return new, ""
    try:
        for share, seconds in guardrails.steps(endpoint.deployment_config, production_variants.instances(new.variants)):
            _serve(endpoint, loaded_models.blended(old, new.fleet, share))
            guardrails.watch(endpoint.deployment_config, endpoint.scope, seconds)
    except guardrails.RollbackTriggered as alarm:
        _serve(endpoint, old)
        return None, str(alarm)
    return new, ""


def _serve(endpoint: Endpoint, fleet: Fleet) -> None:
    with store.lock:
        if _still_exists(endpoint):
            loaded_models.put(endpoint, fleet)


def _still_exists(endpoint: Endpoint) -> bool:
    """Whether the endpoint still exists. If it has been deleted or reset, no model may be served for it."""
    return store.find(Endpoint, endpoint.scope, endpoint.name) is endpoint


def _load(endpoint: Endpoint, fault: str | None) -> LoadedConfig:
    if fault == "fail_create":
        raise NotServing("A scripted fault failed this endpoint (endpoint.fail_create).")
    if fault == "roll_back":
        # On AWS, too, a rollback may have no FailureReason: hashicorp/terraform-provider-aws#39099.
        raise NotServing("")
    try:
        with_models = [
            (variant, catalog.get(Model, endpoint.scope, variant["ModelName"])) for variant in endpoint.wanted
        ]
    except ApiError as error:
        raise NotServing(str(error)) from error
    variants = [
        {**loaded_models.fetch(variant, model), "ExecutionRoleArn": model.request["ExecutionRoleArn"]}
        for variant, model in with_models
    ]
    return LoadedConfig(variants, loaded_models.load(variants))


def _delete(endpoint: Endpoint) -> None:
    _wait_out_status(endpoint, time.monotonic())
    with store.lock:
        store.remove(endpoint)


def _rolled_back(endpoint: Endpoint) -> None:
    endpoint_statuses.move(endpoint, "rolled_back", now())
    _end_change(endpoint)


def _end_change(endpoint: Endpoint) -> None:
    endpoint.pending, endpoint.wanted = "", []


def _wait_out_status(endpoint: Endpoint, began: float) -> None:
    """Sleeps until the endpoint's status has lasted its minimum duration since `began`."""
    duration = endpoint_statuses.DURATIONS[endpoint.status] * settings.seconds_per_status()
    time.sleep(max(0.0, began + duration - time.monotonic()))


def _in_thread(endpoint: Endpoint, work: Callable[[], None]) -> None:
    threading.Thread(target=work, name=f"endpoint-{endpoint.name}", daemon=True).start()
