"""What a function can import, and which layers of other accounts it may have."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import Any

import pytest

PANDAS = "arn:aws:lambda:us-west-2:336392948345:layer:AWSSDKPandas-Python312:19"
ARM64 = "arn:aws:lambda:us-west-2:336392948345:layer:AWSSDKPandas-Python312-Arm64:19"
FOREIGN = "arn:aws:lambda:us-west-2:111122223333:layer:numbers:1"
ALL_OF_LAMBDA = {"Effect": "Allow", "Action": ["lambda:CreateFunction", "iam:PassRole"], "Resource": "*"}


def imports(*names: str) -> str:
    return f"import {', '.join(names)}\ndef handler(event, context):\n    return 'imported'"


def invoked(client: Any, arn: str) -> Any:
    return json.loads(client("lambda").invoke(FunctionName=arn, Payload="{}")["Payload"].read())


def zipped(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.py", text)
    return content.getvalue()


class TestAFunctionImports:
    def test_the_sdk_with_what_it_needs_and_the_standard_library(self, client, function):
        arn = function(imports("boto3", "botocore.exceptions", "dateutil", "urllib3", "sqlite3", "zoneinfo"))
        assert invoked(client, arn) == "imported"

    @pytest.mark.parametrize("package", ["pyarrow", "numpy", "ministack", "refit", "pydantic", "slack_sdk"])
    def test_nothing_else_of_the_environment(self, client, function, package):
        answer = invoked(client, function(imports(package)))
        assert answer["errorType"] == "Runtime.ImportModuleError"
        assert answer["errorMessage"].endswith(f"No module named '{package}'")

    def test_pyarrow_with_its_public_layer(self, client, function):
        arn = function(imports("pyarrow.csv", "pyarrow.parquet", "numpy"), memory=1024, layers=[PANDAS])
        assert invoked(client, arn) == "imported"
        assert client("lambda").get_function(FunctionName=arn)["Configuration"]["Layers"][0]["Arn"] == PANDAS

    def test_nothing_of_a_layer_for_another_architecture(self, client, function):
        assert invoked(client, function(imports("pyarrow"), layers=[ARM64]))["errorType"] == "Runtime.ImportModuleError"

    def test_a_layer_of_its_own_account(self, client, function):
        layer = client("lambda").publish_layer_version(
            LayerName="own", Content={"ZipFile": zipped(**{"python/own_numbers": "one = 1"})}
        )["LayerVersionArn"]
        assert invoked(client, function(imports("own_numbers"), layers=[layer])) == "imported"


class TestALayerOfAnotherAccount:
    def test_is_refused_unless_it_is_public(self, client, role, refused):
        code, message = refused(client("lambda").create_function, Layers=[FOREIGN], **request(role("lambda")))
        assert (code, "lambda:GetLayerVersion" in message, FOREIGN in message) == ("AccessDeniedException", True, True)

    def test_is_refused_in_another_region(self, client, role, refused):
        elsewhere = PANDAS.replace("us-west-2", "eu-west-1")
        made = refused(client("lambda").create_function, Layers=[elsewhere], **request(role("lambda")))
        assert made[0] == "AccessDeniedException"

    def test_needs_permission_to_get_it(self, user, role, refused):
        able = {"Effect": "Allow", "Action": "lambda:GetLayerVersion", "Resource": PANDAS.replace(":19", ":*")}
        lacking, allowed = user(ALL_OF_LAMBDA)("lambda"), user(ALL_OF_LAMBDA, able)("lambda")
        code, message = refused(lacking.create_function, Layers=[PANDAS], **request(role("lambda")))
        assert (code, "lambda:GetLayerVersion" in message, PANDAS in message) == ("AccessDeniedException", True, True)
        assert allowed.create_function(Layers=[PANDAS], **request(role("lambda")))["Layers"][0]["Arn"] == PANDAS


def request(role: str) -> dict[str, Any]:
    return {
        "FunctionName": f"function-{uuid.uuid4().hex[:8]}",
        "Runtime": "python3.12",
        "Handler": "main.handler",
        "Role": role,
        "Code": {"ZipFile": zipped(main="def handler(event, context): ...")},
    }
