"""EventBridge Scheduler: which requests to make or move a schedule are refused, and which are the same again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_region
from ministack.core.router import extract_access_key_id
from ministack.services import scheduler

from refit.embedded_cloud.iam_roles import denial_message
from refit.embedded_cloud.ministack_patches.patching import around
from refit.embedded_cloud.ministack_patches.scheduler import PRINCIPAL, moment


@around("services.scheduler", "handle_request")
async def refuse(handle: Any, method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
    """Who makes or changes a schedule passes its role on; and a schedule of one moment is not for the past.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
    """
    document = json.loads(body) if method in ("POST", "PUT") and path.startswith("/schedules/") else {}
    role = document.get("Target", {}).get("RoleArn")
    if app.AUTH and role:
        context = {"iam:PassedToService": PRINCIPAL}
        caller = extract_access_key_id(headers, query)
        denied = iam_evaluator.enforce(caller, "iam:PassRole", "iam", get_region(), role, context)
        if denied:
            name = getattr(denied, "principal_arn", "")
            message = denial_message(name, "iam:PassRole", role, denied)
            return iam_actions.access_denied_response("scheduler", "iam:PassRole", name, "", message=message)
    if _has_no_future(document):
        message = f"Invalid Schedule Expression {document['ScheduleExpression']}."
        return scheduler._error(400, "ValidationException", message)
    return await handle(method, path, headers, body, query)


def _has_no_future(document: Mapping[str, Any]) -> bool:
    """Whether it is about one moment, which is past or cannot be read."""
    if not str(document.get("ScheduleExpression")).startswith("at("):
        return False
    try:
        return moment(document) <= datetime.now(UTC)
    except ValueError:
        return True


@around("services.scheduler", "_create_schedule")
def create_once(create: Any, name: str, document: Any) -> Any:
    """A request that is sent again, because its answer was lost, makes nothing twice and is no conflict.

    An SDK sends the ClientToken of the first attempt with every other one:
    https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
    """
    token, made = document.get("ClientToken"), f"{document.get('GroupName', 'default')}/{name}"
    known = scheduler._schedules.get(made)
    if known and token and known.get("ClientToken") == token:
        return scheduler._json_resp(200, {"ScheduleArn": known["Arn"]})
    answer = create(name, document)
    if answer[0] == 200:
        scheduler._schedules[made]["ClientToken"] = token
    return answer
