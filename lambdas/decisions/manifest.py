"""The SageMaker ManifestFile of a set of objects. Pure.

https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from refit.domain.days import DataObject


def render(bucket: str, prefix: str, objects: Iterable[DataObject]) -> bytes:
    """A JSON array: the common prefix, then each key without it. The same objects give the same bytes."""
    names = sorted(item.key.removeprefix(prefix) for item in objects)
    return json.dumps([{"prefix": f"s3://{bucket}/{prefix}"}, *names], indent=0).encode()
