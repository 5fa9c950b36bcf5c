"""S3 and SSM: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html and
https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
"""

from __future__ import annotations

import json

from benchmarks.fidelity.refusals.refusal import BUCKET, NAME, Refusal

HERE = {"Bucket": BUCKET}
OBJECT = {"Bucket": BUCKET, "Key": "data/day.csv"}
PUBLIC = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
MALFORMED = json.dumps({"Version": "2012-10-17", "Statement": [{**PUBLIC, "Resource": "arn:aws:s3:::other/*"}]})
S3 = (
    Refusal(
        "bucket that does not exist",
        "list_objects_v2",
        {"Bucket": "nothing-at-all"},
        "NoSuchBucket",
        "The specified bucket does not exist",
    ),
    Refusal(
        "object that does not exist",
        "get_object",
        {**HERE, "Key": "nothing"},
        "NoSuchKey",
        "The specified key does not exist.",
    ),
    Refusal(
        "object in a bucket that does not exist",
        "put_object",
        {"Bucket": "nothing-at-all", "Key": "a", "Body": b"1"},
        "NoSuchBucket",
        "The specified bucket does not exist",
    ),
    Refusal(
        "bucket of one's own again",
        "create_bucket",
        {**HERE, "CreateBucketConfiguration": {"LocationConstraint": "us-west-2"}},
        "BucketAlreadyOwnedByYou",
        "Your previous request to create the named bucket succeeded and you already own it.",
    ),
    Refusal(
        "bucket name with capitals",
        "create_bucket",
        {"Bucket": "Homes", "CreateBucketConfiguration": {"LocationConstraint": "us-west-2"}},
        "InvalidBucketName",
        "The specified bucket is not valid.",
    ),
    Refusal(
        "deletion of a bucket with objects",
        "delete_bucket",
        HERE,
        "BucketNotEmpty",
        "The bucket you tried to delete is not empty",
    ),
    Refusal(
        "object that exists, if there is none",
        "put_object",
        {**OBJECT, "Body": b"1", "IfNoneMatch": "*"},
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
    ),
    Refusal(
        "object with another ETag",
        "put_object",
        {**OBJECT, "Body": b"1", "IfMatch": '"0"'},
        "PreconditionFailed",
        "At least one of the pre-conditions you specified did not hold",
    ),
    Refusal(
        "no object with an ETag",
        "put_object",
        {**HERE, "Key": "nothing", "Body": b"1", "IfMatch": '"0"'},
        "NoSuchKey",
        "The specified key does not exist.",
    ),
    Refusal(
        "key of 1,025 bytes",
        "put_object",
        {**HERE, "Key": "k" * 1025, "Body": b"1"},
        "KeyTooLongError",
        "Your key is too long",
    ),
    Refusal(
        "range beyond the end",
        "get_object",
        {**OBJECT, "Range": "bytes=1000-"},
        "InvalidRange",
        "The requested range is not satisfiable",
    ),
    Refusal(
        "other MD5",
        "put_object",
        {**HERE, "Key": "a", "Body": b"1", "ContentMD5": "1B2M2Y8AsgTpgAmY7PhCfg=="},
        "BadDigest",
        "The Content-MD5 you specified did not match what we received",
    ),
    Refusal(
        "MD5 that is none",
        "put_object",
        {**HERE, "Key": "a", "Body": b"1", "ContentMD5": "nothing"},
        "InvalidDigest",
        "The Content-MD5 you specified",
    ),
    Refusal(
        "version that does not exist",
        "get_object",
        {**OBJECT, "VersionId": "a" * 32},
        "NoSuchVersion",
        "The specified version does not exist.",
    ),
    Refusal(
        "policy that does not exist",
        "get_bucket_policy",
        HERE,
        "NoSuchBucketPolicy",
        "The bucket policy does not exist",
    ),
    Refusal(
        "policy about another bucket",
        "put_bucket_policy",
        {**HERE, "Policy": MALFORMED},
        "MalformedPolicy",
        "Policy has invalid resource",
    ),
    Refusal("policy that is no JSON", "put_bucket_policy", {**HERE, "Policy": "{"}, "MalformedPolicy", ""),
    Refusal("upload that does not exist", "list_parts", {**OBJECT, "UploadId": "nothing"}, "NoSuchUpload", ""),
    Refusal(
        "lifecycle that does not exist",
        "get_bucket_lifecycle_configuration",
        HERE,
        "NoSuchLifecycleConfiguration",
        "The lifecycle configuration does not exist",
    ),
    Refusal(
        "copy of an object that does not exist",
        "copy_object",
        {**HERE, "Key": "a", "CopySource": f"{BUCKET}/nothing"},
        "NoSuchKey",
        "The specified key does not exist.",
    ),
)
TEXT = {"Name": "/new", "Type": "String", "Value": "a"}
SSM = (
    Refusal("parameter that does not exist", "get_parameter", {"Name": "/nothing"}, "ParameterNotFound"),
    Refusal(
        "deletion of a parameter that does not exist", "delete_parameter", {"Name": "/nothing"}, "ParameterNotFound"
    ),
    Refusal(
        "parameter that exists",
        "put_parameter",
        {**TEXT, "Name": f"/{NAME}"},
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
    ),
    Refusal(
        "parameter of 4,097 characters",
        "put_parameter",
        {**TEXT, "Value": "x" * 4097},
        "ValidationException",
        "Standard tier parameters support a maximum parameter value of 4096 characters.",
    ),
    Refusal(
        "parameter name of AWS",
        "put_parameter",
        {**TEXT, "Name": "/aws/new"},
        "AccessDeniedException",
        "No access to reserved parameter name: ",
    ),
    Refusal("parameter name with a space", "put_parameter", {**TEXT, "Name": "/a b"}, "ValidationException", ""),
    Refusal(
        "parameter of 16 levels",
        "put_parameter",
        {**TEXT, "Name": "/a" * 16},
        "HierarchyLevelLimitExceededException",
        "",
    ),
    Refusal("parameter without a type", "put_parameter", {"Name": "/new", "Value": "a"}, "ValidationException", ""),
    Refusal(
        "unknown type of parameter",
        "put_parameter",
        {**TEXT, "Type": "Number"},
        "ValidationException",
        "Member must satisfy enum value set",
    ),
    Refusal(
        "overwriting with tags",
        "put_parameter",
        {**TEXT, "Name": f"/{NAME}", "Overwrite": True, "Tags": [{"Key": "a", "Value": "b"}]},
        "ValidationException",
        "tags and overwrite can't be used together",
    ),
    Refusal(
        "11 parameters at once",
        "get_parameters",
        {"Names": [f"/{n}" for n in range(11)]},
        "ValidationException",
        "Member must have length less than or equal to 10",
    ),
    Refusal(
        "page of 11 parameters",
        "get_parameters_by_path",
        {"Path": "/", "MaxResults": 11},
        "ValidationException",
        "Member must have value less than or equal to 10",
    ),
)
