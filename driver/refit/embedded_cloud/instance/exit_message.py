"""Reads what a processing container has left in /opt/ml/output/message: the job's ExitMessage.

https://docs.aws.amazon.com/sagemaker/latest/dg/byoc-metadata.html
"""

from __future__ import annotations

import codecs
from pathlib import Path

from refit.embedded_cloud.instance.algorithm import CustomerError

MAX_BYTES = 1024


def path(volume: Path) -> Path:
    """The file on an instance's volume."""
    return volume / "output" / "message"


def read(volume: Path) -> str:
    """The first 1 KB of the file, without a character that is cut off; empty if there is no file.

    Raises CustomerError if it is not UTF-8.
    """
    file = path(volume)
    if not file.is_file():
        return ""
    with file.open("rb") as stream:
        start = stream.read(MAX_BYTES)
        is_whole = not stream.read(1)
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(start, final=is_whole)
    except UnicodeDecodeError as error:
        raise CustomerError(f"/opt/ml/output/message is not encoded in UTF-8: {error.reason}") from error
