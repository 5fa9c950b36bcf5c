"""EventBridge Scheduler: when a schedule fires, with which role and input, and which requests are rejected."""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from ministack.core.responses import set_request_account_id, set_request_region
from ministack.services import eventbridge, scheduler

from refit.domain.time_zones import time_zone
from refit.embedded_cloud.iam_roles import Actor
from refit.embedded_cloud.ministack_patches.patching import lookup, patch
from refit.embedded_cloud.settings import seconds_scale

log = logging.getLogger("refit")

PRINCIPAL = "scheduler.amazonaws.com"
ACTIONS = {
    "states": "states:StartExecution",
    "lambda": "lambda:InvokeFunction",
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "events": "events:PutEvents",
}

# AWS fires within a minute (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html); ministack
# checks every ten seconds.
TICK_SECONDS = 0.2
lookup("ministack.services.scheduler", "_SCHEDULE_TICK_INTERVAL")
scheduler._SCHEDULE_TICK_INTERVAL = TICK_SECONDS

FIRED = "LastFired"
"""The member of a one-time schedule with the time for which it has fired, so that it does not after a restart."""

_up_since = time.time()


@patch("services.scheduler", "_tick_schedules")
def fire_due_schedules(_: Any) -> None:
    """Fires each schedule when AWS would.

    A rate schedule first fires at its StartDate, or immediately without one. cron and at() use the schedule's time
    zone. A one-time schedule with ActionAfterCompletion DELETE is a wait, scaled by REFIT_LOCAL_SECONDS_SCALE.

    ministack first waits a whole interval, reads cron and at() in UTC, and after a restart fires every rate schedule
    that is older than its interval. Here, firings of rate and cron that were missed while the cloud was down are
    skipped; a one-time schedule then fires once the cloud is up.
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    """
    for place, schedule in list(scheduler._schedules._data.items()):
        now = time.time()
        ends = scheduler._to_epoch(schedule.get("EndDate"))
        if schedule["State"] != "ENABLED" or (ends is not None and now > ends):
            continue
        once, changed = schedule["ScheduleExpression"].startswith("at("), schedule["LastModificationDate"]
        fired = scheduler._schedule_last_fired.get(place, schedule.get(FIRED))
        since = fired if fired is not None else changed if once else max(_up_since, changed)
        due = _latest(schedule, since, now)
        if due is None or (fired is not None and due <= fired):
            continue
        scheduler._schedule_last_fired[place] = due
        account, region, _name = place
        set_request_account_id(account)
        set_request_region(region)
        # Deleted before the target is invoked: an update during the invocation must not be lost with the deletion.
        if _is_one_time_wait(schedule):
            scheduler._schedules._data.pop(place, None)
        elif once:
            schedule[FIRED] = due
        _fire(schedule, due)


def _latest(schedule: Mapping[str, Any], since: float, now: float) -> float | None:
    """The latest time from `since` to `now` at which the schedule is due, or None. All are seconds since 1970."""
    expression, zone = schedule["ScheduleExpression"], _zone(schedule)
    starts = scheduler._to_epoch(schedule.get("StartDate"))
    interval = eventbridge._parse_rate_seconds(expression)
    if interval is not None:
        anchor = starts if starts is not None else schedule["CreationDate"]
        due = anchor + (now - anchor) // interval * interval
    elif expression.startswith("at("):
        due = _moment(schedule).timestamp()
        if _is_one_time_wait(schedule):
            due = schedule["LastModificationDate"] + (due - schedule["LastModificationDate"]) * seconds_scale()
    else:
        due = max((each for each in _cron(expression, zone, since, now)), default=since - 1)
    return due if since <= due <= now and (starts is None or due >= starts) else None


def _moment(schedule: Mapping[str, Any]) -> datetime:
    """The time of an at() expression, with its time zone."""
    return datetime.fromisoformat(schedule["ScheduleExpression"][3:-1].strip()).replace(tzinfo=_zone(schedule))


def _zone(schedule: Mapping[str, Any]) -> tzinfo:
    """The schedule's time zone. Raises ValueError if there is none of that name."""
    return time_zone(schedule.get("ScheduleExpressionTimezone") or "UTC")


def _is_one_time_wait(schedule: Mapping[str, Any]) -> bool:
    """Whether the schedule fires once and is then deleted. It serves as a timer, which is shortened to seconds here."""
    return schedule["ScheduleExpression"].startswith("at(") and schedule.get("ActionAfterCompletion") == "DELETE"


def _cron(expression: str, zone: tzinfo, since: float, now: float) -> Iterator[float]:
    """The times of a cron expression after `since` and up to `now`, without those that a clock change skips."""
    fields = eventbridge._parse_cron_fields(expression)
    wall = datetime.fromtimestamp(since, zone).replace(tzinfo=UTC)
    while fields is not None and (wall := eventbridge._cron_next_fire(fields, wall)) is not None:
        moment = wall.replace(tzinfo=zone)
        if moment.timestamp() > now:
            return
        if moment.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment.replace(tzinfo=None):
            yield moment.timestamp()


def _fire(schedule: Mapping[str, Any], due: float) -> None:
    """Invokes the target with the schedule's role, and with the context attributes in its input replaced.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
    """
    target, attempt = schedule["Target"], uuid.uuid4().hex[:16]
    service = target["Arn"].split(":")[2]
    actor = Actor(PRINCIPAL, target["RoleArn"], attempt, group_arn(schedule["Arn"]))
    denied = actor.denial(ACTIONS.get(service, f"{service}:*"), target["Arn"])
    if denied:
        log.warning("schedule %s did not fire: %s", schedule["Name"], denied)
        return
    document = target.get("Input") or "{}"
    attributes = {
        "schedule-arn": schedule["Arn"],
        "scheduled-time": datetime.fromtimestamp(int(due), UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "execution-id": attempt,
        "attempt-number": "1",
    }
    for name, value in attributes.items():
        document = document.replace(f"<aws.scheduler.{name}>", value)
    event = {
        "EventId": attempt,
        "Source": "aws.scheduler",
        "DetailType": "Scheduled Event",
        "Detail": "{}",
        "Time": due,
    }
    log.info("schedule %s fires for %s", schedule["Name"], attributes["scheduled-time"])
    deliver({**target, "Input": document}, event, schedule)


def deliver(target: Mapping[str, Any], event: Mapping[str, Any], schedule: Mapping[str, Any]) -> None:
    """Invokes the target of a schedule, as EventBridge does."""
    eventbridge._invoke_target(target, event, schedule)


def group_arn(arn: str) -> str:
    """The value of aws:SourceArn in the trust policy of a schedule's role: the ARN of the schedule's group.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
    """
    return arn.replace(":schedule/", ":schedule-group/").rpartition("/")[0]


@patch("services.scheduler", "handle_request")
async def reject_past_schedules(handle: Any, method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
    """A one-time schedule must be in the future, and a time zone must be one of the IANA database.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
    https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
    """
    document = json.loads(body or b"{}") if method in ("POST", "PUT") and path.startswith("/schedules/") else {}
    try:
        _zone(document)
    except ValueError:
        zone = document["ScheduleExpressionTimezone"]
        return scheduler._error(400, "ValidationException", f"Invalid Schedule Expression Timezone {zone}.")
    if _is_past(document):
        message = f"Invalid Schedule Expression {document['ScheduleExpression']}."
        return scheduler._error(400, "ValidationException", message)
    return await handle(method, path, headers, body, query)


def _is_past(document: Mapping[str, Any]) -> bool:
    """Whether the schedule is a one-time schedule whose time is past or unreadable."""
    if not str(document.get("ScheduleExpression")).startswith("at("):
        return False
    try:
        return _moment(document) <= datetime.now(UTC)
    except ValueError:
        return True


@patch("services.scheduler", "_create_schedule")
def create_idempotently(create: Any, name: str, document: Any) -> Any:
    """CreateSchedule with the ClientToken of an existing schedule returns that schedule instead of a conflict.

    An SDK sends the same ClientToken with every retry:
    https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
    """
    token, key = document.get("ClientToken"), f"{document.get('GroupName', 'default')}/{name}"
    existing = scheduler._schedules.get(key)
    if existing and token and existing.get("ClientToken") == token:
        return scheduler._json_resp(200, {"ScheduleArn": existing["Arn"]})
    response = create(name, document)
    if response[0] == 200:
        scheduler._schedules[key]["ClientToken"] = token
    return response
