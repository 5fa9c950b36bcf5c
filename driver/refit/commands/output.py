"""Values on standard output."""

from __future__ import annotations

import dataclasses
import json
from typing import Any


def emit(value: Any) -> None:
    """Prints `value` (dataclasses welcome) as JSON on standard output."""
    print(json.dumps(value, default=_plain, indent=2, ensure_ascii=False))


def _plain(value: Any) -> Any:
    return dataclasses.asdict(value) if dataclasses.is_dataclass(value) and not isinstance(value, type) else str(value)
