"""Writes a run's manifests and fingerprints to S3, each once.

A manifest is a SageMaker ManifestFile: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from lambdas.aws import s3
from lambdas.decisions.changed_days import Fingerprints
from lambdas.decisions.run_document import Data
from refit.domain import data_bucket
from refit.domain.date_ranges import days_in
from refit.domain.days import DataObject
from refit.domain.run_document import Run

FINGERPRINTS = "fingerprints"


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


def read_fingerprints(run: Run, of_run: str | None) -> Fingerprints:
    """The fingerprints that the run called `of_run` wrote; empty if there is no such run, or its object was deleted."""
    found = s3.read(run["bucket"], _key(run["pipeline"], of_run, FINGERPRINTS)) if of_run is not None else None
    return json.loads(found.body) if found is not None else {}


def render(bucket: str, prefix: str, objects: Iterable[DataObject]) -> bytes:
    """A JSON array: the common prefix, then each key without it. The same objects give the same bytes."""
    names = sorted(item.key.removeprefix(prefix) for item in objects)
    return json.dumps([{"prefix": f"s3://{bucket}/{prefix}"}, *names], indent=0).encode()


def _key(pipeline: str, run: str, kind: str) -> str:
    return f"runs/{pipeline}/{run}/{kind}.json"
