"""Values about an existing bucket with data that AWS or a run could not use, each with the code of its problem."""

from __future__ import annotations

from typing import Any

from tests.support.rejected_formats import data

KEY = "arn:aws:kms:us-west-2:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


EXISTING_BUCKET: list[tuple[dict[str, Any], str]] = [
    (data(bucket="s3://company-lake"), "bad-name"),
    (data(bucket="Company_Lake"), "bad-name"),
    (data(bucket="company..lake"), "bad-name"),
    (data(bucket="192.168.0.1"), "bad-name"),
    (data(bucket="lake-s3alias"), "bad-name"),
    (data(bucket="company-lake", bucket_owner="12345"), "bad-value"),
    (data(bucket_owner="123456789012"), "needs-another"),
    (data(bucket="company-lake", kms_key_arn="alias/lake"), "bad-arn"),
    (data(bucket="company-lake", kms_key_arn=KEY.replace("key/", "alias/")), "bad-arn"),
    ({**data(bucket="company-lake", kms_key_arn=KEY), "region": "eu-central-1"}, "bad-arn"),
    (data(kms_key_arn=KEY), "needs-another"),
    ({**data(bucket="company-lake"), "bucket": "company-lake"}, "collision"),
]
