"""Writes a run's manifests and fingerprints to S3, each once.

A manifest is a SageMaker ManifestFile: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from lambdas.aws import s3
from lambdas.decisions import changed_days
from lambdas.decisions.changed_days import Changes, Fingerprints
from lambdas.decisions.run_document import Data
from refit.domain import data_bucket
from refit.domain.date_ranges import days_in
from refit.domain.days import DataObject
from refit.domain.run_document import Run
from refit.domain.setting_values import ANY_CHANGE

FINGERPRINTS = "fingerprints"
SKIPPED = "skipped"


def write(run: Run, kind: str, prefix: str, data: Data, days: Iterable[str]) -> str:
    """Writes the manifest of the objects of `days` (intervals) as `<kind>.json` of the run, and returns its URI.

    Raises ManifestConflict if the data changed between two attempts of the run.
    """
    objects = (item for day in days_in(days) for item in data[day])
    body = render(data_bucket.of_run(run).name, prefix, objects)
    return s3.write_once(run["bucket"], _key(run["pipeline"], run["run"], kind), body)


def write_fingerprints(run: Run, fingerprints: Fingerprints) -> None:
    """Writes the fingerprints of the window's days, for later runs to compare. Raises ManifestConflict."""
    s3.write_once(run["bucket"], _key(run["pipeline"], run["run"], FINGERPRINTS), json.dumps(fingerprints).encode())


def _read(run: Run, of_run: str | None, kind: str) -> Fingerprints:
    """The fingerprints that the run called `of_run` wrote; empty if there is no such run, or its object was deleted."""
    found = s3.read(run["bucket"], _key(run["pipeline"], of_run, kind)) if of_run is not None else None
    return json.loads(found.body) if found is not None else {}


def write_skipped(run: Run, fingerprints: Fingerprints) -> None:
    """Writes the fingerprints of the bad days that the run leaves out. Raises ManifestConflict."""
    s3.write_once(run["bucket"], _key(run["pipeline"], run["run"], SKIPPED), json.dumps(fingerprints).encode())


def changes(run: Run, of_run: str | None, now: Fingerprints, *, retrain_on: str, skips_bad_days: bool) -> Changes:
    """The changes since the run called `of_run` that require another run.

    These are, with retrain_on = "any_change", those of all days that both windows have, and in any case those of the
    bad days that it left out: such a day may have been repaired. One that was deleted changes nothing.
    """
    before = dict(_read(run, of_run, FINGERPRINTS)) if retrain_on == ANY_CHANGE else {}
    if skips_bad_days:
        for day, fingerprint in _read(run, of_run, SKIPPED).items():
            before[day] = fingerprint if now.get(day) is not None else None
    return changed_days.between(before, now)


def render(bucket: str, prefix: str, objects: Iterable[DataObject]) -> bytes:
    """A JSON array: the common prefix, then each key without it. The same objects give the same bytes."""
    names = sorted(item.key.removeprefix(prefix) for item in objects)
    return json.dumps([{"prefix": f"s3://{bucket}/{prefix}"}, *names], indent=0).encode()


def _key(pipeline: str, run: str, kind: str) -> str:
    return f"runs/{pipeline}/{run}/{kind}.json"
