"""Saves what changed of the state: snapshots on the event loop, encoding and writing in a thread."""

from __future__ import annotations

import asyncio
import hashlib
import logging
import threading
import time
from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from refit.embedded_cloud.saved_state import files, services
from refit.embedded_cloud.saved_state.services import Record, Service, WithRecords

log = logging.getLogger("refit")

SNAPSHOT_ATTEMPTS = 10
RETRY_SECONDS = 1.0
"""The shortest time between two attempts to save while saving fails."""


class Saver:
    """Saves the state of the services to a folder, whenever `save` is called. `failure` is why the last save failed."""

    def __init__(self, folder: Path, found: Callable[[], Mapping[str, Service]] = services.in_use) -> None:
        self._folder, self._services = folder, found
        self._versions: dict[Path, Hashable] = {}
        self._lock, self._passes = threading.Lock(), asyncio.Lock()
        self._final = False
        self._failed_at = 0.0
        self.failure = ""
        self.bytes_written = 0

    def adopt(self, loaded: Mapping[Path, bytes]) -> None:
        """Takes the files that the state was restored from as saved."""
        self._versions |= {path: _digest(data) for path, data in loaded.items()}
        for name, service in self._services().items():
            for record in _records(service):
                path = self._path(name, record.name)
                if path in loaded and record.version is not None:
                    self._versions[path] = record.version

    async def save(self) -> None:
        """Saves what changed. Sets `failure` if the disk does not take it; what was saved before then stays."""
        async with self._passes:
            try:
                for step in self._steps():
                    await asyncio.to_thread(self._unless_final, step)
            except OSError as error:
                self._fail(error)
            else:
                self._succeed()

    async def is_working(self) -> bool:
        """Whether changes can be saved. After a failed save, it is first tried again, at most once a second."""
        if self.failure and time.monotonic() - self._failed_at >= RETRY_SECONDS:
            await self.save()
        return not self.failure

    def save_at_the_end(self) -> None:
        """Saves what changed, in this thread; afterwards nothing is saved any more. Sets `failure`."""
        with self._lock:
            self._final = True
            try:
                for step in self._steps():
                    step()
            except OSError as error:
                self._fail(error)
            else:
                self._succeed()

    def _unless_final(self, step: Callable[[], None]) -> None:
        with self._lock:
            if not self._final:
                step()

    def _steps(self) -> Iterator[Callable[[], None]]:
        """Takes the snapshot of one service after the other; what is returned writes it."""
        for name, service in self._services().items():
            state = _snapshot(name, service)
            if state is not None:
                yield partial(self._store, name, self._folder / f"{name}.json", Record(name, partial(_same, state)))
            if isinstance(service, WithRecords):
                yield partial(self._store_records, name, service)
        yield partial(files.sync, self._folder)

    def _store_records(self, name: str, service: Service) -> None:
        """Writes the records that changed, and deletes those that are gone."""
        folder = self._folder / name
        folder.mkdir(exist_ok=True)
        kept = set()
        for record in _records(service):
            path = self._path(name, record.name)
            kept.add(path)
            self._store(name, path, record)
        for path in set(files.files_in(folder)) - kept:
            path.unlink()
            self._versions.pop(path, None)
        files.sync(folder)

    def _store(self, name: str, path: Path, record: Record) -> None:
        if record.version is not None and self._versions.get(path) == record.version:
            return
        try:
            data = services.encode(name, record.document())
        except (TypeError, ValueError, RecursionError):
            log.exception("the state of %s cannot be saved", name)
            return
        version = _digest(data) if record.version is None else record.version
        if self._versions.get(path) != version:
            files.write(path, data)
            self._versions[path] = version
            self.bytes_written += len(data)

    def _path(self, name: str, record: str) -> Path:
        digest = hashlib.sha256(record.encode(errors="surrogatepass")).hexdigest()[:32]
        return self._folder / name / f"{digest}.json"

    def _fail(self, error: OSError) -> None:
        reason = f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror)
        if reason != self.failure:
            log.error("the state cannot be saved: %s", reason)
        self.failure, self._failed_at = reason, time.monotonic()

    def _succeed(self) -> None:
        if self.failure:
            log.info("the state is saved again")
        self.failure = ""


def _records(service: Service) -> Iterator[Record]:
    if isinstance(service, WithRecords):
        for name, version, document in service.records():
            yield Record(name, document, version)


def _snapshot(name: str, service: Service) -> Any:
    """A copy of a service's state. Its threads may change it meanwhile: then it is copied again."""
    for _ in range(SNAPSHOT_ATTEMPTS):
        try:
            return service.get_state()
        except RuntimeError as error:  # dictionary changed size during iteration
            problem = error
    log.error("the state of %s cannot be saved: %s", name, problem)
    return None


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=16).digest()


def _same(value: Any) -> Any:
    return value
