"""Time zones come from the package tzdata, whatever the machine has."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from refit.domain.time_zones import files_of, names, time_zone


def test_every_name_is_a_zone_that_says_its_name() -> None:
    assert {"UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"} < names()
    assert not {"Factory", "localtime", "posixrules", "zone.tab", "tzdata.zi"} & names()
    for name in names():
        assert datetime(2026, 11, 22, tzinfo=time_zone(name)).utcoffset() is not None
        assert str(time_zone(name)) == name


def test_utc_needs_no_database() -> None:
    assert time_zone("UTC") is UTC
    assert files_of("UTC") == {}


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Mars/Olympus Mons",
        "Europe",
        "../zones",
        "/etc/passwd",
        "Europe/../Europe/Berlin",
        "a\0b",
        "zone.tab",
        "x" * 300,
    ],
)
def test_any_other_name_is_a_value_error(name: str) -> None:
    with pytest.raises(ValueError, match="unknown time zone"):
        time_zone(name)


@pytest.mark.parametrize("path", ["", "empty", "own"])
def test_the_database_of_the_machine_does_not_matter(tmp_path: Path, path: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "own" / "Europe").mkdir(parents=True)
    (tmp_path / "own" / "Europe" / "Berlin").write_bytes(
        files_of("Asia/Tokyo")["tzdata/zoneinfo/Asia/Tokyo"].read_bytes()
    )
    program = """
from datetime import datetime
from refit.domain.time_zones import names, time_zone
print(len(names()), datetime(2026, 11, 22, tzinfo=time_zone("Europe/Berlin")).utcoffset())
"""
    environment = {**os.environ, "PYTHONTZPATH": str(tmp_path / path) if path else ""}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [str(len(names())), "1:00:00"]
