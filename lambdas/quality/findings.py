"""Reads and writes `quality.json` of a run: the statistics of every day, what it breaks, and which data that was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lambdas.aws import s3
from refit.domain.data_contract import Contract
from refit.domain.data_quality import DayQuality, Rule
from refit.domain.day_statistics import DayStatistics, merged
from refit.domain.run_document import Run

OF_WHOLE_DAYS = frozenset({Rule.MIN_ROWS, Rule.MAX_ROW_CHANGE, Rule.MAX_NULLS, Rule.MAX_PSI})
"""The rules that depend on other days or runs, and so are judged again in every run."""


@dataclass(frozen=True)
class Findings:
    """What a run found out. `fingerprints` are those of the days' objects; `columns` identifies the rules for rows."""

    days: Mapping[str, DayQuality] = field(default_factory=dict)
    fingerprints: Mapping[str, str | None] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    columns: str = ""

    @property
    def trained(self) -> dict[str, DayStatistics]:
        """The statistics of the days that the run trained on or held out."""
        return {day: found.statistics for day, found in self.days.items() if day not in self.skipped}

    @property
    def all_trained(self) -> DayStatistics | None:
        """The statistics of these days together; None without any."""
        return merged(self.trained.values()) if self.trained else None

    def known(self, day: str, fingerprint: str | None, contract: Contract) -> DayQuality | None:
        """What was found out about the same data by the same rules, without that about the whole day; or None."""
        found = self.days.get(day)
        if found is None or fingerprint != self.fingerprints.get(day) or self.columns != columns_digest(contract):
            return None
        return DayQuality(found.statistics, tuple(one for one in found.breaches if one.rule not in OF_WHOLE_DAYS))

    def to_document(self) -> dict[str, Any]:
        """For JSON."""
        days = {
            day: {**found.to_document(), "fingerprint": self.fingerprints[day]}
            for day, found in sorted(self.days.items())
        }
        return {"columns": self.columns, "skipped": list(self.skipped), "days": days}

    @staticmethod
    def from_document(document: Mapping[str, Any]) -> Findings:
        """The findings that `to_document` wrote."""
        days = document["days"]
        return Findings(
            {day: DayQuality.from_document(found) for day, found in days.items()},
            {day: found.get("fingerprint") for day, found in days.items()},
            tuple(document.get("skipped", ())),
            str(document.get("columns", "")),
        )


def columns_digest(contract: Contract) -> str:
    """A digest of what the rows are checked for: the columns and the format."""
    document = contract.to_document()
    rules = json.dumps([document["columns"], document["format"]], sort_keys=True)
    return hashlib.sha256(rules.encode()).hexdigest()[:16]


def of_run(run: Run, name: str | None) -> Findings:
    """The findings of the run called `name`; empty if there is none, it checked nothing, or its object was deleted."""
    found = s3.read(run["bucket"], _key(run, name)) if name is not None else None
    return Findings.from_document(json.loads(found.body)) if found is not None else Findings()


def write(run: Run, findings: Findings) -> str:
    """Writes the findings once, and returns their URI. Raises ManifestConflict if the data changed between attempts."""
    body = json.dumps(findings.to_document(), separators=(",", ":"), allow_nan=False).encode()
    return s3.write_once(run["bucket"], _key(run, run["run"]), body)


def _key(run: Run, name: str | None) -> str:
    return f"runs/{run['pipeline']}/{name}/quality.json"
