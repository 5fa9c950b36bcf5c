"""What stands around every handler: faults of load and network become Throttled, and one JSON line says what happened.

The line holds the run, the state and the outcome. It must not hold inputs: no token, no object's contents.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from lambdas.aws.errors import is_transient
from refit.domain.errors import Throttled

Answer = TypeVar("Answer", bound=Mapping[str, Any])
Handler = Callable[[dict[str, Any], Any], Answer]


def state(name: str, *, outcome: str) -> Callable[[Handler[Answer]], Handler[Answer]]:
    """Makes a function the handler of the state `name`; `outcome` is the key of its answer that the log line shows.

    The handler raises Throttled for what a later attempt may mend, and every other error as it was.
    """

    def wrap(handler: Handler[Answer]) -> Handler[Answer]:
        @wraps(handler)
        def run(event: dict[str, Any], context: Any) -> Answer:
            started = time.monotonic()
            line: dict[str, object] = {"state": name, "run": _run(event)}
            try:
                answer = handler(event, context)
                line["outcome"] = answer[outcome]
                return answer
            except Exception as error:
                passing = is_transient(error)
                line |= {"outcome": Throttled.__name__ if passing else type(error).__name__, "message": str(error)}
                if passing:
                    raise Throttled(str(error)) from error
                raise
            finally:
                line["milliseconds"] = round(1000 * (time.monotonic() - started))
                print(json.dumps(line), flush=True)

        return run

    return wrap


def _run(event: Mapping[str, Any]) -> str | None:
    for part, key in (("run", "run"), ("execution", "name")):
        named = event.get(part)
        if isinstance(named, Mapping) and isinstance(named.get(key), str):
            return str(named[key])
    return None
