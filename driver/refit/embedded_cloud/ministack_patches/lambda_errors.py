"""Lambda: a failed function returns its exception's class, message and stack trace, as AWS's Python runtime does."""

from __future__ import annotations

import contextvars
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime

from refit.embedded_cloud.client import INSTALL
from refit.embedded_cloud.ministack_patches.patching import patch
from refit.errors import CloudError

# Parts of ministack's worker script and their replacements: two that write an error, and the call of the handler.
INIT = """\
    except Exception as e:
        _real_stdout.write(json.dumps({"status": "error", "error": str(e)}) + "\\n")
        _real_stdout.flush()
        return
"""
DEFERRED_INIT = """\
    except Exception as e:
        handler_fn = RefitInitError(e)
        _real_stdout.write(json.dumps({"status": "ready", "cold": True}) + "\\n")
        _real_stdout.flush()
"""
FAILURE = '{"status": "error", "error": str(e), "trace": traceback.format_exc()}'
FAILURE_WITH_PAYLOAD = """{
                "status": "error", "error": str(e), "trace": traceback.format_exc(),
                "payload": refit_payload(e, handler_fn, module_name, handler_name, context.aws_request_id),
            }"""
CALL = "            result = handler_fn(event, context)\n"
CALL_WITH_ID = "            RefitFormatter.request_id = context.aws_request_id\n" + CALL
REPLACEMENTS = ((INIT, DEFERRED_INIT), (FAILURE, FAILURE_WITH_PAYLOAD), (CALL, CALL_WITH_ID))

_payload: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar("refit_lambda_payload", default=None)


def _rewrite(script: str) -> str:
    for original, replacement in REPLACEMENTS:
        if script.count(original) != 1:
            raise CloudError(
                "ministack's Lambda worker is not the version that the embedded cloud patches", f"run: {INSTALL}"
            )
        script = script.replace(original, replacement)
    return Path(__file__).with_name("lambda_worker.py").read_text() + script


PYTHON_WORKER = _rewrite(lambda_runtime._PYTHON_WORKER_SCRIPT)


@patch("core.lambda_runtime", "_detect_runtime_binary")
def use_our_worker_script(detect: Any, runtime: str) -> tuple[str, str]:
    """The Python worker returns errorType, errorMessage, requestId and stackTrace; ministack's only the message.

    If the module cannot be imported, each invocation fails with Runtime.ImportModuleError, as on AWS. The logging
    module writes to the function's log in the runtime's format; without a handler its INFO lines would be lost.
    https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
    https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html
    """
    binary, script = detect(runtime)
    return binary, PYTHON_WORKER if runtime.startswith("python") else script


@patch("core.lambda_runtime", "Worker.invoke")
def keep_error_payload(invoke: Any, worker: Any, event: Any, request_id: str, **kwargs: Any) -> Any:
    """Passes the worker's error payload to `report_error_type`, and to the function's log in the runtime's format.

    https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
    """
    response = invoke(worker, event, request_id, **kwargs)
    payload = response.get("payload")
    if response.get("error") == "Worker process died":
        message = f"RequestId: {request_id} Error: Runtime exited without providing a reason"
        payload = {"errorType": "Runtime.ExitError", "errorMessage": message}
    if payload:
        trace = payload.get("stackTrace")
        lines = ["Traceback (most recent call last):", *(line.rstrip() for line in trace)] if trace else []
        response["trace"] = "\n".join([f"[ERROR] {payload['errorType']}: {payload['errorMessage']}", *lines])
    _payload.set(payload)
    return response


@patch("services.lambda_svc", "_execute_function_warm")
def report_error_type(execute: Any, func: Any, event: Any, request_id: str) -> Any:
    """errorType is the exception's class name, so that Retry and Catch match it; ministack's is Runtime.HandlerError.

    https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    _payload.set(None)
    result = execute(func, event, request_id)
    payload = _payload.get()
    return {**result, "body": payload} if result.get("error") and payload else result
