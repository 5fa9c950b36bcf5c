"""Saves what changed, and keeps the state of the last save if the disk does not take another."""

from __future__ import annotations

import asyncio
import errno
import json
import os
from collections.abc import Callable, Hashable, Iterator
from pathlib import Path
from typing import Any

import pytest

from refit.embedded_cloud.saved_state.saver import Saver


class Counter:
    """A service with a state and records, which counts how often a record's document is made."""

    def __init__(self) -> None:
        self.state: Any = {"a": 1}
        self.found: dict[str, tuple[Hashable, Any]] = {}
        self.made: list[str] = []
        self.interruptions = 0

    def get_state(self) -> Any:
        if self.interruptions:
            self.interruptions -= 1
            raise RuntimeError("dictionary changed size during iteration")
        return self.state

    def load_persisted_state(self, data: Any) -> None:
        raise NotImplementedError

    def records(self) -> Iterator[tuple[str, Hashable, Callable[[], Any]]]:
        for name, (version, document) in self.found.items():
            yield name, version, lambda name=name, document=document: self._make(name, document)  # type: ignore[misc]

    def _make(self, name: str, document: Any) -> Any:
        self.made.append(name)
        return document


@pytest.fixture
def service() -> Counter:
    return Counter()


@pytest.fixture
def saver(tmp_path: Path, service: Counter) -> Saver:
    return Saver(tmp_path, lambda: {"ssm": service})


def save(saver: Saver) -> None:
    asyncio.run(saver.save())


def payloads(folder: Path) -> list[Any]:
    return sorted((json.loads(path.read_text())["payload"] for path in folder.rglob("*.json")), key=str)


def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)


def test_what_did_not_change_is_not_written_again(saver: Saver, service: Counter, tmp_path: Path) -> None:
    service.found = {"one": (1, "first"), "two": (None, "second")}
    save(saver)
    assert payloads(tmp_path) == ["first", "second", {"a": 1}]
    written = saver.bytes_written
    save(saver)
    assert saver.bytes_written == written
    assert service.made == ["one", "two", "two"]


def test_a_changed_state_and_a_record_with_another_version_are_written(
    saver: Saver, service: Counter, tmp_path: Path
) -> None:
    service.found = {"one": (1, "first"), "two": (None, "second")}
    save(saver)
    service.state, service.found = {"a": 2}, {"one": (2, "third"), "two": (None, "fourth")}
    save(saver)
    assert payloads(tmp_path) == ["fourth", "third", {"a": 2}]


def test_the_file_of_a_record_that_is_gone_is_deleted(saver: Saver, service: Counter, tmp_path: Path) -> None:
    service.found = {"one": (1, "first"), "two": (1, "second")}
    save(saver)
    del service.found["one"]
    save(saver)
    assert payloads(tmp_path) == ["second", {"a": 1}]


def test_what_was_loaded_is_not_written_again(saver: Saver, service: Counter, tmp_path: Path) -> None:
    service.found = {"one": (1, "first"), "two": (None, "second")}
    save(saver)
    service.made.clear()
    again = Saver(tmp_path, lambda: {"ssm": service})
    again.adopt({path: path.read_bytes() for path in tmp_path.rglob("*.json")})
    save(again)
    assert (again.bytes_written, service.made) == (0, ["two"])


def test_a_full_disk_keeps_the_old_state_and_is_reported_until_a_save_succeeds(
    saver: Saver, service: Counter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(saver)
    service.state = {"a": 2}
    with monkeypatch.context() as patch:
        full_disk(patch)
        save(saver)
        assert saver.failure == f"{tmp_path / 'ssm.json'}: No space left on device"
        assert payloads(tmp_path) == [{"a": 1}]
        assert list(tmp_path.rglob("*.tmp")) == []
    save(saver)
    assert saver.failure == ""
    assert payloads(tmp_path) == [{"a": 2}]


def test_after_a_failure_saving_is_tried_again_before_the_next_write(
    saver: Saver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        full_disk(patch)
        save(saver)
        assert not asyncio.run(saver.is_working())
    monkeypatch.setattr("refit.embedded_cloud.saved_state.saver.RETRY_SECONDS", 0.0)
    assert asyncio.run(saver.is_working())


def test_a_state_that_changes_while_it_is_copied_is_copied_again(
    saver: Saver, service: Counter, tmp_path: Path
) -> None:
    service.interruptions = 3
    save(saver)
    assert payloads(tmp_path) == [{"a": 1}]


def test_a_state_that_cannot_be_json_does_not_keep_the_others_from_being_saved(
    service: Counter, tmp_path: Path
) -> None:
    other = Counter()
    other.state = {"a": object()}
    save(Saver(tmp_path, lambda: {"sns": other, "ssm": service}))
    assert payloads(tmp_path) == [{"a": 1}]


def test_nothing_is_saved_after_the_end(saver: Saver, service: Counter, tmp_path: Path) -> None:
    saver.save_at_the_end()
    service.state = {"a": 2}
    save(saver)
    assert payloads(tmp_path) == [{"a": 1}]
