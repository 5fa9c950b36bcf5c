"""Downloads the objects of a training channel to the instance's volume (File mode).

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
"""

from __future__ import annotations

import gzip
import json
import shutil
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from refit.domain.data_formats import FAST_FILE
from refit.embedded_cloud.instance.algorithm import Channel, CustomerError, Source

ATTEMPTS = 3
CHUNK_BYTES = 1 << 20
MAX_READ_BYTES = 1 << 28
"""Of a manifest or a source archive, which are read into memory."""


def download(s3: Any, config: Mapping[str, Any], folder: Path, mode: str = "File") -> Channel:
    """Downloads the objects of one InputDataConfig element into `folder`, with constant memory.

    `mode` is the TrainingInputMode of a channel without an InputMode of its own. In Pipe mode, objects may be
    compressed. Raises CustomerError with AWS's message, "Data download failed:…".
    """
    source = config["DataSource"]["S3DataSource"]
    compression = config.get("CompressionType") or "None"
    mode = config.get("InputMode") or mode
    _check_format(config, compression, mode)
    if source["S3DataType"] not in OBJECTS:
        raise CustomerError(
            f"channel {config['ChannelName']}: the embedded cloud reads only {' and '.join(OBJECTS)} channels"
        )
    sources = []
    try:
        for bucket, key, name in OBJECTS[source["S3DataType"]](s3, source["S3Uri"]):
            path = _path(folder, name, f"s3://{bucket}/{key}")
            _copy(s3, bucket, key, path, compression)
            sources.append(Source(f"s3://{bucket}/{key}", path))
    except ClientError as error:
        raise _failed(source["S3Uri"], error) from error
    if not sources:
        raise CustomerError(f"Data download failed:No objects found for {source['S3Uri']}")
    if mode == FAST_FILE:
        _make_read_only(folder)
    return Channel(config.get("ContentType"), tuple(sources), _described(config, mode))


def _make_read_only(folder: Path) -> None:
    """In FastFile mode, a program can only read: https://docs.aws.amazon.com/sagemaker/latest/dg/model-train-storage.html"""
    for path in sorted(folder.rglob("*"), reverse=True):
        path.chmod(0o555 if path.is_dir() else 0o444)
    folder.chmod(0o555)


def _described(config: Mapping[str, Any], mode: str) -> dict[str, str]:
    """The channel in inputdataconfig.json.

    https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
    """
    described = {
        "TrainingInputMode": mode,
        "S3DistributionType": config["DataSource"]["S3DataSource"].get("S3DataDistributionType", "FullyReplicated"),
        "RecordWrapperType": config.get("RecordWrapperType", "None"),
    }
    return {"ContentType": config["ContentType"], **described} if config.get("ContentType") else described


def split(uri: str) -> tuple[str, str]:
    """Bucket and key (or prefix) of an s3:// URI."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


Objects = Iterator[tuple[str, str, str]]
"""Bucket, key, and the name relative to the channel's folder."""


def _of_prefix(s3: Any, uri: str) -> Objects:
    """The objects under a prefix. Their names start below it if it is a folder, else after its last slash.

    So `s3://bucket/train` with the object train/1.csv is 1.csv, as the SDK's scripts expect:
    https://github.com/aws/sagemaker-python-sdk/blob/v2.232.0/src/sagemaker/utils.py (download_folder)
    """
    bucket, prefix = split(uri)
    folder = prefix.rstrip("/") + "/" if prefix else ""
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for item in page.get("Contents", ()):
            # A key that ends in "/" is a folder created in the console, not data.
            if not item["Key"].endswith("/"):
                start = len(folder) if item["Key"].startswith(folder) else prefix.rfind("/") + 1
                yield bucket, item["Key"], item["Key"][start:]


def _of_manifest(s3: Any, uri: str) -> Objects:
    """Reads a manifest: a JSON array of {"prefix": "s3://bucket/some/"} and the suffixes of the objects' URIs.

    An object keeps its whole key below the channel's folder, the prefix included:
    https://github.com/aws/sagemaker-python-sdk/issues/723
    """
    bucket, key = split(uri)
    try:
        manifest = json.loads(read(s3, bucket, key))
        prefix, suffixes = manifest[0]["prefix"], dict.fromkeys(manifest[1:])
        entries = [split(prefix + suffix) for suffix in suffixes]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        form = '[{"prefix": "s3://bucket/some/"}, "object", …]'
        raise CustomerError(f"Data download failed:{uri} is not a manifest {form}: {error!r}") from error
    if not str(prefix).startswith("s3://"):
        raise CustomerError(f"Data download failed:the prefix of the manifest {uri} is not an s3:// URI: {prefix}")
    yield from ((object_bucket, object_key, object_key) for object_bucket, object_key in entries)


OBJECTS = {"S3Prefix": _of_prefix, "ManifestFile": _of_manifest}


def _path(folder: Path, name: str, uri: str) -> Path:
    parts = name.split("/")
    if any(part in ("", ".", "..") for part in parts):
        raise CustomerError(
            f"Data download failed:Failed to download data. S3 key: {uri} has an illegal char sub-sequence"
        )
    path = folder.joinpath(*parts)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_taken = path.exists()
    except (FileExistsError, NotADirectoryError):
        is_taken = True
    except OSError as error:  # a part of the key is longer than a file's name may be
        raise CustomerError(f"Data download failed:Failed to download data. S3 key: {uri}: {error.strerror}") from error
    if is_taken:
        raise CustomerError(
            f"Data download failed:Failed to download data. S3 key: {uri}: another object or folder has this name"
        )
    return path


def _check_format(config: Mapping[str, Any], compression: str, mode: str) -> None:
    """https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Channel.html"""
    channel = f"channel {config['ChannelName']}: "
    if compression != "None" and mode != "Pipe":
        raise CustomerError(f"{channel}CompressionType is used only in Pipe input mode; in {mode} mode, omit it")
    if config.get("RecordWrapperType", "None") != "None":
        raise CustomerError(f"{channel}the embedded cloud does not wrap records: RecordWrapperType works only on AWS")


def _copy(s3: Any, bucket: str, key: str, path: Path, compression: str) -> None:
    """Downloads one object. The whole download is retried, because botocore does not retry reading a body."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            body = s3.get_object(Bucket=bucket, Key=key)["Body"]
            with path.open("wb") as file:
                shutil.copyfileobj(gzip.GzipFile(fileobj=body) if compression == "Gzip" else body, file, CHUNK_BYTES)
            return
        except (gzip.BadGzipFile, zlib.error, EOFError) as error:
            raise CustomerError(f"Data download failed:s3://{bucket}/{key} is not compressed with gzip") from error
        except ClientError as error:
            raise _failed(f"s3://{bucket}/{key}", error) from error
        except BotoCoreError:
            if attempt == ATTEMPTS:
                raise


def read(s3: Any, bucket: str, key: str) -> bytes:
    """The content of an object of at most MAX_READ_BYTES. Raises CustomerError with AWS's message."""
    try:
        return read_bounded(s3, bucket, key, MAX_READ_BYTES)
    except ClientError as error:
        raise _failed(f"s3://{bucket}/{key}", error) from error


def read_bounded(s3: Any, bucket: str, key: str, most: int) -> bytes:
    """The content of an object of at most `most` bytes. Raises ClientError, and CustomerError for a larger object."""
    response = s3.get_object(Bucket=bucket, Key=key)
    if response["ContentLength"] > most:
        raise CustomerError(f"s3://{bucket}/{key} has {response['ContentLength']:,} bytes, more than {most:,}")
    body: bytes = response["Body"].read()
    return body


def _failed(uri: str, error: ClientError) -> CustomerError:
    cause = error.response.get("Error", {})
    return CustomerError(
        f"Data download failed:Unable to download object {uri} ({cause.get('Code')}: {cause.get('Message')})"
    )
