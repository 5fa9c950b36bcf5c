"""Lambda: a failed function returns its exception's class, message and stack trace, as AWS's Python runtime does."""

from __future__ import annotations

import contextvars
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime

from refit.embedded_cloud.client import INSTALL
from refit.embedded_cloud.ministack_patches import lambda_process
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
# After the status "error", ministack ends the process. AWS does so only if it could not be initialized.
FAILURE_WITH_PAYLOAD = """{
                "status": "error" if isinstance(handler_fn, RefitInitError) else "ok",
                "payload": refit_payload(e, handler_fn, module_name, handler_name, context.aws_request_id),
            }"""
CALL = "            result = handler_fn(event, context)\n"
CALL_WITH_ID = """\
            RefitFormatter.request_id = context.aws_request_id
            result = refit_marshal(handler_fn(event, context))
"""
REPLACEMENTS = ((INIT, DEFERRED_INIT), (FAILURE, FAILURE_WITH_PAYLOAD), (CALL, CALL_WITH_ID))
DIED = "Worker process died"

_payload: contextvars.ContextVar[dict[str, Any] | None] = contextvars.ContextVar("refit_lambda_payload", default=None)


def _rewrite(script: str) -> str:
    for original, replacement in REPLACEMENTS:
        if script.count(original) != 1:
            raise CloudError(
                "ministack's Lambda worker is not the version that the embedded cloud patches", f"run: {INSTALL}"
            )
        script = script.replace(original, replacement)
    here = Path(__file__).parent
    files = (here.parent / "limited_imports.py", here / "lambda_imports.py", here / "lambda_worker.py")
    lines = "".join(file.read_text() for file in files).splitlines(keepends=True)
    # They become one text, which has no imports of its own parts.
    return "".join(line for line in lines if not line.startswith(("from __future__", "from refit."))) + script


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
def report_as_the_runtime(invoke: Any, worker: Any, event: Any, request_id: str, **kwargs: Any) -> Any:
    """A function that raises, dies, runs too long or uses too much memory fails with AWS's error and AWS's log line.

    A function that raised keeps its process and its global variables, as on AWS; ministack starts a new process.
    https://docs.aws.amazon.com/lambda/latest/dg/python-exceptions.html
    https://docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
    """
    try:
        with lambda_process.bounded(worker):
            response = invoke(worker, event, request_id, **kwargs)
    except RuntimeError as failure:
        reason = DIED if "exited immediately" in str(failure) else str(failure)
        reason = f"Task timed out after {worker.config['Timeout']}.00 seconds" if worker.refit_is_late else reason
        response = {"status": "error", "error": reason, "log": ""}
    if lambda_process.exceeds_memory(worker):
        worker._proc.kill()
        response = {**response, "error": DIED}
    payload, error = response.pop("payload", None), str(response.get("error"))
    if error == DIED:
        payload = _fatal(request_id, "Runtime.ExitError", lambda_process.exit_reason(worker))
        response["trace"] = f"{payload['errorMessage']}\nRuntime.ExitError"
    elif error.startswith("Task timed out after"):
        payload = _fatal(request_id, "Sandbox.Timedout", error)
        response["trace"] = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + f"Z {request_id} {error}"
    elif payload:
        trace = payload.get("stackTrace")
        lines = ["Traceback (most recent call last):", *(line.rstrip() for line in trace)] if trace else []
        response["trace"] = "\n".join([f"[ERROR] {payload['errorType']}: {payload['errorMessage']}", *lines])
    if payload:
        response |= {"status": "error", "error": payload["errorMessage"]}
    _payload.set(payload)
    return response


def _fatal(request_id: str, kind: str, reason: str) -> dict[str, Any]:
    """The payload of an error that Lambda reports itself, because the runtime cannot."""
    return {"errorType": kind, "errorMessage": f"RequestId: {request_id} Error: {reason}"}


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
