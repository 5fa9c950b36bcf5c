"""Missing objects are reported as 404 to callers with s3:ListBucket, and as 403 to others.

https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
"""

from __future__ import annotations

import pytest

READ = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::things/*"}
LIST = {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::things"}
SOME = {**LIST, "Condition": {"StringLike": {"s3:prefix": "runs/*"}}}
IF_ANY = {**LIST, "Condition": {"StringLikeIfExists": {"s3:prefix": "runs/*"}}}


@pytest.fixture(scope="module", autouse=True)
def bucket(client, cloud):
    configuration = {"LocationConstraint": cloud.region}
    client("s3").create_bucket(Bucket="things", CreateBucketConfiguration=configuration)
    client("s3").put_object(Bucket="things", Key="there", Body=b"1")


@pytest.mark.parametrize(
    ("statements", "missing"),
    [([LIST], "404"), ([IF_ANY], "404"), ([SOME], "403"), ([], "403")],
    ids=["may list", "may list if a prefix fits", "may list a prefix", "may not list"],
)
def test_a_missing_object_is_404_with_the_right_to_list_and_403_without(
    user, refused, statements: list[dict], missing: str
) -> None:
    s3 = user(READ, *statements)("s3")
    assert s3.get_object(Bucket="things", Key="there")["Body"].read() == b"1"
    assert refused(s3.head_object, Bucket="things", Key="gone")[0] == missing
    code = {"404": "NoSuchKey", "403": "AccessDenied"}[missing]
    assert refused(s3.get_object, Bucket="things", Key="gone")[0] == code
