"""Forgets what has ended: executions, jobs, log streams, data points and messages of runs that are long past.

Never what is in use: models, endpoint configs, endpoints, objects, and the job whose artifact a model serves. On AWS an
execution is kept for 90 days, and a job is never deleted:
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html#service-limits-state-machine-executions
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, TypeVar

from ministack.services import cloudwatch
from ministack.services import cloudwatch_logs as logs

from refit.embedded_cloud import settings
from refit.embedded_cloud.ministack_patches.patching import lookup
from refit.embedded_cloud.sagemaker import store as sagemaker
from refit.embedded_cloud.sagemaker.resources import Job, Model, TrainingJob
from refit.embedded_cloud.saved_state.metrics import PART
from refit.embedded_cloud.slack import channels
from refit.embedded_cloud.step_functions import store as states

T = TypeVar("T")

PER_RUN = 10
"""How many log streams of a group, data points of a metric, and messages are kept for each run that is."""
POINTERS = 10_000
"""How many pointers to single log events are kept, for GetLogRecord. Queries make them again."""
DAY = 86_400

lookup("ministack.services.cloudwatch_logs", "_log_records")


def forget(now: float | None = None) -> None:
    """Forgets what is older than REFIT_LOCAL_KEEP_DAYS, or exceeds what REFIT_LOCAL_KEEP_RUNS allows."""
    now = time.time() if now is None else now
    since = now - settings.keep_days() * DAY
    runs = settings.keep_runs()
    _forget_executions(since, runs)
    _forget_jobs(since, runs)
    _forget_log_streams(now, since, PER_RUN * runs)
    _forget_data_points(since, PER_RUN * runs)
    channels.forget(since, PER_RUN * runs)


def _forget_executions(since: float, most: int) -> None:
    with states.lock:
        ended = [each for each in states.executions.values() if each.has_ended]
        for each in _surplus(ended, lambda e: e.machine.arn, lambda e: e.record.stop_date or 0.0, since, most):
            del states.executions[each.record.arn]


def _forget_jobs(since: float, most: int) -> None:
    with sagemaker.lock:
        ended = [job for job in sagemaker.of_kind(Job) if job.ended is not None]
        surplus = _surplus(ended, lambda job: (job.KIND, job.scope), lambda job: job.ended or 0.0, since, most)
        in_use = [str(model.request) for model in sagemaker.of_kind(Model)] if surplus else []
        for job in surplus:
            artifacts = job.artifacts if isinstance(job, TrainingJob) else ""
            if not (artifacts and any(artifacts in request for request in in_use)):
                sagemaker.remove(job)


def _forget_log_streams(now: float, since: float, most: int) -> None:
    for group in list(logs._log_groups._data.values()):
        days = group.get("retentionInDays")
        oldest = max(since, now - days * DAY) if days else since
        streams = list(group["streams"].items())
        # The streams are in the order of their creation, and those of Lambda end when they are created.
        if not streams or (len(streams) <= most and _last_event(streams[0][1]) >= oldest):
            continue
        for name, _ in _surplus(streams, lambda _: None, lambda each: _last_event(each[1]), oldest, most):
            group["streams"].pop(name, None)
    pointers = logs._log_records._data
    for pointer in list(pointers)[: max(0, len(pointers) - POINTERS)]:
        pointers.pop(pointer, None)


def _last_event(stream: dict[str, Any]) -> float:
    """The time of a stream's last event, or of its creation, in seconds since 1970."""
    return max(stream.get("lastEventTimestamp") or 0, stream.get("creationTime") or 0) / 1000


def _forget_data_points(since: float, most: int) -> None:
    """Forgets whole parts only: then the other parts are still the same."""
    for points in list(cloudwatch._metrics._data.values()):
        while len(points) > PART and (len(points) - PART >= most or points[PART - 1]["Timestamp"] < since):
            del points[:PART]


def _surplus(
    found: Iterable[T], group: Callable[[T], Hashable], at: Callable[[T], float], since: float, most: int
) -> Sequence[T]:
    """The older ones of each group: those before `since`, and those that are not among the newest `most`."""
    groups: dict[Hashable, list[T]] = defaultdict(list)
    for each in found:
        groups[group(each)].append(each)
    surplus: list[T] = []
    for members in groups.values():
        members.sort(key=at, reverse=True)
        surplus += [each for place, each in enumerate(members) if place >= most or at(each) < since]
    return surplus
