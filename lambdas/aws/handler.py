"""The decorator of every handler: turns transient errors into Throttled, and logs one JSON line per invocation.

The line has the run, the state and the outcome. It must never contain inputs, tokens or the contents of objects.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from functools import reduce, wraps
from operator import getitem
from typing import Any, TypeVar

from lambdas.aws.errors import is_transient
from refit.domain.errors import Throttled

Result = TypeVar("Result", bound=Mapping[str, Any])
Handler = Callable[[dict[str, Any], Any], Result]


def state(name: str, *, outcome: str) -> Callable[[Handler[Result]], Handler[Result]]:
    """Makes a function the handler of the state `name`; `outcome` is what the log line shows of its result: a
    key, or a path of keys with dots.

    The handler raises Throttled for errors that a retry may resolve, and every other error unchanged.
    """

    def wrap(handler: Handler[Result]) -> Handler[Result]:
        @wraps(handler)
        def run(event: dict[str, Any], context: Any) -> Result:
            started = time.monotonic()
            line: dict[str, object] = {"state": name, "run": _run(event)}
            try:
                result = handler(event, context)
                line["outcome"] = reduce(getitem, outcome.split("."), result)
                return result
            except Exception as error:
                transient = is_transient(error)
                line |= {"outcome": Throttled.__name__ if transient else type(error).__name__, "message": str(error)}
                if transient:
                    raise Throttled(str(error)) from error
                raise
            finally:
                line["milliseconds"] = round(1000 * (time.monotonic() - started))
                print(json.dumps(line), flush=True)

        return run

    return wrap


def _run(event: Mapping[str, Any]) -> str | None:
    """The name of the run in a handler's input."""
    for part, key in (("run", "run"), ("execution", "name")):
        document = event.get(part)
        if isinstance(document, Mapping) and isinstance(document.get(key), str):
            return str(document[key])
    return None
