"""Restores the whole state, or nothing if a file is damaged; no damaged file is changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from refit.embedded_cloud.saved_state import loader, services
from refit.errors import CloudError


class Restored:
    """A service that keeps what it was restored from."""

    def __init__(self) -> None:
        self.data: Any = None

    def load_persisted_state(self, data: Any) -> None:
        if data == {"bad": True}:
            raise KeyError("good")
        self.data = data


@pytest.fixture
def restored(monkeypatch: pytest.MonkeyPatch) -> dict[str, Restored]:
    found = {"iam": Restored(), "ssm": Restored()}
    monkeypatch.setattr(services, "names", lambda: list(found))
    monkeypatch.setattr(services, "by_name", found.__getitem__)
    return found


def put(path: Path, data: bytes) -> bytes:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return data


def test_a_service_is_restored_from_its_file_and_its_records(tmp_path: Path, restored: dict[str, Restored]) -> None:
    main = put(tmp_path / "ssm.json", services.encode("ssm", {"a": 1}))
    record = put(tmp_path / "ssm" / "0f.json", services.encode("ssm", "first"))
    loaded = loader.restore(tmp_path, tmp_path / "s3")
    assert restored["ssm"].data == {"a": 1, "records": {"0f": "first"}}
    assert restored["iam"].data is None
    assert loaded == {tmp_path / "ssm.json": main, tmp_path / "ssm" / "0f.json": record}


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "Expecting value"),
        (b'{"__ministack_format__": 2, "payload": {"a"', "Expecting ':' delimiter"),
        (b"[]", "not a JSON object"),
        (b'{"\xff"}', "codec can't decode"),
        (b"[" * 100_000, "maximum recursion depth exceeded"),
        (b'{"__ministack_format__": 99, "payload": {}}', "format 99, of a newer version of Refit"),
        (b'{"__ministack_format__": 2, "payload": {"bad": true}}', "KeyError: 'good'"),
    ],
    ids=["empty", "truncated", "list", "binary", "deep", "newer", "not-restored"],
)
def test_a_damaged_file_is_named_and_kept(
    tmp_path: Path, restored: dict[str, Restored], data: bytes, reason: str
) -> None:
    put(tmp_path / "ssm.json", data)
    with pytest.raises(CloudError) as caught:
        loader.restore(tmp_path, tmp_path / "s3")
    assert str(caught.value).startswith(
        "the saved state of the embedded cloud cannot be read, and was not changed; 1 file is damaged: "
        f"{tmp_path / 'ssm.json'} ("
    )
    assert reason in str(caught.value)
    assert caught.value.hint == "restore the state folder from a copy, or delete the whole state: refit local reset"
    assert (tmp_path / "ssm.json").read_bytes() == data


def test_of_many_damaged_files_some_are_named_and_all_are_counted(
    tmp_path: Path, restored: dict[str, Restored]
) -> None:
    put(tmp_path / "iam.json", services.encode("iam", {"a": 1}))
    for number in range(1000):
        put(tmp_path / "ssm" / f"{number:04}.json", b"{")
    with pytest.raises(CloudError) as caught:
        loader.restore(tmp_path, tmp_path / "s3")
    assert "1,000 files are damaged" in str(caught.value)
    assert str(caught.value).endswith("and 997 more")
    assert restored["iam"].data is None


def test_damaged_metadata_of_an_object_is_named(tmp_path: Path, restored: dict[str, Restored]) -> None:
    sidecar = tmp_path / "s3" / "000000000000" / "homes" / "a.csv.meta.json"
    put(sidecar, b'{"etag"')
    with pytest.raises(CloudError) as caught:
        loader.restore(tmp_path, tmp_path / "s3")
    assert str(sidecar) in str(caught.value)


def test_nothing_saved_is_an_empty_cloud(tmp_path: Path, restored: dict[str, Restored]) -> None:
    assert loader.restore(tmp_path / "state", tmp_path / "s3") == {}
    assert json.dumps([each.data for each in restored.values()]) == "[null, null]"
