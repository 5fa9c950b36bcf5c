"""EventBridge: a rule needs permission to invoke a function, and invokes it asynchronously with retries.

An incomplete event is a failed entry.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region, json_response
from ministack.services import lambda_svc

from refit.embedded_cloud.ministack_patches.patching import lookup, patch

log = logging.getLogger("refit")

PRINCIPAL = "events.amazonaws.com"

lookup("ministack.services.lambda_svc", "_execute_function_with_config_scope")

# AWS waits one minute, then two: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
RETRY_SECONDS = (1.0, 2.0)
# Each concurrent invocation is a separate process, and a thousand new objects must not start a thousand processes.
MAX_CONCURRENCY = 2
_slots = threading.BoundedSemaphore(MAX_CONCURRENCY)


@patch("services.eventbridge", "_invoke_target")
def check_function_policy(invoke: Any, target: Any, event: Any, rule: Mapping[str, Any], *rest: Any) -> None:
    """A rule invokes a function only if the function's resource policy allows it; ministack does not check.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
    """
    if app.AUTH and ":rule/" in rule["Arn"] and ":lambda:" in target["Arn"] and not _is_permitted(rule, target["Arn"]):
        log.warning("rule %s has no permission to invoke %s", rule["Arn"], target["Arn"])
        return
    invoke(target, event, rule, *rest)


@patch("services.eventbridge", "_dispatch_to_lambda")
def invoke_asynchronously(_: Any, arn: str, payload: str) -> None:
    """EventBridge invokes a function asynchronously: events are queued, and a failed invocation is retried twice.

    ministack invokes it for all events at once, and never retries.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
    """
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not config:
        log.warning("function %s, the target of an event, does not exist", name)
        return
    record = lambda_svc._execution_record_for_config(function, config)
    threading.Thread(target=_invoke_with_retries, args=(name, record, json.loads(payload)), daemon=True).start()


@patch("services.eventbridge", "_put_events")
def fail_incomplete_entries(put: Any, data: Mapping[str, Any], *rest: Any, **fields: Any) -> Any:
    """An entry without Source, DetailType or Detail, or whose Detail is no object, fails; ministack accepts it.

    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html; the words are recorded in
    test_events_task_service.snapshot.json of localstack/localstack.
    """
    entries = data.get("Entries") or []
    failures = [_entry_failure(entry) for entry in entries]
    sound = [entry for entry, failure in zip(entries, failures, strict=True) if failure is None]
    status, headers, body = put({**data, "Entries": sound}, *rest, **fields)
    if status != 200 or not any(failures):
        return status, headers, body
    answer = json.loads(body)
    accepted = iter(answer["Entries"])
    results = [next(accepted) if failure is None else failure for failure in failures]
    failed = answer["FailedEntryCount"] + len(failures) - len(sound)
    return json_response({"FailedEntryCount": failed, "Entries": results})


def _entry_failure(entry: Mapping[str, Any]) -> dict[str, str] | None:
    for name in ("Source", "DetailType", "Detail"):
        if not entry.get(name):
            message = f"Parameter {name} is not valid. Reason: {name} is a required argument."
            return {"ErrorCode": "InvalidArgument", "ErrorMessage": message}
    try:
        sound = isinstance(json.loads(entry["Detail"]), dict)
    except ValueError:
        sound = False
    return None if sound else {"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}


def _invoke_with_retries(name: str, record: Mapping[str, Any], event: Any) -> None:
    for wait in (0.0, *RETRY_SECONDS):
        time.sleep(wait)
        with _slots:
            result = lambda_svc._execute_function_with_config_scope(record, event)
        if not result.get("error"):
            return
    log.warning("function %s failed on an event %d times", name, 1 + len(RETRY_SECONDS))


def _is_permitted(rule: Mapping[str, Any], arn: str) -> bool:
    function, _, _ = lambda_svc._get_func_record_for_ref(arn)
    context = iam_evaluator.EvalContext(
        principal_arn=PRINCIPAL,
        principal_type="Service",
        principal_account=get_account_id(),
        action="lambda:InvokeFunction",
        resource_arn=arn,
        region=get_region(),
        service_context={"aws:sourceaccount": get_account_id(), "aws:sourcearn": rule["Arn"]},
    )
    result = iam_evaluator.evaluate_resource_policy((function or {}).get("policy"), context, service=PRINCIPAL)
    return bool(result.decision == "Allow")
