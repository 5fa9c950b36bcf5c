"""Tells data from the other objects that jobs leave in a day's folder: markers, unfinished files, sidecars. Pure.

Spark, Hadoop, Redshift and Athena write them next to the data, and no reader of the data may read them.
"""

from __future__ import annotations

import re
from enum import StrEnum

HIDDEN = ("_", ".")
UNFINISHED = "._COPYING_"
"""Spark does not read such names, in any folder: `_SUCCESS`, `_temporary/…`, `.part-0.csv.crc`, `part-0.csv._COPYING_`.

https://github.com/apache/spark/blob/v3.5.0/core/src/main/scala/org/apache/spark/util/HadoopFSUtils.scala
(shouldFilterOutPathName). The folder of a partition, `_region=eu`, is an exception there and here.
"""
SIDECARS = re.compile(
    r"""
    .*\.metadata                                                # Athena, for each result
    | [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-manifest\.csv   # Athena, for UNLOAD and CREATE TABLE AS
    | .*manifest(\.json)?                                       # Redshift: UNLOAD TO '<prefix>' writes <prefix>manifest
    | .*\.(crc|md5|sha1|sha256|sha512)                          # checksums
    """,
    re.VERBOSE | re.DOTALL,
)
"""Files that describe the data next to them.

https://docs.aws.amazon.com/athena/latest/ug/querying-finding-output-files.html
https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
"""


class NotData(StrEnum):
    """Why an object in a day's folder is not data, as it is said after the object's name."""

    FOLDER = "is a folder"
    MARKER = "marks its day as complete"
    HIDDEN = "is hidden or temporary, because a part of its name starts with _ or ."
    UNFINISHED = "is not complete"
    SIDECAR = "only describes other objects"


def not_data(name: str) -> NotData | None:
    """Why the object with this `name`, its key below the day's folder, is not data; None if it is."""
    *folders, file = name.split("/")
    if not file:
        return NotData.FOLDER
    if file.startswith(HIDDEN) or any(folder.startswith(HIDDEN) and "=" not in folder for folder in folders):
        return NotData.HIDDEN
    if any(part.endswith(UNFINISHED) for part in (*folders, file)):
        return NotData.UNFINISHED
    return NotData.SIDECAR if SIDECARS.fullmatch(file) else None


def shown(key: str) -> str:
    """`key` as shown in a message, with control characters escaped: S3 accepts line ends and terminal codes."""
    return key if key.isprintable() else ascii(key)
