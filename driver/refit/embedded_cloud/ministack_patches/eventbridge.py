"""EventBridge: which functions a rule may call, and that their events queue, as those of asynchronous calls do."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc

from refit.embedded_cloud.ministack_patches.patching import around, find

log = logging.getLogger("refit")

PRINCIPAL = "events.amazonaws.com"

find("ministack.services.lambda_svc", "_execute_function_with_config_scope")

# AWS waits for one minute and then for two: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
WAITS = (1.0, 2.0)
# Each call at the same time as others is a process of its own: a thousand objects are not to be a thousand processes.
AT_ONCE = 2
_slots = threading.BoundedSemaphore(AT_ONCE)


@around("services.eventbridge", "_invoke_target")
def ask_the_function(invoke: Any, target: Any, event: Any, rule: Mapping[str, Any], *rest: Any) -> None:
    """A rule calls a function only if the function's own policy lets it; ministack calls any.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-lambda-permissions
    """
    if app.AUTH and ":rule/" in rule["Arn"] and ":lambda:" in target["Arn"] and not _may_call(rule, target["Arn"]):
        log.warning("rule %s may not call %s", rule["Arn"], target["Arn"])
        return
    invoke(target, event, rule, *rest)


@around("services.eventbridge", "_dispatch_to_lambda")
def queue(_: Any, arn: str, payload: str) -> None:
    """EventBridge calls a function asynchronously: its events queue, and one that it fails on is told again, twice.

    ministack calls it for all events at once, and once.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async.html
    """
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not config:
        log.warning("there is no function %s to be told of an event", name)
        return
    record = lambda_svc._execution_record_for_config(function, config)
    threading.Thread(target=_tell, args=(name, record, json.loads(payload)), daemon=True).start()


def _tell(name: str, record: Mapping[str, Any], event: Any) -> None:
    for wait in (0.0, *WAITS):
        time.sleep(wait)
        with _slots:
            answer = lambda_svc._execute_function_with_config_scope(record, event)
        if not answer.get("error"):
            return
    log.warning("function %s failed on an event %d times", name, 1 + len(WAITS))


def _may_call(rule: Mapping[str, Any], arn: str) -> bool:
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
    said = iam_evaluator.evaluate_resource_policy((function or {}).get("policy"), context, service=PRINCIPAL)
    return bool(said.decision == "Allow")
