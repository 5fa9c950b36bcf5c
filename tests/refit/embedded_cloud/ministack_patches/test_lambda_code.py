"""The code of a function must be in S3 when the function is created or updated."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from botocore.exceptions import ClientError

from refit.embedded_cloud.ministack_patches.lambda_code import MISSING

BUCKET = "code"


@pytest.fixture(scope="module")
def bucket(client: Any) -> Any:
    """S3 with a bucket that contains lambdas.zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("app.py", "def handler(event, context): return 1")
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.put_object(Bucket=BUCKET, Key="lambdas.zip", Body=content.getvalue())
    return s3


def test_code_that_does_not_exist_is_refused(client: Any, bucket: Any, role: Any) -> None:
    function = {"FunctionName": "f", "Runtime": "python3.12", "Handler": "app.handler", "Role": role("lambda")}
    service = client("lambda")

    def refusal(call: Any, **arguments: Any) -> tuple[str, str]:
        with pytest.raises(ClientError) as caught:
            call(**arguments)
        error = caught.value.response["Error"]
        return error["Code"], error["Message"]

    expected = ("InvalidParameterValueException", MISSING)
    assert refusal(service.create_function, **function, Code={"S3Bucket": BUCKET, "S3Key": "none.zip"}) == expected
    with pytest.raises(ClientError):
        service.get_function(FunctionName="f")
    service.create_function(**function, Code={"S3Bucket": BUCKET, "S3Key": "lambdas.zip"})
    update = service.update_function_code
    assert refusal(update, FunctionName="f", S3Bucket=BUCKET, S3Key="none.zip") == expected
    assert update(FunctionName="f", S3Bucket=BUCKET, S3Key="lambdas.zip")["FunctionName"] == "f"
