"""Prints values as JSON on standard output, and errors on standard error."""

from __future__ import annotations

import dataclasses
import json
import sys
from typing import Any

from refit.errors import InvalidInput, RefitError
from refit.safe_output import visible_json


def emit(value: Any) -> None:
    """Prints `value` as indented JSON. Dataclasses become objects; other unknown types become strings."""
    print(visible_json(json.dumps(value, default=_plain, indent=2, ensure_ascii=False)))


def _plain(value: Any) -> Any:
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else str(value)


def fail(error: RefitError, *, as_json: bool = False) -> None:
    """Prints `error` and its hint on standard error; with `as_json`, as one JSON object on one line."""
    if as_json:
        problems = list(error.problems) if isinstance(error, InvalidInput) else None
        document = {"error": str(error), "hint": error.hint} | ({"problems": problems} if problems else {})
        print(visible_json(json.dumps(document, default=_plain, ensure_ascii=False)), file=sys.stderr)
        return
    from refit.report.console import SafeConsole

    console = SafeConsole(stderr=True, soft_wrap=True)
    console.print(str(error), style="red")
    if error.hint:
        console.print(error.hint)
