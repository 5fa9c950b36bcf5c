"""A log as text and as JSON lines."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from refit.report.logs import json_lines, text
from refit.runs.logs import Line, RunLog

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)


LOG = RunLog(
    "daily-1",
    "Deployed",
    (
        Line(NOW, "states", "CheckData  7 of 7 days have data"),
        Line(
            NOW + timedelta(milliseconds=1500),
            "check_data",
            "",
            {"state": "CheckData", "run": "daily-1", "outcome": "Throttled", "message": "slow down", "milliseconds": 9},
        ),
        Line(NOW + timedelta(seconds=2), "training", "loss\x1b[2J=1"),
    ),
)


def test_a_line_of_text_has_its_time_its_source_and_its_message() -> None:
    assert list(text(LOG)) == [
        "2026-11-22T06:00:00.000Z  states      CheckData  7 of 7 days have data",
        "2026-11-22T06:00:01.500Z  check_data  Throttled  9 ms  slow down",
        "2026-11-22T06:00:02.000Z  training    loss\\x1b[2J=1",
    ]


def test_the_names_of_a_clean_up_are_listed_and_an_empty_list_is_omitted() -> None:
    def shown(models: list[str]) -> str:
        fields = {"state": "CleanUp", "run": "daily-1", "outcome": models, "milliseconds": 9}
        (line,) = text(RunLog("daily-1", "Deployed", (Line(NOW, "clean_up", "", fields),)))
        return line.partition("clean_up  ")[2]

    assert shown([]) == "9 ms"
    assert shown(["prices-1", "prices-2"]) == "prices-1, prices-2  9 ms"


def test_a_json_line_is_one_object_with_the_fields_of_the_line() -> None:
    lines = [json.loads(line) for line in json_lines(LOG)]
    assert lines[0] == {
        "time": "2026-11-22T06:00:00.000+00:00",
        "source": "states",
        "message": "CheckData  7 of 7 days have data",
    }
    assert lines[1]["fields"]["outcome"] == "Throttled"
    assert "message" not in lines[1]
