"""The formats of a day's data, and which of them AWS's algorithms read in which input mode. Pure.

A new algorithm is one more row of READS.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

FILE, FAST_FILE, PIPE = "File", "FastFile", "Pipe"
"""How the data gets to the instance: copied to its volume, as files that are read from S3, or as a stream.

https://docs.aws.amazon.com/sagemaker/latest/dg/model-access-training-data.html
"""
GZIP = "Gzip"


class DataFormat(NamedTuple):
    """The media type of a channel with such objects, and the end of their names.

    The end is empty if the format is known by its media type alone: then only the folder of a day has its data.
    """

    content_type: str
    suffix: str
    compressed: bool = False

    @property
    def media_type(self) -> str:
        """The content type without parameters, in lowercase."""
        return self.content_type.partition(";")[0].strip().lower()

    @property
    def is_csv(self) -> bool:
        """Whether the objects are lines of CSV, which Refit itself can read row by row."""
        return self.media_type == CSV_TYPE and not self.compressed

    def compression_type(self, input_mode: str) -> str | None:
        """CompressionType of a channel: SageMaker decompresses only what it streams; None to omit it.

        https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Channel.html
        """
        return GZIP if self.compressed and input_mode == PIPE else None


CSV_TYPE, RECORDIO_TYPE = "text/csv", "application/x-recordio-protobuf"
PARQUET_TYPE, JSONLINES_TYPE = "application/x-parquet", "application/jsonlines"

CSV = "csv"
FORMATS: Mapping[str, DataFormat] = MappingProxyType(
    {
        CSV: DataFormat(CSV_TYPE, ".csv"),
        "csv.gz": DataFormat(CSV_TYPE, ".csv.gz", compressed=True),
        "parquet": DataFormat(PARQUET_TYPE, ".parquet"),
        "jsonlines": DataFormat(JSONLINES_TYPE, ".jsonl"),
        "recordio": DataFormat(RECORDIO_TYPE, ".recordio"),
    }
)
"""The values of `data.format`."""


def data_format(name: str | None = None, content_type: str | None = None) -> DataFormat:
    """The format of `data.format`, or of `data.content_type`, which comes first; CSV if both are omitted.

    A content type of a known format has the names of that format: text/csv; label_size=1 is `.csv`.
    """
    if content_type is None:
        return FORMATS[name or CSV]
    found = DataFormat(content_type, "")
    known = (one for one in FORMATS.values() if one.media_type == found.media_type and not one.compressed)
    return found._replace(suffix=next((one.suffix for one in known), ""))


def formats_read(algorithm: str) -> tuple[str, ...]:
    """The values of `data.format` that an algorithm of READS reads in some input mode."""
    return tuple(name for name, one in FORMATS.items() if one.media_type in READS[algorithm])


READS: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "linear-learner": {CSV_TYPE: (FILE, PIPE), RECORDIO_TYPE: (FILE, PIPE)},
        "xgboost": {
            CSV_TYPE: (FILE, PIPE),
            PARQUET_TYPE: (FILE, PIPE),
            RECORDIO_TYPE: (FILE, PIPE),
            "text/libsvm": (FILE,),
            "text/x-libsvm": (FILE,),
        },
    }
)
"""The media types that the algorithms of training.algorithm read, and in which input modes. Images may read anything.

https://docs.aws.amazon.com/sagemaker/latest/dg/common-info-all-im-models.html
https://docs.aws.amazon.com/sagemaker/latest/dg/linear-learner.html#ll-input_output
https://docs.aws.amazon.com/sagemaker/latest/dg/xgboost.html and
https://github.com/aws/sagemaker-xgboost-container/blob/master/src/sagemaker_xgboost_container/data_utils.py
"""
