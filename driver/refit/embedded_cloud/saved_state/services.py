"""The services whose state is saved, and the form of their files, which is ministack's."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, cast, runtime_checkable

from ministack import app
from ministack.core import persistence

from refit.embedded_cloud.ministack_patches.patching import lookup
from refit.embedded_cloud.saved_state import log_streams, metrics

FORMAT, PAYLOAD = "__ministack_format__", "payload"
RECORDS = "records"
"""The member of a state with the documents of its records, for `load_persisted_state`."""
OURS: Mapping[str, Any] = {"cloudwatch_logs": log_streams, "cloudwatch": metrics}
"""The modules that save the state of a service of ministack instead of its own."""

for _symbol in ("_json_default", "_json_object_hook", "_state_format_version"):
    lookup("ministack.core.persistence", _symbol)


@dataclass(frozen=True)
class Record:
    """A part of a service's state that has a file of its own.

    The file is written again if `version` has changed; with the version None, if its bytes have.
    """

    name: str
    document: Callable[[], Any]
    version: Hashable = None


class Service(Protocol):
    """A module of ministack, or one of ours, that has a state."""

    def get_state(self) -> Any:
        """A copy of the state as a JSON document, without the records; None if there is nothing to save."""

    def load_persisted_state(self, data: Any) -> None:
        """Restores a saved state."""


@runtime_checkable
class WithRecords(Protocol):
    """A service of which a part grows with every run."""

    def records(self) -> Iterable[tuple[str, Hashable, Callable[[], Any]]]:
        """The fields of each Record. Called after `get_state`, in a thread of its own."""


def in_use() -> dict[str, Service]:
    """The services that this process has loaded, by the names of their files."""
    loaded = {
        name: app._loaded_modules.get(module) or sys.modules.get(f"ministack.services.{module}")
        for name, module in app._state_map.items()
    }
    return {
        name: cast(Service, OURS.get(name, module)) for name, module in loaded.items() if hasattr(module, "get_state")
    }


def by_name(name: str) -> Service:
    """The service with that name of its file; ministack loads its module."""
    module = app._get_module(app._state_map[name])
    return cast(Service, OURS.get(name, module))


def names() -> list[str]:
    """The names of the files of all services, in the order in which they are restored."""
    return list(app._state_map)


def encode(service: str, document: Any) -> bytes:
    """The file of a state or of a record. Raises TypeError or ValueError if the document cannot be JSON."""
    wrapped = {FORMAT: persistence._state_format_version(service), PAYLOAD: document}
    return json.dumps(wrapped, default=persistence._json_default).encode()


def decode(service: str, data: bytes) -> Any:
    """The document of a file. Raises ValueError or RecursionError if it is damaged, or of a newer version."""
    document = json.loads(data, object_hook=persistence._json_object_hook)
    if not isinstance(document, dict):
        raise ValueError("not a JSON object")
    version = document.get(FORMAT, 0)
    if not isinstance(version, int) or version > persistence._state_format_version(service):
        raise ValueError(f"format {version}, of a newer version of Refit")
    return document.get(PAYLOAD) if FORMAT in document else document
