"""The content types that AWS's XGBoost reads, for training and for requests."""

from __future__ import annotations

from collections.abc import Mapping

CSV, LIBSVM, PARQUET, RECORDIO = "csv", "libsvm", "parquet", "recordio-protobuf"
ACCEPTED: Mapping[str, str] = {
    "csv": CSV,
    "libsvm": LIBSVM,
    "parquet": PARQUET,
    "recordio-protobuf": RECORDIO,
    "text/csv": CSV,
    "text/libsvm": LIBSVM,
    "text/x-libsvm": LIBSVM,
    "application/x-parquet": PARQUET,
    "application/x-recordio-protobuf": RECORDIO,
}


class NotAccepted(Exception):
    """The content type is not one that XGBoost reads; the message is AWS's."""


def format_of(content_type: str | None) -> str:
    """The format of a content type, by default libsvm. Raises NotAccepted with the recorded message.

    https://github.com/aws/sagemaker-xgboost-container/issues/390
    """
    if not content_type:
        return LIBSVM
    media_type, *parameters = (part.strip() for part in content_type.lower().split(";"))
    if media_type not in ACCEPTED:
        raise NotAccepted(f"{content_type} is not an accepted ContentType: {', '.join(ACCEPTED)}.")
    if ACCEPTED[media_type] == CSV and not {part for part in parameters if part.startswith("label_size=")} <= {
        "label_size=1"
    }:
        raise NotAccepted(
            f"{content_type} is not an accepted csv ContentType. Optional parameter label_size must be equal to 1"
        )
    return ACCEPTED[media_type]
