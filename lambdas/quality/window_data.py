"""Finds the objects of a run's days: those that its manifests list, as they are now."""

from __future__ import annotations

from datetime import date

from lambdas.aws import s3
from refit.domain import data_bucket
from refit.domain.data_bucket import DataBucket
from refit.domain.days import DataObject
from refit.domain.errors import DataChanged
from refit.domain.layout import Layout
from refit.domain.run_document import Run
from refit.domain.window import Window


def of_run(run: Run, layout: Layout, window: Window) -> dict[date, list[DataObject]]:
    """The objects of each day with data, oldest day first, by key. An object that arrived later is not trained on.

    Raises DataChanged if an object that a manifest lists was deleted.
    """
    bucket = data_bucket.of_run(run)
    keys = {key for uri in (run["manifest"], run["validation"]) if uri for key in _listed(run, bucket, uri)}
    data: dict[date, list[DataObject]] = {}
    for item in sorted(s3.listed(bucket, layout, window)):
        day = layout.day_of(item.key)
        if item.key in keys and day is not None:
            keys.remove(item.key)
            data.setdefault(day, []).append(item)
    if keys:
        raise DataChanged(f"{bucket.uri(min(keys))} was deleted after the run had found it: start another run")
    return dict(sorted(data.items()))


def _listed(run: Run, bucket: DataBucket, uri: str) -> list[str]:
    """The keys in a manifest of the run, which names objects of the data's bucket."""
    keys = s3.manifest_keys(run["bucket"], uri, bucket)
    if keys is None:
        raise DataChanged(f"{uri} no longer exists: start another run")
    return keys
