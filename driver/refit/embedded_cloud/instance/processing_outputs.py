"""Uploads the output folders of a processing job: at its end, or continuously as its files change.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ProcessingS3Output.html
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from refit.embedded_cloud.instance import channels, uploads
from refit.embedded_cloud.instance.algorithm import CustomerError
from refit.embedded_cloud.instance.processing_folders import on_volume

SECONDS = 0.5
"""The interval between two looks for files that have changed."""

Version = tuple[int, int]


class Output:
    """One output: its folder, which exists before the program starts, and the S3 prefix that it is uploaded to."""

    def __init__(self, s3: Any, config: Mapping[str, str], volume: Path) -> None:
        self.is_continuous = config["S3UploadMode"] == "Continuous"
        self._s3 = s3
        self._bucket, prefix = channels.split(config["S3Uri"])
        self._prefix = prefix.rstrip("/") + "/" if prefix else ""
        self._folder = on_volume(volume, config["LocalPath"])
        self._folder.mkdir(parents=True, exist_ok=True)
        self._uploaded: dict[Path, Version] = {}

    def upload(self) -> None:
        """Uploads the files that have changed since the last call. Raises CustomerError if the role may not."""
        for file, version in self._files():
            if self._uploaded.get(file) == version:
                continue
            with file.open("rb") as body:
                uploads.put(self._s3, self._bucket, self._prefix + file.relative_to(self._folder).as_posix(), body)
            self._uploaded[file] = version

    def _files(self) -> Iterator[tuple[Path, Version]]:
        """Symbolic links are neither followed nor uploaded.

        https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-input-and-output.html
        """
        for folder, _, names in os.walk(self._folder):
            for name in sorted(names):
                file = Path(folder, name)
                if file.is_file() and not file.is_symlink():
                    known = file.stat()
                    yield file, (known.st_mtime_ns, known.st_size)


@contextmanager
def continuously(outputs: Sequence[Output]) -> Iterator[None]:
    """Uploads what changes in the outputs of the mode Continuous until the context ends, and once more then.

    What cannot be uploaded meanwhile is uploaded, or fails, at the end.
    """
    continuous = [each for each in outputs if each.is_continuous]
    ended = threading.Event()

    def watch() -> None:
        while not ended.wait(SECONDS):
            for each in continuous:
                try:
                    each.upload()
                except (CustomerError, OSError):
                    continue

    watcher = threading.Thread(target=watch, daemon=True)
    if continuous:
        watcher.start()
    try:
        yield
    finally:
        ended.set()
        if continuous:
            watcher.join()
            for each in continuous:
                each.upload()
