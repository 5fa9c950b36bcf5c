"""EventBridge: which functions a rule may call, and that Lambda asks one again that has failed."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

from ministack import app
from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc

from driver.local.fixes.symbols import around, find

log = logging.getLogger("refit")

PRINCIPAL = "events.amazonaws.com"

find("ministack.services.lambda_svc", "invoke_async_with_retry")


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
def ask_again(_: Any, arn: str, payload: str) -> None:
    """A function that fails is called again, twice at most: EventBridge calls it asynchronously; ministack forgets it.

    After one second and after two more, where AWS waits for minutes.
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
    """
    function, config, name = lambda_svc._get_func_record_for_ref(arn)
    if not function or not config:
        log.warning("there is no function %s to be told of an event", name)
        return
    lambda_svc.invoke_async_with_retry(lambda_svc._execution_record_for_config(function, config), json.loads(payload))


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
