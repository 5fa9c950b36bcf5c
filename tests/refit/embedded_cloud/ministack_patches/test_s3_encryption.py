"""An object that is encrypted with a KMS key is read only by those who may use the key, whoever owns both."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from tests.refit.embedded_cloud.conftest import policy

ACCOUNT, OTHER, REGION = "000000000000", "111111111111", "us-west-2"
PLACE = {"LocationConstraint": REGION}


class Lake:
    """A bucket whose default encryption is a key, and an object in it."""

    def __init__(self, client: Callable[..., Any], *credentials: Any) -> None:
        self.s3, self.kms = client("s3", *credentials), client("kms", *credentials)
        self.name = f"lake-{uuid.uuid4().hex[:8]}"
        self.arn, self.key = f"arn:aws:s3:::{self.name}", self.kms.create_key()["KeyMetadata"]["Arn"]
        self.s3.create_bucket(Bucket=self.name, CreateBucketConfiguration=PLACE)
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": self.key}
        self.s3.put_bucket_encryption(
            Bucket=self.name,
            ServerSideEncryptionConfiguration={"Rules": [{"ApplyServerSideEncryptionByDefault": default}]},
        )
        self.s3.put_object(Bucket=self.name, Key="sales/day.csv", Body=b"1,2\n")

    @property
    def objects(self) -> dict[str, Any]:
        return {"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": f"{self.arn}/*"}

    def use(self, action: str = "kms:Decrypt", **condition: Any) -> dict[str, Any]:
        also = {"Condition": {"StringLike": condition}} if condition else {}
        return {"Effect": "Allow", "Action": action, "Resource": self.key, **also}


@pytest.fixture(scope="module")
def lake(client: Callable[..., Any]) -> Lake:
    return Lake(client)


def test_a_read_needs_the_key_and_not_only_the_object(lake: Lake, user: Any, refused: Any) -> None:
    denied = user(lake.objects)("s3")
    code, message = refused(denied.get_object, Bucket=lake.name, Key="sales/day.csv")
    allowed = user(lake.objects, lake.use())("s3")

    assert code == "AccessDenied"
    assert f"not authorized to perform: kms:Decrypt on resource: {lake.key} because no identity-based" in message
    assert allowed.get_object(Bucket=lake.name, Key="sales/day.csv")["Body"].read() == b"1,2\n"


def test_the_metadata_need_the_key_only_with_their_checksum(lake: Lake, user: Any, refused: Any) -> None:
    s3 = user(lake.objects)("s3")

    assert s3.head_object(Bucket=lake.name, Key="sales/day.csv")["SSEKMSKeyId"] == lake.key
    assert refused(s3.head_object, Bucket=lake.name, Key="sales/day.csv", ChecksumMode="ENABLED")[0] == "403"


@pytest.mark.parametrize(
    ("condition", "allowed"),
    [
        ({"kms:ViaService": f"s3.{REGION}.amazonaws.com*"}, True),
        ({"kms:ViaService": f"ssm.{REGION}.amazonaws.com*"}, False),
        ({"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::*/sales/*"}, True),
        ({"kms:EncryptionContext:aws:s3:arn": "arn:aws:s3:::*/other/*"}, False),
    ],
)
def test_the_permission_can_be_limited_to_s3_and_to_a_prefix(
    lake: Lake, user: Any, refused: Any, condition: dict[str, str], allowed: bool
) -> None:
    s3 = user(lake.objects, lake.use(**condition))("s3")

    if allowed:
        assert s3.get_object(Bucket=lake.name, Key="sales/day.csv")["Body"].read() == b"1,2\n"
    else:
        assert refused(s3.get_object, Bucket=lake.name, Key="sales/day.csv")[0] == "AccessDenied"


def test_a_write_needs_to_make_a_data_key_and_a_copy_to_decrypt_too(lake: Lake, user: Any, refused: Any) -> None:
    source = {"Bucket": lake.name, "Key": "sales/day.csv"}
    reader = user(lake.objects, lake.use())("s3")
    writer = user(lake.objects, lake.use("kms:GenerateDataKey"))("s3")
    both = user(lake.objects, lake.use("kms:GenerateDataKey"), lake.use())("s3")

    assert "kms:GenerateDataKey" in refused(reader.put_object, Bucket=lake.name, Key="new", Body=b"3")[1]
    assert refused(lake.s3.head_object, Bucket=lake.name, Key="new")[0] == "404"
    writer.put_object(Bucket=lake.name, Key="new", Body=b"3")
    assert "kms:Decrypt" in refused(writer.copy_object, Bucket=lake.name, Key="copy", CopySource=source)[1]
    both.copy_object(Bucket=lake.name, Key="copy", CopySource=source)


class TestAcrossAccounts:
    """The reader's account is 000000000000, the owner's 111111111111: both must allow."""

    @pytest.fixture
    def lake(self, client: Callable[..., Any]) -> Lake:
        return Lake(client, (OTHER, "test"))

    def grant(self, lake: Lake, *, key: bool = True) -> None:
        reader = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
        read = {"Effect": "Allow", "Principal": reader, "Action": "s3:GetObject", "Resource": f"{lake.arn}/sales/*"}
        lake.s3.put_bucket_policy(Bucket=lake.name, Policy=policy(read))
        if key:
            own = json.loads(lake.kms.get_key_policy(KeyId=lake.key, PolicyName="default")["Policy"])
            decrypt = {"Effect": "Allow", "Principal": reader, "Action": "kms:Decrypt", "Resource": "*"}
            both = policy(*own["Statement"], decrypt)
            lake.kms.put_key_policy(KeyId=lake.key, PolicyName="default", Policy=both)

    def test_both_the_owner_and_the_role_must_allow_the_object_and_the_key(
        self, lake: Lake, user: Any, refused: Any
    ) -> None:
        s3 = user(lake.objects, lake.use())("s3")
        assert refused(s3.get_object, Bucket=lake.name, Key="sales/day.csv")[0] == "AccessDenied"
        self.grant(lake, key=False)
        assert refused(s3.get_object, Bucket=lake.name, Key="sales/day.csv")[0] == "AccessDenied"
        self.grant(lake)
        assert s3.get_object(Bucket=lake.name, Key="sales/day.csv")["Body"].read() == b"1,2\n"
        without_key = user(lake.objects)("s3")
        assert "kms:Decrypt" in refused(without_key.get_object, Bucket=lake.name, Key="sales/day.csv")[1]

    def test_another_owner_than_the_expected_one_is_denied(self, lake: Lake, client: Any, refused: Any) -> None:
        self.grant(lake)
        s3 = client("s3")
        assert refused(s3.list_objects_v2, Bucket=lake.name, ExpectedBucketOwner=ACCOUNT) == (
            "AccessDenied",
            "Access Denied",
        )
        assert refused(s3.head_bucket, Bucket=lake.name, ExpectedBucketOwner=ACCOUNT)[0] == "403"
        listed = lake.s3.list_objects_v2(Bucket=lake.name, ExpectedBucketOwner=OTHER)
        assert [entry["Key"] for entry in listed["Contents"]] == ["sales/day.csv"]

    def test_a_policy_can_name_the_account_that_owns_the_bucket(self, lake: Lake, user: Any, refused: Any) -> None:
        self.grant(lake)
        read = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{lake.arn}/*"}
        owned, other = (
            user({**read, "Condition": {"StringEquals": {"s3:ResourceAccount": account}}}, lake.use())("s3")
            for account in (OTHER, ACCOUNT)
        )
        assert owned.get_object(Bucket=lake.name, Key="sales/day.csv")["Body"].read() == b"1,2\n"
        assert refused(other.get_object, Bucket=lake.name, Key="sales/day.csv")[0] == "AccessDenied"
