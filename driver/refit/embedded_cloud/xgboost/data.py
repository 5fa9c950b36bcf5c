"""Reads a channel into the library's matrix. The library parses CSV and libsvm itself, as in AWS's container.

https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost.html#InputOutput-XGBoost
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from refit.domain.algorithms.xgboost import MAX_FOLDERS
from refit.embedded_cloud.instance.algorithm import Channel, CustomerError, Source
from refit.embedded_cloud.linear_learner import records
from refit.embedded_cloud.xgboost import content_types, library
from refit.embedded_cloud.xgboost.content_types import CSV, LIBSVM, PARQUET, RECORDIO

LINE_LENGTH = 50
"""Characters of a line in a message."""


def matrix(channel: Channel, folder: Path, links: Path, *, has_weights: bool) -> Any:
    """The channel as a DMatrix. `folder` is the channel's on the instance, `links` an empty one for links to its files.

    Raises CustomerError.
    """
    try:
        format_name = content_types.format_of(channel.content_type)
    except content_types.NotAccepted as error:
        raise CustomerError(str(error)) from error
    sources = sorted((source for source in channel.sources if source.path.stat().st_size), key=_path)
    _check_names(channel.sources, folder)
    if not sources:
        raise CustomerError(f"No data in channel path {folder}")
    try:
        found = READERS[format_name](sources, links, has_weights)
    except CustomerError:
        raise
    except Exception as error:
        raise CustomerError(f"Failed to load {format_name} data with exception:\n{library.reason(error)}") from error
    if not found.get_label().size:
        raise CustomerError("Got input data without labels. Please check the input data set.")
    return found


def _path(source: Source) -> Path:
    return source.path


def _check_names(sources: Sequence[Source], folder: Path) -> None:
    """AWS rejects hidden files, and only warns of files that are too deep, which it does not read.

    A model that was trained without some of its data must not come from here.
    """
    for source in sources:
        place = source.path.relative_to(folder)
        if place.name.startswith("."):
            raise CustomerError(f"Hidden file found in the data path! Remove that before training. ({source.uri})")
        if len(place.parts) - 1 > MAX_FOLDERS:
            raise CustomerError(
                f"{source.uri} is {len(place.parts) - 1} folders below its channel, and AWS's container reads at most "
                f"{MAX_FOLDERS}: on AWS it would be left out with a warning in the log. Use a shorter prefix"
            )


def _linked(sources: Sequence[Source], links: Path) -> str:
    """The files as a list for the library, under names without characters that have a meaning in it.

    Hard links, because it reads the target of a symbolic one as a list, too.
    """
    links.mkdir(parents=True)
    paths = []
    for number, source in enumerate(sources):
        path = links / f"{number:08}"
        path.hardlink_to(source.path)
        paths.append(str(path))
    return ";".join(paths)


def _csv(sources: Sequence[Source], links: Path, has_weights: bool) -> Any:
    for source in sources:
        with source.path.open(encoding="utf-8", errors="ignore") as file:
            line = file.readline()
        try:
            delimiter = csv.Sniffer().sniff(line).delimiter
        except csv.Error as error:
            raise CustomerError(f"Could not determine delimiter on line {line[:LINE_LENGTH]}:\n{error}") from error
        if source is sources[0]:
            first = delimiter
    weights = "&weight_column=1" if has_weights else ""
    uri = f"{_linked(sources, links)}?format=csv&label_column=0&delimiter={first}{weights}"
    return library.load().DMatrix(uri, nthread=1)


def _libsvm(sources: Sequence[Source], links: Path, has_weights: bool) -> Any:
    return library.load().DMatrix(f"{_linked(sources, links)}?format=libsvm", nthread=1)


def _parquet(sources: Sequence[Source], links: Path, has_weights: bool) -> Any:
    """The first column is the label, whatever its name."""
    import pyarrow.parquet

    tables = [pyarrow.parquet.read_table(source.path) for source in sources]
    rows = [
        np.column_stack(
            [np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64) for column in table.columns]
        )
        for table in tables
    ]
    return _dense(np.vstack(rows))


def _recordio(sources: Sequence[Source], links: Path, has_weights: bool) -> Any:
    batches = [np.column_stack([batch.labels, batch.features]) for batch in records.read(sources, None)]
    return _dense(np.vstack(batches))


def _dense(rows: Any) -> Any:
    return library.load().DMatrix(rows[:, 1:], label=rows[:, 0], nthread=1)


READERS: Mapping[str, Callable[[Sequence[Source], Path, bool], Any]] = {
    CSV: _csv,
    LIBSVM: _libsvm,
    PARQUET: _parquet,
    RECORDIO: _recordio,
}
