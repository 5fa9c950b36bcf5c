"""An existing bucket that cannot be listed hides only the newest data of a pipeline's status."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from refit.aws.session import Aws
from refit.aws.stack import Stack
from refit.domain.data_bucket import DataBucket
from refit.errors import NotFound
from refit.live import status

STACK = Stack("no-such-bucket-here", "sales/", *["unused"] * 6)


def test_the_newest_data_is_unknown_and_the_reason_is_noted(aws: Aws) -> None:
    lake = replace(STACK, existing_bucket=DataBucket("no-such-lake-here"))

    newest, note = status._newest(aws, lake, date(2026, 11, 22))

    assert newest is None
    assert note.startswith("the newest data is unknown: could not list s3://no-such-lake-here/sales/")


def test_the_stacks_own_bucket_must_be_there(aws: Aws) -> None:
    with pytest.raises(NotFound):
        status._newest(aws, STACK, date(2026, 11, 22))
