"""Implements ValidateStateMachineDefinition.

https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinition.html
"""

from __future__ import annotations

from typing import Any

from refit.embedded_cloud.step_functions import definition

Json = dict[str, Any]

DEFAULT_RESULTS = 100


def validate(request: Json) -> Json:
    """The diagnostics of at least the severity asked for (by default ERROR); the result is OK without an ERROR."""
    found = definition.check(request["definition"])
    wanted = ("ERROR", "WARNING") if request.get("severity") == "WARNING" else ("ERROR",)
    shown = [each for each in found if each.severity in wanted]
    limit = request.get("maxResults") or DEFAULT_RESULTS
    return {
        "result": "FAIL" if any(each.severity == "ERROR" for each in found) else "OK",
        "diagnostics": [
            {
                "severity": each.severity,
                "code": each.code,
                "message": each.message,
                **({"location": each.location} if each.location else {}),
            }
            for each in shown[:limit]
        ],
        "truncated": len(shown) > limit,
    }
